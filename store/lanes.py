"""Lanes: how each domain of recipients, and all mail together, is to be treated by whoever sends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from store.database import Session, insert_new
from store.kinds import DeliveryState
from store.mail_tables import DELIVERY, LANE

ALL_MAIL = ""
"""The lane on which every message goes."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A domain that is treated with care.

    Nothing leaves on it before `open_at`. `slowdowns` counts how often in a row its server asked for less.
    Since `stopped_at` nothing leaves until staff resume it, and `stopped_why` is what the server said.
    """

    domain: str
    open_at: datetime
    slowdowns: int
    stopped_at: datetime | None
    stopped_why: str | None


def lanes(session: Session) -> tuple[Lane, ...]:
    """Return the domains whose server asked for less lately, or refuses us, by their names."""
    careful = (LANE.c.slowdowns > 0) | LANE.c.stopped_at.is_not(None)
    query = sa.select(LANE).where(LANE.c.domain != ALL_MAIL, careful).order_by(LANE.c.domain)
    return tuple(Lane(**row._asdict()) for row in session.execute(query))


@dataclass(frozen=True, slots=True)
class Traffic:
    """What holds for the next message: to which domains nothing may leave now, and when any may at all.

    `slowdowns` are the domains whose server asked for less, and how often in a row; `opens_at` is never past.
    """

    closed: frozenset[str]
    slowdowns: Mapping[str, int]
    opens_at: datetime


_TOUCHED = sa.select(LANE).where(
    LANE.c.stopped_at.is_not(None) | (LANE.c.open_at > sa.bindparam("now")) | (LANE.c.slowdowns > 0)
)


def traffic(session: Session, now: datetime) -> Traffic:
    """Return how things stand on all lanes at `now`."""
    touched = session.execute(_TOUCHED, {"now": now}).all()
    return Traffic(
        frozenset(
            row.domain
            for row in touched
            if row.domain != ALL_MAIL and (row.stopped_at is not None or row.open_at > now)
        ),
        {row.domain: row.slowdowns for row in touched if row.slowdowns},
        max((row.open_at for row in touched if row.domain == ALL_MAIL), default=now),
    )


def closed_lanes(session: Session, now: datetime) -> frozenset[str]:
    """Return the domains to which nothing may leave now."""
    return traffic(session, now).closed


def slow(session: Session, domain: str, slowdowns: int, open_at: datetime) -> None:
    """Let nothing leave on a lane before `open_at`, its server having asked for less so many times."""
    _change(session, domain, open_at, slowdowns=slowdowns)


def stop(session: Session, domain: str, at: datetime, why: str) -> None:
    """Let nothing leave on a lane until it is resumed; the first reason stands."""
    _change(session, domain, at)
    going = (LANE.c.domain == domain) & LANE.c.stopped_at.is_(None)
    session.execute(sa.update(LANE).where(going).values(stopped_at=at, stopped_why=why))


def resume(session: Session, domain: str, at: datetime) -> bool:
    """Let mail leave again on a lane, what was put off too; return whether it had been stopped or slowed."""
    careful = (LANE.c.domain == domain) & ((LANE.c.slowdowns > 0) | LANE.c.stopped_at.is_not(None))
    going = {"stopped_at": None, "stopped_why": None, "slowdowns": 0, "open_at": at}
    resumed = session.execute(sa.update(LANE).where(careful).values(going).returning(LANE.c.domain)).first()
    if resumed is None:
        return False
    put_off = (DELIVERY.c.lane == domain) & (DELIVERY.c.state == DeliveryState.DEFERRED)
    session.execute(sa.update(DELIVERY).where(put_off).values(next_at=at))
    return True


def take_place(session: Session, now: datetime, spacing: timedelta) -> bool:
    """Let a message leave now, and the next of all only after `spacing`; say whether one may leave now."""
    fresh = {"domain": ALL_MAIL, "open_at": now + spacing, "slowdowns": 0}
    if insert_new(session, LANE, fresh) is not None:
        return True
    open_now = (LANE.c.domain == ALL_MAIL) & (LANE.c.open_at <= now)
    taken = sa.update(LANE).where(open_now).values(open_at=now + spacing).returning(LANE.c.domain)
    return session.execute(taken).first() is not None


def _change(session: Session, domain: str, open_at: datetime, **values: object) -> None:
    fresh = {"domain": domain, "open_at": open_at, "slowdowns": 0, **values}
    if insert_new(session, LANE, fresh) is None:
        session.execute(sa.update(LANE).where(LANE.c.domain == domain).values(open_at=open_at, **values))
