"""Forgetting a mailbox: from every table, so that the log's entries about it name nobody any more."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.evidence.attest import attest_removal, forget_recipient
from store.evidence.log_tables import RECIPIENT_KEY
from store.kinds import SuppressionReason
from store.mail_tables import DELIVERY, SUBSCRIPTION
from store.mailboxes import mailbox_of
from store.standing import unsubscribe
from store.subscriber_tables import ASKING
from store.suppressions import hidden, suppress


def erase(
    session: Session, mailbox: str, at: datetime, why: str, suppression: SuppressionReason | None
) -> bool:
    """Remove everything about a mailbox, for a reason that goes into the log; False where nothing was known.

    Its deliveries go with their bodies. What the evidence log says of them and of its consents stays, under
    a secret that nobody has any more. With a `suppression` its keyed hash stays, so that staff do not write
    to it again by mistake; its owner can sign up again.
    """
    here = SUBSCRIPTION.c.mailbox == mailbox
    ids = session.execute(sa.select(SUBSCRIPTION.c.id).where(here).with_for_update()).scalars().all()
    for number in ids:
        unsubscribe(session, number, at)
    names = spellings(session, mailbox)
    if not ids and not names:
        return False
    if suppression is not None:
        suppress(session, mailbox, suppression, at)
    session.execute(sa.delete(ASKING).where(ASKING.c.mailbox == hidden(session, mailbox)))
    for name in names:
        forget_recipient(session, name, at, why)
        session.execute(sa.delete(DELIVERY).where(DELIVERY.c.recipient == name))
    drop_subscriptions(session, ids, at, why)
    return True


def drop_subscriptions(session: Session, ids: Sequence[int], at: datetime, reason: str) -> None:
    """Delete subscriptions with their links and preferences; deliveries that stay no longer name them."""
    if not ids:
        return
    told = sa.select(DELIVERY.c.id).where(DELIVERY.c.subscription_id.in_(ids)).order_by(DELIVERY.c.id)
    keys = [str(number) for number in session.execute(told).scalars()]
    session.execute(sa.delete(SUBSCRIPTION).where(SUBSCRIPTION.c.id.in_(ids)))
    if keys:
        attest_removal(session, at=at, table=DELIVERY.name, keys=keys, what="subscription_id", reason=reason)


def spellings(session: Session, mailbox: str) -> list[str]:
    """Return every name of a mailbox under which mail was owed or consent recorded."""
    owed = sa.select(DELIVERY.c.recipient).distinct()
    known = session.execute(sa.select(RECIPIENT_KEY.c.recipient).union(owed)).scalars()
    return sorted(name for name in known if mailbox_of(name) == mailbox)
