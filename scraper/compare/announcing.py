"""What is announced when one state of a source follows another."""

from collections import defaultdict
from collections.abc import Iterator

from scraper.compare.differences import differences
from scraper.compare.memory import first_mentions, mentions, public, root
from scraper.compare.plain_text import plain
from scraper.compare.state import PageMemory, SourceState
from scraper.records import Change, ChangeKind, Layout, Project


def announced(
    before: SourceState, after: SourceState, page: PageMemory, page_after: PageMemory
) -> tuple[Change, ...]:
    """Return the changes that a visit to a page brings, in the order of the page, the removed last."""
    old, new = public(before), public(after)
    was, now = _by_root(before, page), _by_root(after, page_after)
    shapes_before, shapes_after = _shapes(before, page), _shapes(after, page_after)
    headings = _renamed_headings(was, now)
    changes: list[Change] = []
    for number in dict.fromkeys((*now, *sorted(new))):
        if number not in new:
            continue
        if number not in old:
            known = number <= len(before.tracks)
            changes.append(Change(ChangeKind.REAPPEARED if known else ChangeKind.ADDED, number, new[number]))
            continue
        same_layout = shapes_before[number] == shapes_after[number] != set()
        changes.extend(
            change
            for change in differences(number, old[number], new[number], same_layout)
            if change.field != "section" or (change.before, change.after) not in headings
        )
        changes.extend(_moved_page(before, after, number))
    changes.extend(Change(ChangeKind.REMOVED, number, old[number]) for number in old if number not in new)
    return tuple(changes)


def _moved_page(before: SourceState, after: SourceState, number: int) -> Iterator[Change]:
    """Yield the move of a project that another page of the source states now, under the same heading."""
    old, new = before.tracks[number - 1], after.tracks[number - 1]
    if (
        old.url == new.url
        or old.url is None
        or plain(old.project.section or "") != plain(new.project.section or "")
    ):
        return
    if not any(page.url == old.url and number in _by_root(after, page) for page in after.pages):
        yield Change(ChangeKind.MOVED, number, new.project, "page", old.url, new.url, told=False)


def _renamed_headings(was: dict[int, Project], now: dict[int, Project]) -> set[tuple[str | None, str | None]]:
    """Return the headings (before, after) that only changed their words, so that nothing moved.

    All projects under one heading stand under one other that is new, and either several do, or most of the
    page is drawn in another shape.
    """
    both = [number for number in was if number in now]
    redrawn = sum(was[number].layout is not now[number].layout for number in both)
    redesigned = redrawn > 1 and redrawn >= 0.5 * len(both)
    former = {project.section for project in was.values()}
    later: dict[str | None, list[str | None]] = defaultdict(list)
    for number in both:
        later[was[number].section].append(now[number].section)
    return {
        (section, seconds[0])
        for section, seconds in later.items()
        if len(set(seconds)) == 1 and seconds[0] not in former and (redesigned or len(seconds) > 1)
    }


def _by_root(state: SourceState, page: PageMemory) -> dict[int, Project]:
    stated: dict[int, Project] = {}
    for number, project in first_mentions(page).items():
        stated.setdefault(root(state, number), project)
    return stated


def _shapes(state: SourceState, page: PageMemory) -> defaultdict[int, set[Layout]]:
    shapes: defaultdict[int, set[Layout]] = defaultdict(set)
    for number, project in mentions(page):
        shapes[root(state, number)].add(project.layout)
    return shapes
