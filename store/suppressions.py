"""Suppressed mailboxes: known by a keyed hash alone, so that a list of them names nobody."""

import hmac
from datetime import datetime

import sqlalchemy as sa

from store.database import Session, insert_new
from store.kinds import SuppressionReason
from store.mailboxes import mailbox_of
from store.subscriber_tables import SUPPRESSION, SUPPRESSION_SECRET

__all__ = ["SuppressionReason", "hidden", "lift", "suppress", "suppressed"]


def suppress(session: Session, address: str, reason: SuppressionReason, at: datetime) -> None:
    """Note that nobody but its owner may have mail sent to this address again; a later reason stands."""
    mailbox = hidden(session, mailbox_of(address))
    if insert_new(session, SUPPRESSION, {"mailbox": mailbox, "reason": reason, "at": at}) is None:
        here = SUPPRESSION.c.mailbox == mailbox
        session.execute(sa.update(SUPPRESSION).where(here).values(reason=reason, at=at))


def suppressed(session: Session, address: str) -> SuppressionReason | None:
    """Return why this address, in whatever spelling, is suppressed; None where it is not."""
    here = SUPPRESSION.c.mailbox == hidden(session, mailbox_of(address))
    return session.execute(sa.select(SUPPRESSION.c.reason).where(here)).scalar()


def lift(session: Session, address: str) -> None:
    """Take a suppression back: the owner of the address has confirmed a new subscription."""
    here = SUPPRESSION.c.mailbox == hidden(session, mailbox_of(address))
    session.execute(sa.delete(SUPPRESSION).where(here))


def hidden(session: Session, text: str) -> str:
    """Return the HMAC of a text under the installation's secret, as hexadecimal digits."""
    return hmac.new(_secret(session), text.encode(), "sha256").hexdigest()


def _secret(session: Session) -> bytes:
    return bytes(session.execute(sa.select(SUPPRESSION_SECRET.c.secret)).scalar_one())
