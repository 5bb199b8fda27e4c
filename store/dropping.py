"""Retention: dropping the bodies of old captures on purpose, and nothing else of them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.bodies import IS_KEPT, body_content, packed_against
from store.database import Session
from store.evidence.attest import attest_removal
from store.evidence.log import batches
from store.evidence.row_check import PACKED
from store.grounds import latest_accepted
from store.review_tables import REVIEW, REVIEW_END
from store.tables import BODY, CAPTURE, PAGE, SNAPSHOT, SOURCE

NOTHING = b""


@dataclass(frozen=True, slots=True)
class Retirement:
    """What retention would drop: `names` are the bodies' digests, `freed` the bytes that they take on disk.

    `captures` visits brought them, `rewritten` kept bodies rest on them and are packed anew first.
    """

    names: tuple[str, ...]
    captures: int
    freed: int
    rewritten: int


def retirement(session: Session, before: datetime, page_ids: Collection[int] | None = None) -> Retirement:
    """Return which bodies can be dropped: those that only captures before that instant brought.

    `page_ids` limits it to bodies that no other page brought. Never among them are a page's accepted state,
    what waits for a decision, and readings.
    """
    chosen = _chosen(session, before, page_ids)
    freed = captures = 0
    for names in batches(chosen):
        size = sa.select(sa.func.sum(sa.func.length(BODY.c.packed))).where(BODY.c.sha256.in_(names))
        freed += int(session.execute(size).scalar() or 0)
        visits = sa.select(sa.func.count()).where(CAPTURE.c.body_sha256.in_(names))
        captures += int(session.execute(visits).scalar_one())
    resting = sum(link.base in set(chosen) for link in _resting_on(session, chosen).values())
    return Retirement(tuple(chosen), captures, freed, resting)


def drop_bodies(
    session: Session,
    before: datetime,
    page_ids: Collection[int] | None,
    at: datetime,
    reason: str,
    advance: Callable[[int, int], None] = lambda *_: None,
) -> Retirement:
    """Drop what `retirement` names, in the caller's transaction, and log which bodies and why.

    What rests on a dropped body is packed anew first. Digests, lengths, headers, verdicts and readings stay.
    `advance` hears how many of how many bodies are done.
    """
    # Visits lock their source before they pack a body on another one: none may be under way meanwhile.
    session.execute(sa.select(SOURCE.c.name).order_by(SOURCE.c.name).with_for_update())
    leaving = retirement(session, before, page_ids)
    total = leaving.rewritten + len(leaving.names)
    rows = []
    for row in _rewritten(session, leaving.names):
        rows.append(row)
        advance(len(rows), total)
    with _rewriting_allowed(session):
        for row in rows:
            session.execute(sa.update(BODY).where(BODY.c.sha256 == row.pop("sha256")).values(row))
        for number, name in enumerate(leaving.names, 1):
            emptied = {"packed": NOTHING, "base": None, "depth": 0}
            session.execute(sa.update(BODY).where(BODY.c.sha256 == name).values(emptied))
            advance(leaving.rewritten + number, total)
    for names in batches(leaving.names):
        attest_removal(session, at=at, table=BODY.name, keys=names, what=PACKED, reason=reason)
    return leaving


@dataclass(frozen=True, slots=True)
class _Link:
    base: str | None
    depth: int


def _chosen(session: Session, before: datetime, page_ids: Collection[int] | None) -> list[str]:
    elsewhere = sa.false() if page_ids is None else CAPTURE.c.page_id.not_in(page_ids)
    query = (
        sa.select(CAPTURE.c.body_sha256)
        .join(BODY, BODY.c.sha256 == CAPTURE.c.body_sha256)
        .where(IS_KEPT)
        .group_by(CAPTURE.c.body_sha256)
        .having(sa.func.max(CAPTURE.c.at) < before, sa.func.sum(sa.case((elsewhere, 1), else_=0)) == 0)
        .order_by(CAPTURE.c.body_sha256)
    )
    needed = _needed(session)
    return [name for name in session.execute(query).scalars() if name not in needed]


def _needed(session: Session) -> set[str]:
    """Return the bodies that comparing, deciding and reading still stand on."""
    newest = latest_accepted(PAGE.c.id).limit(1).correlate(PAGE).scalar_subquery()
    standing = sa.select(newest).select_from(PAGE)
    ended = sa.select(REVIEW_END.c.review_id)
    asked = sa.select(REVIEW.c.capture_id).where(REVIEW.c.id.not_in(ended))
    bodies = sa.select(CAPTURE.c.body_sha256).where(
        CAPTURE.c.body_sha256.is_not(None), CAPTURE.c.id.in_(standing) | CAPTURE.c.id.in_(asked)
    )
    # A hold goes on with every visit that is held like the first: what the page says since then stays.
    held = (
        sa.select(CAPTURE.c.body_sha256)
        .join(REVIEW, REVIEW.c.page_id == CAPTURE.c.page_id)
        .where(REVIEW.c.id.not_in(ended), CAPTURE.c.at >= REVIEW.c.since, CAPTURE.c.body_sha256.is_not(None))
    )
    readings = sa.select(SNAPSHOT.c.content_sha256)
    return {name for query in (bodies, held, readings) for name in session.execute(query).scalars()}


def _resting_on(session: Session, names: Sequence[str]) -> dict[str, _Link]:
    """Return the kept bodies that rest on these, directly or through others."""
    found: dict[str, _Link] = {}
    dropped, under = set(names), list(names)
    while under:
        above = []
        for bases in batches(under):
            query = sa.select(BODY.c.sha256, BODY.c.base, BODY.c.depth).where(BODY.c.base.in_(bases))
            for row in session.execute(query):
                if row.sha256 not in dropped:
                    found[row.sha256] = _Link(row.base, row.depth)
                    above.append(row.sha256)
        under = above
    return found


def _rewritten(session: Session, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield the new rows of the bodies above those that leave, the lowest first, packed as far as needed."""
    resting, leaving = _resting_on(session, names), _bases(session, names)
    depths: dict[str, int] = {}
    for name, link in sorted(resting.items(), key=lambda item: item[1].depth):
        base = link.base
        while base is not None and base in leaving:
            base = leaving[base]
        if base is not None and base not in depths:
            depths[base] = session.execute(sa.select(BODY.c.depth).where(BODY.c.sha256 == base)).scalar_one()
        depths[name] = 0 if base is None else depths[base] + 1
        row: dict[str, Any] = {"sha256": name, "base": base, "depth": depths[name]}
        if base != link.base:
            row["packed"] = packed_against(session, body_content(session, name), base)
        yield row


def _bases(session: Session, names: Sequence[str]) -> Mapping[str, str | None]:
    return {
        row.sha256: row.base
        for chosen in batches(names)
        for row in session.execute(sa.select(BODY.c.sha256, BODY.c.base).where(BODY.c.sha256.in_(chosen)))
    }


@contextmanager
def _rewriting_allowed(session: Session) -> Iterator[None]:
    """Lift the trigger that refuses changes to bodies, for this transaction alone.

    Both databases treat that as part of the transaction: nobody else ever sees the table without it, for the
    writer's lock (SQLite) and the table's (PostgreSQL) keep others out until the commit, and whatever ends
    the transaction otherwise, kill -9 too, leaves it where it was.
    """
    if session.dialect.name == "sqlite":
        written = "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = 'body_no_update'"
        trigger = session.execute(sa.text(written)).scalar_one()
        session.execute(sa.text("PRAGMA secure_delete = ON"))  # what is dropped is not to linger in the file
        session.execute(sa.text("DROP TRIGGER body_no_update"))
        yield
        session.exec_driver_sql(trigger)
        return
    session.execute(sa.text("ALTER TABLE body DISABLE TRIGGER body_no_update"))
    yield
    session.execute(sa.text("ALTER TABLE body ENABLE TRIGGER body_no_update"))
