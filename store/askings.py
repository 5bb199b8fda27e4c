"""How often strangers may have mails sent through a form: to one mailbox, from one place, and in all.

Every mail granted is a row for an hour, so that the limits hold for any sixty minutes.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa

from store.database import Session
from store.network import network_of
from store.subscriber_tables import ASKING, SUPPRESSION_SECRET
from store.suppressions import hidden

WITHIN = timedelta(hours=1)
TO_ONE_MAILBOX = 3
FROM_ONE_PLACE = 20
IN_ALL = 200


def grant_mail(session: Session, mailbox: str, host: str, at: datetime) -> bool:
    """Say whether one more mail may be sent to this mailbox because somebody at `host` asks, and note it."""
    # Locked until the commit: of two that ask at the same instant, the second counts the first.
    session.execute(sa.select(SUPPRESSION_SECRET.c.id).with_for_update())
    forget_askings(session, at)
    row = {"at": at, "mailbox": hidden(session, mailbox), "origin": hidden(session, network_of(host))}
    counts = sa.select(
        sa.func.count(),
        sa.func.count().filter(ASKING.c.mailbox == row["mailbox"]),
        sa.func.count().filter(ASKING.c.origin == row["origin"]),
    ).select_from(ASKING)
    in_all, to_it, from_there = session.execute(counts).one()
    if in_all >= IN_ALL or to_it >= TO_ONE_MAILBOX or from_there >= FROM_ONE_PLACE:
        return False
    session.execute(sa.insert(ASKING).values(row))
    return True


def forget_askings(session: Session, at: datetime) -> None:
    """Drop what was asked longer ago than anything counts."""
    session.execute(sa.delete(ASKING).where(ASKING.c.at <= at - WITHIN))
