"""Reviews: what staff are asked, what each answer would publish, and the answers themselves."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scraper.compare import Hold, Outcome, Question, SourceState, decide
from scraper.compare import reject as reject_hold
from scraper.compare import release as release_hold
from scraper.errors import DecisionError, NotFoundError
from scraper.records import Change, Decision, PageState, Verdict
from store.captured import keep_verdict
from store.database import Session
from store.decisions import Act, Signature, keep_decision
from store.doubts import QUESTION, Ruled
from store.grounds import accepted_captures
from store.kinds import ReviewEnd, ReviewKind, StaffAction
from store.moving import Move, held_state, move_on, state
from store.pages import REASONS
from store.review_tables import DECISION, REVIEW, REVIEW_END
from store.tables import CAPTURE, PAGE, VERDICT

__all__ = [
    "Review",
    "ReviewEnd",
    "ReviewKind",
    "Signature",
    "decide_pair",
    "forecast",
    "open_reviews",
    "past_reviews",
    "reject",
    "release",
    "review",
]

_BELIEVABLE = frozenset({PageState.OK, PageState.EMPTY})


@dataclass(frozen=True, slots=True)
class Review:
    """What staff are asked, or were; `ending` is None while it is open.

    `capture_id` is the capture with which it began, `since` the instant of that visit. `about` is the capture
    in question: the held one that came last while it is open, then the one that was decided on; `reasons` say
    why that is held. `question` is the doubtful pair of a review of that kind. `decision_id` names what staff
    decided, where they did.
    """

    id: int
    kind: ReviewKind
    source: str
    page_id: int
    capture_id: int
    about: int
    since: datetime
    opened_at: datetime
    reasons: tuple[str, ...]
    key: str
    question: Question | None
    ending: ReviewEnd | None
    ended_at: datetime | None
    decision_id: int | None


def open_reviews(session: Session, source: str | None = None) -> tuple[Review, ...]:
    """Return the reviews that wait for an answer, oldest first."""
    return _reviews(session, _of(source) & REVIEW_END.c.review_id.is_(None))


def past_reviews(session: Session, source: str | None = None, limit: int | None = None) -> tuple[Review, ...]:
    """Return the reviews that have ended, the one that began last first."""
    found = _reviews(session, _of(source) & REVIEW_END.c.review_id.is_not(None))
    return found[::-1][:limit]


def review(session: Session, review_id: int) -> Review:
    """Return the review of that number; raises NotFoundError."""
    found = _reviews(session, REVIEW.c.id == review_id)
    if not found:
        raise NotFoundError(f"there is no review {review_id}", "`coopwatch review list` shows the open ones.")
    return found[0]


def forecast(session: Session, review_id: int) -> dict[ReviewEnd, tuple[Change, ...]]:
    """Return the changes that each answer to an open review would publish; raises DecisionError."""
    asked = _still_open(session, review_id)
    known = state(session, asked.source)
    if asked.kind is ReviewKind.CAPTURE:
        released = release_hold(known, _believable(known, _hold(known, asked)))[1]
        return {ReviewEnd.RELEASED: released.changes, ReviewEnd.REJECTED: ()}
    question = _question(known, asked)
    return {
        ReviewEnd.SAME: decide(known, question, True, asked.opened_at)[1].changes,
        ReviewEnd.DIFFERENT: decide(known, question, False, asked.opened_at)[1].changes,
    }


def release(
    session: Session, review_id: int, signature: Signature, capture_id: int | None = None
) -> tuple[Change, ...]:
    """Believe the held capture of an open review, and return the changes that this publishes.

    `capture_id` is the capture that was looked at: where another one is held by now, and wherever there is
    nothing to believe, DecisionError is raised.
    """
    asked = _still_open(session, review_id, ReviewKind.CAPTURE)
    before = held_state(session, asked.source)
    hold = _believable(before, _hold(before, asked))
    page_id, held = _held(session, asked, hold)
    if capture_id not in {None, held}:
        raise DecisionError(
            f"review {review_id} is about capture {held} by now, not about {capture_id}", "Look at it again."
        )
    after, outcome = release_hold(before, hold)
    standing = accepted_captures(session, asked.source)
    ruled = _ruled(session, asked, ReviewEnd.RELEASED, signature, held)
    keep_verdict(session, page_id, held, outcome.verdict, signature.at)
    move_on(session, Move(asked.source, held, before, after, signature.at, standing, outcome, ruled=ruled))
    return outcome.changes


def reject(session: Session, review_id: int, signature: Signature) -> None:
    """Call the held capture of an open review wrong; the same answer, seen again, opens no new review."""
    asked = _still_open(session, review_id, ReviewKind.CAPTURE)
    before = held_state(session, asked.source)
    hold = _hold(before, asked)
    page_id, held = _held(session, asked, hold)
    outcome = Outcome(Verdict(Decision.HELD, ("rejected by staff", *hold.reasons)))
    ruled = _ruled(session, asked, ReviewEnd.REJECTED, signature, held)
    keep_verdict(session, page_id, held, outcome.verdict, signature.at)
    after = reject_hold(before, hold)
    move_on(session, Move(asked.source, held, before, after, signature.at, {}, outcome, ruled=ruled))


def decide_pair(session: Session, review_id: int, same: bool, signature: Signature) -> tuple[Change, ...]:
    """Say whether a doubtful pair is one project, and return the changes that had waited for it."""
    asked = _still_open(session, review_id, ReviewKind.PAIR)
    before = held_state(session, asked.source)
    after, outcome = decide(before, _question(before, asked), same, signature.at)
    standing = accepted_captures(session, asked.source)
    capture_id = standing.get(_address(session, asked.page_id), asked.capture_id)
    ending = ReviewEnd.SAME if same else ReviewEnd.DIFFERENT
    ruled = _ruled(session, asked, ending, signature, capture_id)
    move = Move(asked.source, capture_id, before, after, signature.at, standing, outcome, ruled=ruled)
    move_on(session, move)
    return outcome.changes


def _still_open(session: Session, review_id: int, kind: ReviewKind | None = None) -> Review:
    asked = review(session, review_id)
    if kind not in {None, asked.kind}:
        answers = "release or reject" if asked.kind is ReviewKind.CAPTURE else "same or different"
        raise DecisionError(f"review {review_id} is of kind {asked.kind}", f"Its answers are {answers}.")
    if asked.ending is not None:
        raise DecisionError(f"review {review_id} has ended: {asked.ending}", "Nothing is left to decide.")
    return asked


def _holding(known: SourceState, asked: Review) -> Hold | None:
    return next((page.hold for page in known.pages if page.url == asked.key), None)


def _hold(known: SourceState, asked: Review) -> Hold:
    hold = _holding(known, asked)
    if hold is None or hold.rejected:
        raise DecisionError(f"nothing is held any more for review {asked.id}", "Look at the list again.")
    return hold


def _believable(known: SourceState, hold: Hold) -> Hold:
    seen = hold.snapshot
    if seen is None or (seen.page_state not in _BELIEVABLE and not seen.projects):
        raise DecisionError(
            "the held answer is no page of projects: there is nothing in it to believe",
            "Reject it, or wait: the next good visit ends the review by itself.",
        )
    believed = next((page.snapshot for page in known.pages if page.url == hold.url), None)
    if believed is not None and believed.reader_version != seen.reader_version:
        raise DecisionError(
            "the held answer was read by another version of the reader than the accepted one",
            "`coopwatch reread` reads both again; then decide.",
        )
    return hold


def _held(session: Session, asked: Review, hold: Hold) -> tuple[int, int]:
    """Return the page and the number of the held capture."""
    query = (
        sa.select(CAPTURE.c.page_id, CAPTURE.c.id)
        .join(PAGE, PAGE.c.id == CAPTURE.c.page_id)
        .where(PAGE.c.source == asked.source, CAPTURE.c.at == hold.at)
        .order_by(CAPTURE.c.page_id != asked.page_id, CAPTURE.c.id.desc())
    )
    row = session.execute(query).first()
    assert row is not None  # the state and its captures are written together
    return int(row.page_id), int(row.id)


def _question(known: SourceState, asked: Review) -> Question:
    asking = (question for page in known.pages for question in page.questions if question.key == asked.key)
    question = next(asking, None)
    if question is None:
        raise DecisionError(f"nobody asks review {asked.id} any more", "Look at the list again.")
    return question


def _ruled(
    session: Session, asked: Review, ending: ReviewEnd, signature: Signature, capture_id: int
) -> Ruled:
    action = {
        ReviewEnd.RELEASED: StaffAction.RELEASE,
        ReviewEnd.REJECTED: StaffAction.REJECT,
        ReviewEnd.SAME: StaffAction.SAME,
        ReviewEnd.DIFFERENT: StaffAction.DIFFERENT,
    }[ending]
    track = asked.question.track if asked.question else None
    act = Act(action, asked.source, review_id=asked.id, track=track)
    number = keep_decision(session, signature, act, capture_id)
    return Ruled(asked.id, ending, number)


def _address(session: Session, page_id: int) -> str:
    return str(session.execute(sa.select(PAGE.c.address).where(PAGE.c.id == page_id)).scalar_one())


def _of(source: str | None) -> sa.ColumnElement[bool]:
    return REVIEW.c.source == source if source is not None else sa.true()


def _reviews(session: Session, condition: sa.ColumnElement[bool]) -> tuple[Review, ...]:
    query = (
        sa.select(REVIEW, REVIEW_END.c.ending, REVIEW_END.c.at, REVIEW_END.c.decision_id)
        .outerjoin(REVIEW_END, REVIEW_END.c.review_id == REVIEW.c.id)
        .where(condition)
        .order_by(REVIEW.c.id)
    )
    return tuple(_as_it_stands(session, _review(row)) for row in session.execute(query).all())


def _as_it_stands(session: Session, asked: Review) -> Review:
    """Return a review with the capture in question: a later visit may have taken the first one's place."""
    about = asked.capture_id
    if asked.decision_id is not None:
        decided = sa.select(DECISION.c.capture_id).where(DECISION.c.id == asked.decision_id)
        about = int(session.execute(decided).scalar_one())
    elif asked.ending is None and (hold := _holding(state(session, asked.source), asked)) is not None:
        about = _held(session, asked, hold)[1]
    if about == asked.capture_id or asked.kind is not ReviewKind.CAPTURE:
        return asked
    held = (VERDICT.c.capture_id == about) & (VERDICT.c.decision == Decision.HELD)
    why = session.execute(sa.select(VERDICT.c.reasons).where(held).order_by(VERDICT.c.id).limit(1)).scalar()
    return replace(asked, about=about, reasons=REASONS.validate_json(why) if why else asked.reasons)


def _review(row: sa.Row[Any]) -> Review:
    return Review(
        id=row.id,
        kind=row.kind,
        source=row.source,
        page_id=row.page_id,
        capture_id=row.capture_id,
        about=row.capture_id,
        since=row.since,
        opened_at=row.opened_at,
        reasons=REASONS.validate_json(row.reasons),
        key=row.key,
        question=QUESTION.validate_json(row.question) if row.question else None,
        ending=row.ending,
        ended_at=row.at,
        decision_id=row.decision_id,
    )
