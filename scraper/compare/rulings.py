"""What staff decide about tracks: a doubtful pair, a merge, a split, and their undoing."""

from dataclasses import replace
from datetime import datetime

from scraper.compare.absorbing import absorb
from scraper.compare.belief import USUAL_TOLERANCE
from scraper.compare.memory import page_of, remember, root
from scraper.compare.plain_text import plain
from scraper.compare.presence import with_presence
from scraper.compare.state import Outcome, PageMemory, Question, Ruling, SourceState, Track
from scraper.records import Decision, Verdict


def decide(state: SourceState, question: Question, same: bool, at: datetime) -> tuple[SourceState, Outcome]:
    """Return the state after staff decided a doubtful pair, and the changes that had waited for it."""
    title = question.project.title or ""
    ruling = Ruling(question.part, title, same)
    others = tuple(each for each in state.rulings if not _about(each, question.part, title))
    state = replace(state, rulings=(*others, ruling))
    page = page_of(state, question.url)
    verdict = Verdict(Decision.ACCEPTED, ("a doubtful pair was decided by staff",))
    if page.snapshot is None:
        return state, Outcome(verdict)
    absorbed = absorb(state, page, page.snapshot, at, USUAL_TOLERANCE.patience)
    # Nobody visited the page: what is wrong with its later answers is still wrong.
    after = replace(absorbed.state, round=state.round)
    still = replace(page_of(after, page.url), hold=page.hold, trouble=page.trouble, read_at=page.read_at)
    return remember(after, still), Outcome(verdict, absorbed.changes, absorbed.matches, absorbed.questions)


def withdraw(state: SourceState, question: Question) -> SourceState:
    """Return the state in which a pair is undecided again; it is asked again where it comes up again."""
    title = question.project.title or ""
    kept = tuple(each for each in state.rulings if not _about(each, question.part, title))
    return replace(state, rulings=kept)


def merge(state: SourceState, keep: int, other: int) -> SourceState:
    """Return the state in which track `other` is part of track `keep`; nothing is announced."""
    keep, other = root(state, _track(state, keep).number), root(state, _track(state, other).number)
    if keep == other:
        raise ValueError(f"track {other} is already part of track {keep}")
    return _with_track(state, replace(_track(state, other), into=keep, present=False))


def undo_merge(state: SourceState, other: int) -> SourceState:
    """Return the state in which a merged track stands on its own again."""
    if _track(state, other).into is None:
        raise ValueError(f"track {other} is not merged into another")
    return _with_track(state, replace(_track(state, other), into=None))


def split(state: SourceState, number: int, url: str) -> tuple[SourceState, int]:
    """Return the state in which what page `url` now states of a track is a new track, and its number.

    The title that the page states goes with the new track and never pairs with the old one again.
    """
    page = page_of(state, url)
    part = next((each for each in page.numbers if each is not None and root(state, each) == number), None)
    if page.snapshot is None or part is None:
        raise ValueError(f"{url} states nothing of track {number}")
    project = page.snapshot.projects[page.numbers.index(part)]
    old, new = _track(state, part), len(state.tracks) + 1
    title = project.title or ""
    born = Track(new, project, old.first_seen, old.last_seen, titles=(title,) if title else ())
    left = replace(old, titles=tuple(each for each in old.titles if plain(each) != plain(title)))
    tracks = (*(left if each.number == part else each for each in state.tracks), born)
    state = replace(state, tracks=tracks, rulings=(*state.rulings, Ruling(part, title, same=False)))
    return _renumbered(state, page, part, new), new


def undo_split(state: SourceState, number: int, new: int) -> SourceState:
    """Return the state in which a track that was split off is again part of the track it came from."""
    title = _track(state, new).project.title or ""
    parts = {track.number for track in state.tracks if root(state, track.number) == number}
    kept = tuple(each for each in state.rulings if not any(_about(each, part, title) for part in parts))
    return merge(replace(state, rulings=kept), number, new)


def _renumbered(state: SourceState, page: PageMemory, number: int, new: int) -> SourceState:
    numbers = tuple(new if each == number else each for each in page.numbers)
    return _settled(remember(state, replace(page, numbers=numbers)))


def _track(state: SourceState, number: int) -> Track:
    if not 1 <= number <= len(state.tracks):
        raise ValueError(f"there is no track {number}")
    return state.tracks[number - 1]


def _with_track(state: SourceState, track: Track) -> SourceState:
    tracks = tuple(track if each.number == track.number else each for each in state.tracks)
    return _settled(replace(state, tracks=tracks))


def _settled(state: SourceState) -> SourceState:
    return with_presence(state, None, max(track.last_seen for track in state.tracks), 0.0)


def _about(ruling: Ruling, track: int, title: str) -> bool:
    return ruling.track == track and plain(ruling.title) == plain(title)
