"""The watched pages: enrolled from sources, marked due, leased for a visit, summed up for people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.errors import NotFoundError
from scraper.records import Decision
from scraper.sources import Source
from store.database import Session
from store.tables import CAPTURE, PAGE, SOURCE, VERDICT

GOOD = (Decision.ACCEPTED, Decision.UNCHANGED)
"""The verdicts of visits that were believed."""

REASONS: TypeAdapter[tuple[str, ...]] = TypeAdapter(tuple[str, ...])


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A watched page and how its visits went; `last_good_at` is that of the last believed visit.

    One that its source no longer names is retired since `retired_at`: it has a history, and no more visits.
    """

    id: int
    source: str
    address: str
    title: str | None
    since: datetime
    last_visit_at: datetime | None
    last_good_at: datetime | None
    last_decision: Decision | None
    last_reasons: tuple[str, ...]
    visits: int
    retired_at: datetime | None


def enrol(session: Session, source: Source, at: datetime) -> None:
    """Make the store know a source and its pages: new ones are due, known ones keep all but their titles.

    A page that the source no longer names is retired from `at` on; named again, it is watched again.
    """
    if session.execute(sa.select(SOURCE.c.name).where(SOURCE.c.name == source.name)).first() is None:
        session.execute(sa.insert(SOURCE).values(name=source.name, title=source.title, since=at))
    session.execute(sa.update(SOURCE).where(SOURCE.c.name == source.name).values(title=source.title))
    own = PAGE.c.source == source.name
    known = set(session.execute(sa.select(PAGE.c.address).where(own)).scalars())
    named = [watched.address for watched in source.pages]
    left = own & PAGE.c.retired_at.is_(None) & PAGE.c.address.not_in(named)
    session.execute(sa.update(PAGE).where(left).values(retired_at=at, due_at=None))
    returned = own & PAGE.c.retired_at.is_not(None) & PAGE.c.address.in_(named)
    session.execute(sa.update(PAGE).where(returned).values(retired_at=None, due_at=at))
    for watched in source.pages:
        if watched.address in known:
            here = own & (PAGE.c.address == watched.address)
            session.execute(sa.update(PAGE).where(here).values(title=watched.title))
        else:
            new = {"source": source.name, "address": watched.address, "title": watched.title}
            session.execute(sa.insert(PAGE).values({**new, "since": at, "due_at": at}))


def pages(session: Session, source: str | None = None) -> tuple[PageEntry, ...]:
    """Return the pages of a source, or of all, in the order in which they were enrolled."""
    return _entries(session, PAGE.c.source == source if source is not None else sa.true())


def visit_times(session: Session, page_id: int, since: datetime) -> tuple[datetime, ...]:
    """Return when a page was visited since then, oldest first."""
    query = sa.select(CAPTURE.c.at).where(CAPTURE.c.page_id == page_id, CAPTURE.c.at >= since)
    return tuple(session.execute(query.order_by(CAPTURE.c.at)).scalars())


def page(session: Session, page_id: int) -> PageEntry:
    """Return the page of that number; raises NotFoundError."""
    found = _entries(session, PAGE.c.id == page_id)
    if not found:
        raise NotFoundError(f"there is no page {page_id}", "`coopwatch check` lists the watched pages.")
    return found[0]


def find_page(session: Session, text: str) -> PageEntry:
    """Return the page that a person means by its number, its address, or a part of address or title.

    Raises NotFoundError where none, or more than one, fits.
    """
    known = pages(session)
    wanted = text.strip().casefold()
    exact = [entry for entry in known if wanted in {str(entry.id), entry.address.casefold()}]
    named = [entry for entry in known if wanted in f"{entry.address} {entry.title or ''}".casefold()]
    found = exact or ([] if wanted.isdecimal() else named)  # 99 is a number, not a part of an address
    if len(found) == 1:
        return found[0]
    names = "; ".join(f"{entry.id} {entry.address}" for entry in (found or known)[:10]) or "none yet"
    raise NotFoundError(
        f"{'several pages fit' if found else 'no page fits'} {text!r}", f"Name one by its number: {names}."
    )


def mark_due(session: Session, page_id: int, at: datetime) -> None:
    """Ask for a visit at `at`; an earlier mark stands, and a retired page is not visited."""
    later = PAGE.c.due_at.is_(None) | (PAGE.c.due_at > at)
    here = (PAGE.c.id == page_id) & PAGE.c.retired_at.is_(None)
    session.execute(sa.update(PAGE).where(here, later).values(due_at=at))


def clear_due(session: Session, page_id: int, until: datetime) -> None:
    """Take away a mark not later than `until`: the visit of that instant answered it."""
    answered = PAGE.c.due_at <= until
    session.execute(sa.update(PAGE).where(PAGE.c.id == page_id, answered).values(due_at=None))


def due_pages(session: Session, now: datetime) -> tuple[PageEntry, ...]:
    """Return the pages whose mark has come and which nobody is visiting."""
    return _entries(session, (PAGE.c.due_at <= now) & _free(now))


def lease(session: Session, page_id: int, now: datetime, until: datetime) -> bool:
    """Take the page for one visit until `until`; False where another visit has it."""
    taken = (
        sa.update(PAGE).where(PAGE.c.id == page_id, _free(now)).values(lease_until=until).returning(PAGE.c.id)
    )
    return session.execute(taken).first() is not None


def leased_until(session: Session, page_id: int) -> datetime | None:
    """Return when a visit under way counts as lost; None where nobody visits the page."""
    held: datetime | None = session.execute(
        sa.select(PAGE.c.lease_until).where(PAGE.c.id == page_id)
    ).scalar_one()
    return held


def release(session: Session, page_id: int) -> None:
    """Give the page back after a visit."""
    session.execute(sa.update(PAGE).where(PAGE.c.id == page_id).values(lease_until=None))


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return PAGE.c.lease_until.is_(None) | (PAGE.c.lease_until <= now)


def _entries(session: Session, condition: sa.ColumnElement[bool]) -> tuple[PageEntry, ...]:
    last, good, good_capture = VERDICT.alias("last"), VERDICT.alias("good"), CAPTURE.alias("good_capture")
    # By the visits' own dates: what an archive brings today may be years old.
    newest = (
        sa.select(VERDICT.c.id)
        .join(CAPTURE, CAPTURE.c.id == VERDICT.c.capture_id)
        .where(CAPTURE.c.page_id == PAGE.c.id)
        .order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc(), VERDICT.c.id.desc())
        .limit(1)
        .correlate(PAGE)
    )
    believed = newest.where(VERDICT.c.decision.in_(GOOD))
    visited = sa.select(sa.func.max(CAPTURE.c.at)).where(CAPTURE.c.page_id == PAGE.c.id)
    counted = sa.select(sa.func.count()).where(CAPTURE.c.page_id == PAGE.c.id)
    query = (
        sa.select(
            *(PAGE.c.id, PAGE.c.source, PAGE.c.address, PAGE.c.title, PAGE.c.since, PAGE.c.retired_at),
            visited.scalar_subquery().label("visited"),
            good_capture.c.at.label("good"),
            *(last.c.decision, last.c.reasons),
            counted.scalar_subquery().label("visits"),
        )
        .select_from(PAGE)
        .outerjoin(last, last.c.id == newest.scalar_subquery())
        .outerjoin(good, good.c.id == believed.scalar_subquery())
        .outerjoin(good_capture, good_capture.c.id == good.c.capture_id)
        .where(condition)
        .order_by(PAGE.c.id)
    )
    return tuple(_entry(row) for row in session.execute(query))


def _entry(row: sa.Row[*tuple[Any, ...]]) -> PageEntry:
    return PageEntry(
        id=row.id,
        source=row.source,
        address=row.address,
        title=row.title,
        since=row.since,
        last_visit_at=row.visited,
        last_good_at=row.good,
        last_decision=row.decision,
        last_reasons=REASONS.validate_json(row.reasons) if row.reasons else (),
        visits=row.visits,
        retired_at=row.retired_at,
    )
