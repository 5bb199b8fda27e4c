"""Reviews as rows: one begins with each doubt that the comparison's state holds, and ends with it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.compare import Question, SourceState
from store.database import Session
from store.kinds import ReviewEnd, ReviewKind
from store.pages import REASONS
from store.review_tables import REVIEW, REVIEW_END
from store.tables import PAGE

QUESTION = TypeAdapter(Question)


@dataclass(frozen=True, slots=True)
class Ruled:
    """What staff decided about a review, as the reason for which it ends."""

    review_id: int
    ending: ReviewEnd
    decision_id: int


@dataclass(frozen=True, slots=True)
class _Doubt:
    kind: ReviewKind
    url: str
    since: datetime
    reasons: tuple[str, ...]
    question: Question | None = None

    @property
    def key(self) -> str:
        return self.url if self.question is None else self.question.key


def follow(
    session: Session,
    source: str,
    capture_id: int,
    after: SourceState,
    at: datetime,
    ruled: Ruled | None = None,
) -> None:
    """Open a review for every doubt of the state that has none, and end those whose doubt is gone."""
    doubts = {doubt.key: doubt for doubt in _doubts(after, at)}
    standing = _open(session, source)
    if ruled is not None:
        standing = {key: number for key, number in standing.items() if number != ruled.review_id}
        _end(session, ruled.review_id, at, ruled.ending, ruled.decision_id)
    for key, number in standing.items():
        if key not in doubts:
            _end(session, number, at, ReviewEnd.SETTLED, None)
    new = [doubt for key, doubt in doubts.items() if key not in standing]
    if new:
        _begin(session, source, capture_id, new, at)


def _doubts(state: SourceState, at: datetime) -> Iterator[_Doubt]:
    for page in state.pages:
        if page.hold is not None and not page.hold.rejected:
            yield _Doubt(ReviewKind.CAPTURE, page.url, page.hold.since, page.hold.reasons)
        for question in page.questions:
            yield _Doubt(ReviewKind.PAIR, page.url, at, question.grounds, question)


def _open(session: Session, source: str) -> dict[str, int]:
    ended = sa.select(REVIEW_END.c.review_id).where(REVIEW_END.c.review_id == REVIEW.c.id).exists()
    query = sa.select(REVIEW.c.key, REVIEW.c.id).where(REVIEW.c.source == source, ~ended)
    return {row.key: row.id for row in session.execute(query)}


def _begin(session: Session, source: str, capture_id: int, doubts: list[_Doubt], at: datetime) -> None:
    watched = sa.select(PAGE.c.address, PAGE.c.id).where(PAGE.c.source == source)
    numbers = {row.address: row.id for row in session.execute(watched)}
    rows = [
        {
            "kind": doubt.kind,
            "source": source,
            "page_id": numbers[doubt.url],
            "capture_id": capture_id,
            "key": doubt.key,
            "since": doubt.since,
            "opened_at": at,
            "reasons": REASONS.dump_json(doubt.reasons).decode(),
            "question": QUESTION.dump_json(doubt.question).decode() if doubt.question else None,
        }
        for doubt in doubts
    ]
    session.execute(sa.insert(REVIEW), rows)


def _end(session: Session, review_id: int, at: datetime, ending: ReviewEnd, decision_id: int | None) -> None:
    row = {"review_id": review_id, "at": at, "ending": ending, "decision_id": decision_id}
    session.execute(sa.insert(REVIEW_END), [row])
