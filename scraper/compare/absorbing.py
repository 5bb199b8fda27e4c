"""Taking a snapshot into the state: pairs, new tracks, who is present, and the changes that follow."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scraper.compare.announcing import announced
from scraper.compare.belief import Comparison
from scraper.compare.matching.pairing import Candidate, Matching, Pair, matching
from scraper.compare.matching.traits import evidence
from scraper.compare.memory import first_mentions, remember, root, split_off
from scraper.compare.plain_text import plain
from scraper.compare.presence import with_presence
from scraper.compare.sameness import echoes, repeats
from scraper.compare.state import Match, Mention, PageMemory, Question, SourceState, Track
from scraper.records import Change, Layout, Project, Snapshot


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
    found = _found(state, page, snapshot)
    after, page_after = _with_numbers(state, page, snapshot, found, at)
    page_after = replace(page_after, read_at=at, hold=None, trouble=None)
    after = with_presence(remember(after, page_after), page_after.url, at, patience)
    baseline = page.snapshot is None
    return Absorbed(
        after,
        () if baseline else announced(state, after, page, page_after),
        tuple(_match(state, pair, snapshot) for pair in found.sure),
        page_after.questions,
        None if page.snapshot is None else _comparison(after, page, page_after, found),
    )


def absorb_silently(state: SourceState, page: PageMemory, snapshot: Snapshot) -> SourceState:
    """Return the state in which `snapshot` replaces the accepted one of `page`, new doubts taken for sure."""
    at = page.read_at
    assert at is not None  # its page was accepted
    found = _found(state, page, snapshot)
    asked = {question.part for question in page.questions}  # what staff are still asked stays in doubt
    sure = (*found.sure, *(pair for pair in found.doubtful if pair.number not in asked))
    doubtful = tuple(pair for pair in found.doubtful if pair.number in asked)
    found = Matching(tuple(sorted(sure, key=lambda pair: pair.record)), doubtful)
    after, page_after = _with_numbers(state, page, snapshot, found, at)
    return with_presence(remember(after, page_after), None, at, 0.0)


def awaited(state: SourceState, page: PageMemory, at: datetime, patience: float) -> Absorbed:
    """Return the state after a healthy visit that brought nothing new, and the removals that awaited it."""
    page_after = replace(page, read_at=at, hold=None, trouble=None)
    after = with_presence(remember(state, page_after), page_after.url, at, patience)
    return Absorbed(after, announced(state, after, page, page_after))


def _found(state: SourceState, page: PageMemory, snapshot: Snapshot) -> Matching:
    own = _own_address(page, snapshot)
    return matching(_candidates(state, page), snapshot.projects, _rulings(state), own)


def _candidates(state: SourceState, page: PageMemory) -> list[Candidate]:
    slots = {number: (slot, said) for slot, (number, said) in enumerate(first_mentions(page).items())}
    return [_candidate(track, *slots.get(track.number, (None, track.project))) for track in state.tracks]


def _candidate(track: Track, slot: int | None, project: Project) -> Candidate:
    known = evidence(project, track.titles, track.links, track.cups)
    return Candidate(track.number, known, slot, track.present or slot is not None)


def _rulings(state: SourceState) -> dict[tuple[int, str], bool]:
    return {(ruling.track, plain(ruling.title)): ruling.same for ruling in state.rulings}


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
    numbers = _numbers(snapshot.projects, found, len(tracks))
    for number, project in zip(numbers, snapshot.projects, strict=True):
        if number == len(tracks) + 1:
            tracks.append(Track(number, project, at, at, present=False))
        if number is not None:
            tracks[number - 1] = _seen(tracks[number - 1], project, at, _own_address(page, snapshot))
    stated = first_mentions(page)
    withheld = [pair.number for pair in found.doubtful if pair.number in stated]
    after = replace(
        page,
        snapshot=snapshot,
        numbers=numbers,
        kept=tuple(Mention(number, stated[number]) for number in withheld),
        questions=tuple(_question(state, page, snapshot, pair) for pair in found.doubtful),
    )
    return replace(state, tracks=tuple(tracks)), after


def _numbers(projects: Sequence[Project], found: Matching, taken: int) -> tuple[int | None, ...]:
    """Return the track of each record: its pair's, that of the record it repeats, or the next free one."""
    given: dict[int, int | None] = {pair.record: None for pair in found.doubtful}
    given.update({pair.record: pair.number for pair in found.sure})
    named: dict[str, list[int]] = defaultdict(list)
    for record in given:
        named[plain(projects[record].title or "")].append(record)
    for record, project in enumerate(projects):
        if record in given:
            continue
        twins = named[plain(project.title or "")]
        twin = next((each for each in twins if repeats(projects[each], project)), None)
        if twin is None:
            twin = next((each for each in given if echoes(projects[each], project)), None)
        taken += twin is None
        given[record] = taken if twin is None else given[twin]
        twins.append(record)
    return tuple(given[record] for record in range(len(projects)))


def _own_address(page: PageMemory, snapshot: Snapshot) -> str | None:
    """Return the page's address where it is the detail sheet of one project, and so that project's link."""
    sheet = len(snapshot.projects) == 1 and snapshot.projects[0].layout is Layout.SHEET
    return page.url if sheet else None


def _seen(track: Track, project: Project, at: datetime, own: str | None) -> Track:
    return replace(
        track,
        last_seen=at,
        titles=_with(track.titles, project.title),
        links=_with(_with(track.links, own), project.link),
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
        part=pair.number,
        project=snapshot.projects[pair.record],
        known=state.tracks[pair.number - 1].project,
        confidence=pair.confidence,
        grounds=pair.grounds,
    )


def _comparison(state: SourceState, page: PageMemory, page_after: PageMemory, found: Matching) -> Comparison:
    before, after = page.snapshot, page_after.snapshot
    assert before is not None  # a baseline is compared with nothing
    assert after is not None
    was = first_mentions(page)
    now = first_mentions(page_after)
    known = {pair.number for pair in found.sure}
    elsewhere = split_off(state, page_after)
    lost = tuple(
        project
        for number, project in was.items()
        if number not in now and root(state, number) not in elsewhere
    )
    return Comparison(
        before=before,
        after=after,
        pairs=[(was[number], now[number]) for number in now if number in was and number in known],
        lost=lost,
        torn=lost == tuple(was.values())[len(was) - len(lost) :],
        gained=tuple(each for number, each in now.items() if number not in was and number not in known),
        doubtful=[
            (was[each.number], after.projects[each.record]) for each in found.doubtful if each.number in was
        ],
    )
