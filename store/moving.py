"""How the state of a source moves on, and all that is written when it does."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.compare import EMPTY_STATE, Outcome, SourceState, published
from scraper.errors import NotFoundError
from scraper.records import Decision, Verdict
from store.database import Session
from store.doubts import Ruled, follow
from store.evidence.attest import attest_visit
from store.grounds import Grounds, Standing, accepted_captures, keep_grounds, places
from store.imports import rests_on_archives
from store.ledger import publish, publish_retold
from store.search.indexing import index_move
from store.tables import CAPTURE, PAGE, SOURCE
from store.tracks import keep_tracks, keep_versions

STATE = TypeAdapter(SourceState)

NO_NEWS = Outcome(Verdict(Decision.UNCHANGED))
"""What publishes nothing: another reading, or what staff say about identity, is no news of the page."""


@dataclass(frozen=True, slots=True)
class Move:
    """How a source's state moves on, and through which capture.

    `at` is when its changes become public. `standing` are the accepted captures before it. The projects' new
    versions begin at `valid_from` (None: at `at`). `ruled` is the decision of staff that moved it.
    """

    source: str
    capture_id: int
    before: SourceState
    after: SourceState
    at: datetime
    standing: Standing
    outcome: Outcome
    valid_from: datetime | None = None
    ruled: Ruled | None = None


def state(session: Session, source_name: str) -> SourceState:
    """Return what the comparison remembers of a source; the empty state before its first visit."""
    text = session.execute(sa.select(SOURCE.c.state).where(SOURCE.c.name == source_name)).scalar()
    return STATE.validate_json(text) if text else EMPTY_STATE


def source_of(session: Session, page_id: int) -> str:
    """Return the name of a page's source; raises NotFoundError."""
    name = session.execute(sa.select(PAGE.c.source).where(PAGE.c.id == page_id)).scalar()
    if name is None:
        raise NotFoundError(f"there is no page {page_id}", "`coopwatch check` lists the watched pages.")
    return str(name)


def held_state(session: Session, source: str) -> SourceState:
    """Return the state of a source, which nobody else moves until the commit."""
    session.execute(sa.select(SOURCE.c.name).where(SOURCE.c.name == source).with_for_update())
    return state(session, source)


def move_on(session: Session, move: Move) -> None:
    """Write all that follows from a move: project versions, the search index, ledger with
    grounds, reviews, and the state.

    It ends by putting all that belongs to the capture into the evidence log, whose end stays locked until the
    commit: write whatever else there is to write before.
    """
    keep_versions(
        session,
        move.source,
        capture_id=move.capture_id,
        at=move.valid_from or move.at,
        before=published(move.before),
        after=published(move.after),
    )
    index_move(session, move.source, move.capture_id, move.before, move.after)
    changes = move.outcome.changes
    keep_tracks(session, move.source, move.capture_id, sorted({change.track for change in changes}))
    # The first visit to a page that only archives had shown is where the watching begins: no news yet.
    tell = publish_retold if changes and rests_on_archives(session, move.capture_id) else publish
    numbers = tell(session, move.source, move.capture_id, changes, move.at)
    if changes:
        _keep_grounds(session, move, numbers)
    text = STATE.dump_json(move.after).decode()
    session.execute(sa.update(SOURCE).where(SOURCE.c.name == move.source).values(state=text))
    follow(session, move.source, move.capture_id, move.after, move.at, move.ruled)
    attest_visit(session, move.capture_id)


def _keep_grounds(session: Session, move: Move, numbers: Iterable[int]) -> None:
    query = sa.select(PAGE.c.address).join(CAPTURE, CAPTURE.c.page_id == PAGE.c.id)
    address = session.execute(query.where(CAPTURE.c.id == move.capture_id)).scalar_one()
    common = Grounds(
        capture_before=move.standing.get(address),
        capture_after=move.capture_id,
        decision_id=move.ruled.decision_id if move.ruled else None,
    )
    before = places(move.before, move.standing)
    after = places(move.after, accepted_captures(session, move.source))
    keep_grounds(session, numbers, move.outcome, common, before, after)
