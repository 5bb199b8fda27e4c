"""Taking a snapshot into the state: pairs, new tracks, who is present, and the changes that follow."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scraper.compare.belief import Comparison
from scraper.compare.differences import differences
from scraper.compare.evidence import evidence
from scraper.compare.matching import Candidate, Matching, Pair, matching
from scraper.compare.memory import first_mentions, mentions, remember, root
from scraper.compare.merging import merged
from scraper.compare.sameness import repeats
from scraper.compare.state import Match, Mention, PageMemory, Question, SourceState, Track
from scraper.compare.typography import plain
from scraper.records import Change, ChangeKind, Project, Snapshot


@dataclass(frozen=True, slots=True)
class Absorbed:
    """The state with the snapshot in it and what that brought; `comparison` is None for a baseline."""

    state: SourceState
    changes: tuple[Change, ...] = ()
    matches: tuple[Match, ...] = ()
    questions: tuple[Question, ...] = ()
    comparison: Comparison | None = None


def absorb(
    state: SourceState, page: PageMemory, snapshot: Snapshot, at: datetime, patience: float
) -> Absorbed:
    """Return the state in which `snapshot` is the accepted one of `page`, and the changes that it brings."""
    found = matching(_candidates(state, page), snapshot.projects, _rulings(state))
    after, page_after = _with_numbers(state, page, snapshot, found, at)
    page_after = replace(page_after, read_at=at, hold=None, trouble=None)
    after = with_presence(remember(after, page_after), page_after.url, at, patience)
    baseline = page.snapshot is None
    return Absorbed(
        after,
        () if baseline else _changes(state, after, page, page_after),
        tuple(_match(state, pair, snapshot) for pair in found.sure),
        page_after.questions,
        None if page.snapshot is None else _comparison(page, page.snapshot, page_after, snapshot, found),
    )


def absorb_silently(state: SourceState, page: PageMemory, snapshot: Snapshot) -> SourceState:
    """Return the state in which `snapshot` replaces the accepted one of `page`, doubts taken for sure."""
    at = page.read_at
    assert at is not None  # its page was accepted
    found = matching(_candidates(state, page), snapshot.projects, _rulings(state))
    found = Matching(tuple(sorted((*found.sure, *found.doubtful), key=lambda pair: pair.record)))
    after, page_after = _with_numbers(state, page, snapshot, found, at)
    return with_presence(remember(after, page_after), None, at, 0.0)


def awaited(state: SourceState, page: PageMemory, at: datetime, patience: float) -> Absorbed:
    """Return the state after a healthy visit that brought nothing new, and the removals that awaited it."""
    page_after = replace(page, read_at=at, hold=None, trouble=None)
    after = with_presence(remember(state, page_after), page_after.url, at, patience)
    return Absorbed(after, _changes(state, after, page, page_after))


def _candidates(state: SourceState, page: PageMemory) -> list[Candidate]:
    slots = {number: (slot, said) for slot, (number, said) in enumerate(first_mentions(page).items())}
    return [_candidate(track, *slots.get(track.number, (None, track.project))) for track in state.tracks]


def _candidate(track: Track, slot: int | None, project: Project) -> Candidate:
    known = evidence(project, track.titles, track.links, track.cups)
    return Candidate(track.number, known, slot, track.present or slot is not None)


def _rulings(state: SourceState) -> dict[tuple[int, str], bool]:
    """Return staff's decisions by track and plain title; one on a merged track holds for all its parts."""
    return {
        (track.number, plain(ruling.title)): ruling.same
        for ruling in state.rulings
        for track in state.tracks
        if root(state, track.number) == root(state, ruling.track)
    }


def _match(state: SourceState, pair: Pair, snapshot: Snapshot) -> Match:
    return Match(
        track=root(state, pair.number),
        record=pair.record,
        confidence=pair.confidence,
        grounds=pair.grounds,
        title=snapshot.projects[pair.record].title,
        previous_title=state.tracks[pair.number - 1].project.title,
    )


def _with_numbers(
    state: SourceState, page: PageMemory, snapshot: Snapshot, found: Matching, at: datetime
) -> tuple[SourceState, PageMemory]:
    """Give each record its track, a new one where it has none and no question withholds it."""
    tracks = list(state.tracks)
    given: dict[int, int | None] = {pair.record: None for pair in found.doubtful}
    given.update({pair.record: pair.number for pair in found.sure})
    named: dict[str, list[int]] = defaultdict(list)
    for record in given:
        named[plain(snapshot.projects[record].title or "")].append(record)
    for record, project in enumerate(snapshot.projects):
        twins = named[plain(project.title or "")]
        if record not in given:
            twin = next((each for each in twins if repeats(snapshot.projects[each], project)), None)
            given[record] = len(tracks) + 1 if twin is None else given[twin]
            twins.append(record)
        number = given[record]
        if number == len(tracks) + 1:
            tracks.append(Track(number, project, at, at, present=False))
        if number is not None:
            tracks[number - 1] = _seen(tracks[number - 1], project, at)
    stated = first_mentions(page)
    withheld = [pair.number for pair in found.doubtful if pair.number in stated]
    after = replace(
        page,
        snapshot=snapshot,
        numbers=tuple(given[record] for record in range(len(snapshot.projects))),
        kept=tuple(Mention(number, stated[number]) for number in withheld),
        questions=tuple(_question(state, page, snapshot, pair) for pair in found.doubtful),
    )
    return replace(state, tracks=tuple(tracks)), after


def _seen(track: Track, project: Project, at: datetime) -> Track:
    return replace(
        track,
        last_seen=at,
        titles=_with(track.titles, project.title),
        links=_with(track.links, project.link),
        cups=_with(track.cups, project.cup),
    )


def _with(past: tuple[str, ...], text: str | None) -> tuple[str, ...]:
    if not text:
        return past
    return (*(each for each in past if each != text), text)


def _question(state: SourceState, page: PageMemory, snapshot: Snapshot, pair: Pair) -> Question:
    return Question(
        url=page.url,
        track=root(state, pair.number),
        project=snapshot.projects[pair.record],
        known=state.tracks[pair.number - 1].project,
        confidence=pair.confidence,
        grounds=pair.grounds,
    )


def with_presence(state: SourceState, url: str | None, at: datetime, patience: float) -> SourceState:
    """Return the state with public records and presence of all tracks brought up to date.

    `url` is the page that was just read; None settles everything silently, without waiting for other pages.
    """
    stated: dict[int, list[Project]] = {}
    here: set[int] = set()
    for page in state.pages:
        for number, project in mentions(page):
            stated.setdefault(root(state, number), []).append(project)
            if page.url == url:
                here.add(root(state, number))
    if url is not None:
        state = replace(state, round=(url,) if url in state.round else (*state.round, url))
    unread = _unread(state, at, patience) if url is not None else ()
    return replace(
        state,
        tracks=tuple(
            track
            if url is None and track.awaiting and track.number not in stated
            else _placed(track, stated.get(track.number), unread, at if track.number in here else None, at)
            for track in state.tracks
        ),
    )


def _unread(state: SourceState, at: datetime, patience: float) -> tuple[str, ...]:
    """Return the pages that this round has not read yet and that are still being read at all."""
    oldest = at - timedelta(days=patience)
    return tuple(
        page.url
        for page in state.pages
        if page.url not in state.round and page.read_at is not None and page.read_at > oldest
    )


def _placed(
    track: Track, stated: list[Project] | None, unread: Iterable[str], seen: datetime | None, at: datetime
) -> Track:
    if stated and track.into is None:
        project = merged(stated)
        return replace(
            track,
            project=project,
            present=True,
            last_seen=seen or track.last_seen,
            missing_since=None,
            awaiting=(),
        )
    if not track.present or track.into is not None:
        return replace(track, present=False, awaiting=(), missing_since=None)
    pending = tuple(unread) if track.missing_since is None else _still(track.awaiting, unread)
    if not pending:
        return replace(track, present=False, missing_since=None, awaiting=())
    return replace(track, missing_since=track.missing_since or at, awaiting=pending)


def _still(awaiting: Iterable[str], unread: Iterable[str]) -> tuple[str, ...]:
    return tuple(url for url in awaiting if url in set(unread))


def _public(state: SourceState) -> dict[int, Project]:
    return {track.number: track.project for track in state.tracks if track.present and track.into is None}


def _changes(
    before: SourceState, after: SourceState, page: PageMemory, page_after: PageMemory
) -> tuple[Change, ...]:
    old, new = _public(before), _public(after)
    was, now = _by_root(before, page), _by_root(after, page_after)
    known = {track.number for track in before.tracks}
    changes: list[Change] = []
    for number in dict.fromkeys((*now, *sorted(new))):
        if number not in new:
            continue
        if number not in old:
            kind = ChangeKind.REAPPEARED if number in known else ChangeKind.ADDED
            changes.append(Change(kind, number, new[number]))
        elif old[number] is not new[number]:
            same = number in was and number in now and was[number].layout is now[number].layout
            changes.extend(differences(number, old[number], new[number], same))
    changes.extend(Change(ChangeKind.REMOVED, number, old[number]) for number in old if number not in new)
    return tuple(changes)


def _by_root(state: SourceState, page: PageMemory) -> dict[int, Project]:
    stated: dict[int, Project] = {}
    for number, project in mentions(page):
        stated.setdefault(root(state, number), project)
    return stated


def _comparison(
    page: PageMemory, before: Snapshot, page_after: PageMemory, after: Snapshot, found: Matching
) -> Comparison:
    was = first_mentions(page)
    now = first_mentions(page_after)
    known = {pair.number for pair in found.sure}
    lost = tuple(project for number, project in was.items() if number not in now)
    return Comparison(
        before=before,
        after=after,
        pairs=[(was[number], now[number]) for number in now if number in was and number in known],
        lost=lost,
        torn=lost == tuple(was.values())[len(was) - len(lost) :],
        gained=tuple(each for number, each in now.items() if number not in was and number not in known),
        doubtful=len(found.doubtful),
    )
