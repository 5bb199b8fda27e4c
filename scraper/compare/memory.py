"""Looking things up in a source's state and putting them back."""

from collections.abc import Iterator
from dataclasses import replace

from scraper.compare.state import PageMemory, SourceState
from scraper.records import Project


def page_of(state: SourceState, url: str) -> PageMemory:
    """Return what is remembered of a page by any of its addresses; a blank memory for a new one."""
    known = (page for page in state.pages if url == page.url or url in page.addresses)
    return next(known, PageMemory(url))


def remember(state: SourceState, page: PageMemory) -> SourceState:
    """Return the state with this memory of a page in the place of the former one."""
    if any(each.url == page.url for each in state.pages):
        pages = tuple(page if each.url == page.url else each for each in state.pages)
    else:
        pages = (*state.pages, page)
    return replace(state, pages=pages)


def mentions(page: PageMemory) -> Iterator[tuple[int, Project]]:
    """Yield the tracks that a page states, each with what it says, in its order; a track may come twice."""
    if page.snapshot is not None:
        for number, project in zip(page.numbers, page.snapshot.projects, strict=True):
            if number is not None:
                yield number, project
    for kept in page.kept:
        yield kept.track, kept.project


def first_mentions(page: PageMemory) -> dict[int, Project]:
    """Return what a page says of each track it states, in its order; of a track stated twice the first."""
    stated: dict[int, Project] = {}
    for number, project in mentions(page):
        stated.setdefault(number, project)
    return stated


def root(state: SourceState, number: int) -> int:
    """Return the public number of a track: that of the track it was merged into, if any."""
    into = state.tracks[number - 1].into
    return number if into is None else root(state, into)


def split_off(state: SourceState, page: PageMemory) -> frozenset[int]:
    """Return the public numbers of what stands on other pages that share nothing with this one.

    A project that is gone from a page and stands on such a page has moved there with its section; the sheet
    of one project alone says nothing of that.
    """
    here = _stated(state, page)
    others = [_stated(state, other) for other in state.pages if other.url != page.url]
    return frozenset().union(*(there for there in others if len(there) > 1 and here.isdisjoint(there)))


def _stated(state: SourceState, page: PageMemory) -> frozenset[int]:
    return frozenset(root(state, number) for number, _ in mentions(page))


def public(state: SourceState) -> dict[int, Project]:
    """Return the public record of every present project by its track number."""
    return {track.number: track.project for track in state.tracks if track.present and track.into is None}
