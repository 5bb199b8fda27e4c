"""Which tracks are present, what is publicly known of them, and which removals still wait for other pages."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from scraper.compare.memory import mentions, root
from scraper.compare.merging import merged
from scraper.compare.state import SourceState, Track
from scraper.records import Project


def with_presence(state: SourceState, url: str | None, at: datetime, patience: float) -> SourceState:
    """Return the state with public records and presence of all tracks brought up to date.

    `url` is the page that was just read; None settles everything silently, without waiting for other pages.
    """
    if url is not None:
        state = replace(state, round=(url,) if url in state.round else (*state.round, url))
    stated: dict[int, list[tuple[str, Project]]] = defaultdict(list)
    for page in state.pages:
        for number, project in mentions(page):
            stated[root(state, number)].append((page.url, project))
    unread = _unread(state, at, patience)
    tracks = tuple(
        _placed(track, stated.get(track.number, ()), url, _awaitable(track, unread, at, patience), at)
        for track in state.tracks
    )
    return replace(state, tracks=tracks)


def _unread(state: SourceState, at: datetime, patience: float) -> frozenset[str]:
    """Return the pages that this round has not read yet, but those long out of order."""
    return frozenset(
        page.url
        for page in state.pages
        if page.url not in state.round
        and page.read_at is not None
        and (page.trouble is None or page.trouble.since > at - timedelta(days=patience))
    )


def _awaitable(track: Track, unread: frozenset[str], at: datetime, patience: float) -> frozenset[str]:
    """Return the pages that a missing track may wait for: none once it has been missing for long."""
    missed = track.missing_since is not None and track.missing_since <= at - timedelta(days=patience)
    return frozenset() if missed else unread


def _placed(
    track: Track, said: Sequence[tuple[str, Project]], url: str | None, unread: frozenset[str], at: datetime
) -> Track:
    if track.into is not None:
        return replace(track, present=False, missing_since=None, awaiting=())
    if said:
        return replace(
            track,
            project=merged([project for _, project in said]),
            present=True,
            url=said[0][0],
            last_seen=at if any(page == url for page, _ in said) else track.last_seen,
            missing_since=None,
            awaiting=(),
        )
    return _missing(track, url, unread, at) if track.present else track


def _missing(track: Track, url: str | None, unread: frozenset[str], at: datetime) -> Track:
    """Return a track that no page states any more: gone once the other pages of the round were read."""
    if url is None and track.awaiting:
        return track
    awaited = unread if track.missing_since is None else unread.intersection(track.awaiting)
    if url is None or not awaited:
        return replace(track, present=False, missing_since=None, awaiting=())
    return replace(track, missing_since=track.missing_since or at, awaiting=tuple(sorted(awaited)))
