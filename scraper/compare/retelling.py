"""Old captures put into their place in a history: a fold in which what was believed later stands as it was.

Visits of our own that were believed are taken as they stand, silently; captures out of archives are compared
as on a visit. Tracks get numbers of this fold; `Retelling.numbers` names the source's own ones.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scraper.compare.absorbing import absorb_silently
from scraper.compare.announcing import announced
from scraper.compare.fold import step
from scraper.compare.matching.pairing import Candidate, matching
from scraper.compare.matching.traits import evidence
from scraper.compare.memory import page_of, public, remember, root
from scraper.compare.plain_text import plain
from scraper.compare.presence import with_presence
from scraper.compare.state import EMPTY_STATE, Match, PageMemory, SourceState, Track
from scraper.records import Capture, Change, Decision, Project, Snapshot, Verdict


@dataclass(frozen=True, slots=True)
class Chapter:
    """One capture in the order of dates; `number` is the store's. `own` says that it was believed long ago.

    `births` are the tracks, in the source's own numbers, whose lives began with an own capture.
    """

    number: int
    capture: Capture
    snapshot: Snapshot | None
    own: bool
    births: Mapping[int, Project]


@dataclass(frozen=True, slots=True)
class Retold:
    """What one capture comes to among the others; an own one has no verdict here, for it has one already.

    `versions` are the tracks whose public record is another one from here on (None: gone). `before` and
    `after` name the tracks of the page's records, `standing` the accepted capture before.
    """

    number: int
    capture: Capture
    own: bool
    verdict: Verdict | None
    changes: tuple[Change, ...] = ()
    matches: tuple[Match, ...] = ()
    versions: tuple[tuple[int, Project | None], ...] = ()
    standing: int | None = None
    before: tuple[int | None, ...] = ()
    after: tuple[int | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Retelling:
    """A history told anew: the state at its end, what each capture comes to, and whose lives were met again.

    `numbers` gives the source's own number of a track of this fold.
    """

    state: SourceState
    retold: tuple[Retold, ...]
    numbers: Mapping[int, int]


def retell(chapters: Iterable[Chapter], begin: SourceState = EMPTY_STATE) -> Retelling:
    """Fold captures in the order of dates from a state on."""
    state, retold = begin, []
    numbers: dict[int, int] = {}
    standing: dict[str, int] = {}
    for chapter in chapters:
        page = page_of(state, chapter.capture.url)
        if chapter.own:
            after, told = _as_believed(state, page, chapter)
            numbers.update(_met_again(after, page.url, chapter.births, numbers))
        else:
            after, told = _compared(state, page, chapter)
        retold.append(replace(told, standing=standing.get(page.url)))
        if chapter.own or (told.verdict and told.verdict.decision is Decision.ACCEPTED):
            standing[page.url] = chapter.number
        state = after
    return Retelling(state, tuple(retold), numbers)


def with_past(
    known: SourceState, past: SourceState, numbers: Mapping[int, int], unvisited: Iterable[str]
) -> SourceState:
    """Return what is known of a source with the lives that its past adds, under the source's own numbers.

    Of the pages `unvisited`, which archives alone show, it remembers what the past last believed.
    """
    tracks = {track.number: track for track in known.tracks}
    for track in past.tracks:
        number = numbers[track.number]
        if number in tracks:
            tracks[number] = _with_earlier(tracks[number], track)
        else:
            tracks[number] = replace(
                track, number=number, present=False, into=None, missing_since=None, awaiting=()
            )
    state = replace(known, tracks=tuple(tracks[number] for number in sorted(tracks)))
    for url in unvisited:
        page = page_of(past, url)
        read_at = page.read_at
        if page.snapshot is not None and read_at is not None:
            own = tuple(replace(each, track=numbers[each.track]) for each in page.kept)
            page = replace(page, numbers=_numbered(page.numbers, numbers), kept=own)
            page = replace(page, questions=(), hold=None, trouble=None)
            state = with_presence(remember(state, page), None, read_at, 0.0)
    return state


def own_numbers(retelling: Retelling, known: SourceState) -> dict[int, int]:
    """Return the source's own number of every track of a retelling; new lives get the next ones.

    A track that no capture in between showed is paired with a known one as a project that reappears is.
    """
    numbers = dict(retelling.numbers)
    numbers |= _known_later(retelling.state, known, numbers)
    numbers = {track: root(known, number) for track, number in numbers.items()}  # as staff merged them
    free = len(known.tracks)
    for track in retelling.state.tracks:
        if track.number not in numbers:
            free += 1
            numbers[track.number] = free
    return numbers


def renumbered(told: Retold, numbers: Mapping[int, int]) -> Retold:
    """Return the same with the source's own numbers of tracks."""
    return replace(
        told,
        changes=tuple(replace(change, track=numbers[change.track]) for change in told.changes),
        matches=tuple(replace(match, track=numbers[match.track]) for match in told.matches),
        versions=tuple((numbers[number], project) for number, project in told.versions),
        before=_numbered(told.before, numbers),
        after=_numbered(told.after, numbers),
    )


def _known_later(state: SourceState, known: SourceState, numbers: Mapping[int, int]) -> dict[int, int]:
    taken = set(numbers.values())
    candidates = [
        Candidate(track.number, evidence(track.project, track.titles, track.links, track.cups), None, False)
        for track in known.tracks
        if track.number not in taken
    ]
    left = [track for track in state.tracks if track.number not in numbers]
    found = matching(candidates, [track.project for track in left], {}, None)
    return {left[pair.record].number: pair.number for pair in found.sure}


def _numbered(tracks: Iterable[int | None], numbers: Mapping[int, int]) -> tuple[int | None, ...]:
    return tuple(None if track is None else numbers[track] for track in tracks)


def _compared(state: SourceState, page: PageMemory, chapter: Chapter) -> tuple[SourceState, Retold]:
    after, outcome = step(state, chapter.capture, chapter.snapshot)
    told = Retold(
        chapter.number,
        chapter.capture,
        own=False,
        verdict=outcome.verdict,
        changes=tuple(replace(change, told=False) for change in outcome.changes),
        matches=outcome.matches,
        versions=_versions(state, after),
        before=page.numbers,
        after=page_of(after, page.url).numbers,
    )
    return after, told


def _as_believed(state: SourceState, page: PageMemory, chapter: Chapter) -> tuple[SourceState, Retold]:
    told = Retold(chapter.number, chapter.capture, own=True, verdict=None)
    if chapter.snapshot is None or chapter.snapshot == page.snapshot:
        return state, told
    after = absorb_silently(state, replace(page, read_at=chapter.capture.at), chapter.snapshot)
    page_after = page_of(after, page.url)
    changes = () if page.snapshot is None else announced(state, after, page, page_after)
    return after, replace(
        told,
        changes=tuple(replace(change, told=False) for change in changes),
        versions=_versions(state, after),
        before=page.numbers,
        after=page_after.numbers,
    )


def _versions(before: SourceState, after: SourceState) -> tuple[tuple[int, Project | None], ...]:
    old, new = public(before), public(after)
    return tuple(
        (number, new.get(number)) for number in sorted({*old, *new}) if old.get(number) != new.get(number)
    )


def _met_again(
    state: SourceState, url: str, births: Mapping[int, Project], known: Mapping[int, int]
) -> dict[int, int]:
    """Pair the tracks that a page states here with those whose lives begin here by the source's own count.

    Both state what the same capture says: first those with equal records are paired, then equal titles.
    """
    stated = dict.fromkeys(root(state, number) for number in page_of(state, url).numbers if number)
    free = {number: state.tracks[number - 1].project for number in stated if number not in known}
    born = dict(births)
    found: dict[int, int] = {}
    for alike in (_equal, _equal_title):
        for number in list(free):
            own = next((each for each, project in born.items() if alike(project, free[number])), None)
            if own is not None:
                found[number] = own
                del free[number], born[own]
    return found


def _equal(one: Project, other: Project) -> bool:
    return one == other


def _equal_title(one: Project, other: Project) -> bool:
    return plain(one.title or "") == plain(other.title or "")


def _with_earlier(track: Track, earlier: Track) -> Track:
    return replace(
        track,
        first_seen=min(track.first_seen, earlier.first_seen),
        titles=_joined(earlier.titles, track.titles),
        links=_joined(earlier.links, track.links),
        cups=_joined(earlier.cups, track.cups),
    )


def _joined(earlier: Sequence[str], later: Sequence[str]) -> tuple[str, ...]:
    return (*(each for each in earlier if each not in later), *later)
