"""The ledger: changes in the order in which they became public, numbered once and for ever."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.errors import NotFoundError
from scraper.records import Change
from store.database import Session
from store.tables import CAPTURE, LEDGER, LEDGER_HEAD, RETOLD

CHANGE = TypeAdapter(Change)


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """A change that became public at `at` as number `pub_seq`; numbers rise, and some may be missing.

    `retold` marks what old captures brought: `at` is then the capture's own date, and it is no news.
    """

    pub_seq: int
    at: datetime
    source: str
    page_id: int
    capture_id: int
    change: Change
    retold: bool = False


def publish(session: Session, source: str, capture_id: int, changes: Iterable[Change], at: datetime) -> range:
    """Write changes to the ledger in their order, told and untold, and return the numbers they got."""
    new = tuple(changes)
    if not new:
        return range(0)
    last = _take_numbers(session, len(new))
    rows = [
        {
            "pub_seq": last - len(new) + place,
            "at": at,
            "source": source,
            "track": change.track,
            "capture_id": capture_id,
            "kind": change.kind,
            "told": change.told,
            "change": CHANGE.dump_json(change).decode(),
        }
        for place, change in enumerate(new, 1)
    ]
    session.execute(sa.insert(LEDGER), rows)
    return range(last - len(new) + 1, last + 1)


def publish_retold(
    session: Session, source: str, capture_id: int, changes: Iterable[Change], at: datetime
) -> range:
    """Write changes that old captures show as history of the day `at`, and return their numbers.

    Nobody is told of them.
    """
    numbers = publish(session, source, capture_id, (replace(each, told=False) for each in changes), at)
    if numbers:
        session.execute(sa.insert(RETOLD), [{"pub_seq": number} for number in numbers])
    return numbers


def head(session: Session) -> int:
    """Return the last number given; 0 before the first."""
    return int(session.execute(sa.select(LEDGER_HEAD.c.pub_seq)).scalar_one())


def entries(
    session: Session,
    after: int = 0,
    upto: int | None = None,
    *,
    source: str | None = None,
    track: int | None = None,
    capture_id: int | None = None,
    since: datetime | None = None,
) -> tuple[LedgerEntry, ...]:
    """Return the entries above `after` and up to `upto`, oldest first.

    Of a source, of its track, of a capture, since an instant, as far as these are given."""
    query = _entries().where(LEDGER.c.pub_seq > after).order_by(LEDGER.c.pub_seq)
    if upto is not None:
        query = query.where(LEDGER.c.pub_seq <= upto)
    if source is not None:
        query = query.where(LEDGER.c.source == source)
    if track is not None:
        query = query.where(LEDGER.c.track == track)
    if capture_id is not None:
        query = query.where(LEDGER.c.capture_id == capture_id)
    if since is not None:
        query = query.where(LEDGER.c.at >= since)
    return tuple(_entry(row) for row in session.execute(query))


def newest(session: Session, upto: int, count: int) -> tuple[LedgerEntry, ...]:
    """Return the newest `count` entries up to a number, oldest first: none that old captures brought.

    Their numbers are late and their days long ago: however many there are, they stand before no news.
    """
    query = _entries().where(LEDGER.c.pub_seq <= upto, RETOLD.c.pub_seq.is_(None))
    found = session.execute(query.order_by(LEDGER.c.pub_seq.desc()).limit(count)).all()
    return tuple(_entry(row) for row in reversed(found))


def entries_between(
    session: Session,
    older: int,
    newer: int,
    *,
    page_id: int | None = None,
    track: tuple[str, int] | None = None,
) -> tuple[LedgerEntry, ...]:
    """Return what became public after the capture `older` up to and with `newer`, in the order of visits.

    Of a page, what its visits brought; of a track (its source and number), what any visit brought about it.
    """
    after, upto = (
        sa.select(CAPTURE.c.at).where(CAPTURE.c.id == number).scalar_subquery() for number in (older, newer)
    )
    place = sa.tuple_(CAPTURE.c.at, CAPTURE.c.id)
    query = _entries().order_by(LEDGER.c.pub_seq)
    query = query.where(place > sa.tuple_(after, sa.literal(older)))
    query = query.where(place <= sa.tuple_(upto, sa.literal(newer)))
    if page_id is not None:
        query = query.where(CAPTURE.c.page_id == page_id)
    if track is not None:
        query = query.where(LEDGER.c.source == track[0], LEDGER.c.track == track[1])
    return tuple(_entry(row) for row in session.execute(query))


def entries_with_past(session: Session, after: int, upto: int) -> tuple[LedgerEntry, ...]:
    """Return the entries above `after` and up to `upto`, and all earlier ones of the same projects."""
    window = (LEDGER.c.pub_seq > after) & (LEDGER.c.pub_seq <= upto)
    concerned = sa.select(LEDGER.c.source, LEDGER.c.track).where(window)
    own = sa.tuple_(LEDGER.c.source, LEDGER.c.track).in_(concerned)
    query = _entries().where(LEDGER.c.pub_seq <= upto, own).order_by(LEDGER.c.pub_seq)
    return tuple(_entry(row) for row in session.execute(query))


def entry(session: Session, pub_seq: int) -> LedgerEntry:
    """Return the entry of that number; raises NotFoundError."""
    row = session.execute(_entries().where(LEDGER.c.pub_seq == pub_seq)).first()
    if row is None:
        raise NotFoundError(
            f"there is no change {pub_seq}", "`coopwatch changes` lists them with their numbers."
        )
    return _entry(row)


def _take_numbers(session: Session, count: int) -> int:
    # The row stays locked until the commit: no entry ever appears below a number that a reader has seen.
    taken = (
        sa.update(LEDGER_HEAD).values(pub_seq=LEDGER_HEAD.c.pub_seq + count).returning(LEDGER_HEAD.c.pub_seq)
    )
    return int(session.execute(taken).scalar_one())


def _entries() -> sa.Select[Any]:
    columns = (LEDGER.c.pub_seq, LEDGER.c.at, LEDGER.c.source, CAPTURE.c.page_id, LEDGER.c.capture_id)
    return (
        sa.select(*columns, LEDGER.c.change, RETOLD.c.pub_seq.is_not(None).label("retold"))
        .join(CAPTURE, CAPTURE.c.id == LEDGER.c.capture_id)
        .outerjoin(RETOLD, RETOLD.c.pub_seq == LEDGER.c.pub_seq)
    )


def _entry(row: sa.Row[Any]) -> LedgerEntry:
    return LedgerEntry(
        pub_seq=row.pub_seq,
        at=row.at,
        source=row.source,
        page_id=row.page_id,
        capture_id=row.capture_id,
        change=CHANGE.validate_json(row.change),
        retold=bool(row.retold),
    )
