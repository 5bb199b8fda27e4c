"""Merging tracks that are one project, splitting one that is two, and taking either back."""

from collections.abc import Iterator
from contextlib import contextmanager

from scraper import compare
from scraper.compare import SourceState
from scraper.compare.memory import root
from scraper.errors import DecisionError
from store.database import Session
from store.decisions import Act, Signature, StaffDecision, decision, keep_decision
from store.grounds import Standing, accepted_captures
from store.kinds import StaffAction
from store.moving import NO_NEWS, Move, held_state, move_on

__all__ = ["Signature", "merge", "split", "undo"]


def merge(session: Session, source: str, keep: int, other: int, signature: Signature) -> StaffDecision:
    """Make track `other` a part of track `keep`, whatever the pages call them; raises DecisionError."""
    before = held_state(session, source)
    with _possible():
        after = compare.merge(before, keep, other)
        kept, gone = root(before, keep), root(before, other)
    act = Act(StaffAction.MERGE, source, track=kept, other=gone)
    return _written(session, before, after, signature, act)


def split(session: Session, source: str, number: int, url: str, signature: Signature) -> StaffDecision:
    """Make what the page at `url` states of a track a track of its own, the decision's `other`.

    Raises DecisionError.
    """
    before = held_state(session, source)
    with _possible():
        after, new = compare.split(before, number, url)
    act = Act(StaffAction.SPLIT, source, track=number, other=new)
    return _written(session, before, after, signature, act)


def undo(session: Session, decision_id: int, signature: Signature) -> StaffDecision:
    """Take back a merge or a split; raises DecisionError."""
    former = decision(session, decision_id)
    if former.action not in {StaffAction.MERGE, StaffAction.SPLIT}:
        raise DecisionError(
            f"decision {decision_id} cannot be undone: {former.action}", "Only merges and splits can be."
        )
    before = held_state(session, former.source)
    former = decision(session, decision_id)  # as it stands now that nobody else can undo it
    if former.undone_by is not None:
        raise DecisionError(f"decision {decision_id} was undone by decision {former.undone_by}")
    assert former.track is not None
    assert former.other is not None
    with _possible():
        if former.action is StaffAction.MERGE:
            after = compare.undo_merge(before, former.other)
        else:
            after = compare.undo_split(before, former.track, former.other)
    act = Act(StaffAction.UNDO, former.source, track=former.track, other=former.other, undoes=decision_id)
    return _written(session, before, after, signature, act)


def _written(
    session: Session, before: SourceState, after: SourceState, signature: Signature, act: Act
) -> StaffDecision:
    assert act.track is not None
    standing = accepted_captures(session, act.source)
    capture_id = _capture(after, act.track, standing)
    number = keep_decision(session, signature, act, capture_id)
    move_on(session, Move(act.source, capture_id, before, after, signature.at, standing, NO_NEWS))
    return decision(session, number)


def _capture(state: SourceState, track: int, standing: Standing) -> int:
    """Return the accepted capture of the page that states the track, or else the source's newest one."""
    url = state.tracks[track - 1].url
    return max(standing.values()) if url is None or url not in standing else standing[url]


@contextmanager
def _possible() -> Iterator[None]:
    """Let what the comparison refuses be told as an error for people."""
    try:
        yield
    except ValueError as error:
        raise DecisionError(
            str(error), "`coopwatch projects` lists the projects with their numbers."
        ) from error
