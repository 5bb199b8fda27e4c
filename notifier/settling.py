"""Messages of which nobody knows whether they were taken: settled by evidence, else by what they are for."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import Enum

from notifier.terms import Terms
from scraper.clock import Clock
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import Delivery, DeliveryKind
from store.outbox import doubt_the_lost, doubts, look_again, send_again, settle_accepted

MOST_RESENDS = 3
"""How often a message is sent again without evidence, once for each doubt, before staff decide."""

LOOK_AGAIN = timedelta(hours=1)
"""How long a message that waits for staff, or for the archive to be readable, is left alone."""


class Settlement(Enum):
    """What is to be done about a message in doubt."""

    TAKEN = "found in the archive, so the server took it"
    ABSENT = "not in the archive, so it is sent again"
    RESEND = "no evidence; it is sent again and may arrive twice"
    HOLD = "no evidence; staff decide whether it is sent again"


def settlement(doubted: Delivery, archived: Collection[str] | None) -> Settlement:
    """Return what is to be done; `archived` are the Message-IDs found in the archive, None without one.

    A correction that comes twice would be one more wrong mail, so it waits for staff.
    """
    if archived is not None:
        return Settlement.TAKEN if doubted.message_id in archived else Settlement.ABSENT
    if doubted.kind is DeliveryKind.CORRECTION or doubted.resends >= MOST_RESENDS:
        return Settlement.HOLD
    return Settlement.RESEND


def settle_doubts(db: Database, clock: Clock, terms: Terms) -> None:
    """Put in doubt what lost senders left behind, and settle the doubts whose time has come.

    Where the archive cannot be read they stay, with the reason.
    """
    now = clock.now()
    with db.writing() as session:
        doubt_the_lost(session, now, now + terms.grace)
    with db.reading() as session:
        due = doubts(session, now)
    if not due:
        return
    try:
        found = None if terms.archive is None else terms.archive.held({one.message_id for one in due})
    except MailError as error:
        with db.writing() as session:
            for one in due:
                look_again(session, one, now + LOOK_AGAIN, str(error))
        return
    for one in due:
        with db.writing() as session:
            _settle(session, one, settlement(one, found), now)


def _settle(session: Session, doubted: Delivery, end: Settlement, now: datetime) -> None:
    if end is Settlement.TAKEN:
        settle_accepted(session, doubted.id, now, f"in doubt ({doubted.response}); {end.value}")
    elif end is Settlement.HOLD:
        look_again(session, doubted, now + LOOK_AGAIN, end.value)
    else:
        send_again(session, doubted, now, proven=end is Settlement.ABSENT)
