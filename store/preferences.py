"""What a reader wants: language, frequency and filters, changed in versions while the cursor stays."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.filters import Filters, filters_from, filters_text
from store.kinds import DeliveryKind, Frequency
from store.mail_tables import DELIVERY, SUBSCRIPTION
from store.subscriber_tables import PREFERENCE
from store.waiting_mails import cancel_waiting


@dataclass(frozen=True, slots=True)
class Wish:
    """What a reader wants to be told, how often, and in which language."""

    language: str
    frequency: Frequency
    filters: Filters

    def columns(self) -> dict[str, object]:
        """Return the wish as tables hold it."""
        return {
            "language": self.language,
            "frequency": self.frequency,
            "filters": filters_text(self.filters),
        }


@dataclass(frozen=True, slots=True)
class Preference:
    """A wish from `at` on; `member` of the staff entered it, or (None) the reader."""

    version: int
    at: datetime
    member: int | None
    wish: Wish


def preferences(session: Session, subscription_id: int) -> tuple[Preference, ...]:
    """Return every version of what a subscription asked for, oldest first."""
    here = PREFERENCE.c.subscription_id == subscription_id
    rows = session.execute(sa.select(PREFERENCE).where(here).order_by(PREFERENCE.c.version))
    return tuple(
        Preference(
            row.version,
            row.at,
            row.member,
            Wish(row.language, row.frequency, filters_from(row.filters)),
        )
        for row in rows
    )


def keep_first_preference(
    session: Session, subscription_id: int, wish: Wish, at: datetime, member: int | None
) -> None:
    """Write down what a subscription that was made just now asks for; in one statement.

    A sign-up of an unknown address does hardly more than that of a known one, so time tells nobody which.
    """
    row = {"subscription_id": subscription_id, "version": 1, "at": at, "member": member, **wish.columns()}
    session.execute(sa.insert(PREFERENCE).values(row))


def keep_preference(
    session: Session, subscription_id: int, wish: Wish, at: datetime, member: int | None = None
) -> None:
    """Give a subscription this wish from now on, as its next version; the cursor stays where it is.

    So nothing is told twice or missed: what passes the new filters is told from where the old ones ended.
    A wish that stands already makes no new version. A digest made for the old wish that has not left does
    not leave any more.
    """
    columns = wish.columns()
    here = SUBSCRIPTION.c.id == subscription_id
    session.execute(sa.select(SUBSCRIPTION.c.id).where(here).with_for_update())
    own = PREFERENCE.c.subscription_id == subscription_id
    last = session.execute(sa.select(PREFERENCE).where(own).order_by(PREFERENCE.c.version.desc())).first()
    if last is not None and all(getattr(last, name) == value for name, value in columns.items()):
        return
    version = 1 if last is None else last.version + 1
    row = {"subscription_id": subscription_id, "version": version, "at": at, "member": member, **columns}
    session.execute(sa.insert(PREFERENCE).values(row))
    session.execute(sa.update(SUBSCRIPTION).where(here).values(columns))
    digests = (DELIVERY.c.subscription_id == subscription_id) & (DELIVERY.c.kind == DeliveryKind.DIGEST)
    cancel_waiting(session, digests, at, "made for an earlier wish; the next digest covers it")
