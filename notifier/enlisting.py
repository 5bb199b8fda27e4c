"""Staff put an address on the list: its owner is asked, and hears nothing else without confirming."""

from datetime import datetime
from enum import StrEnum

from notifier.invitations import owe_confirmation
from notifier.message import Sender
from store.database import Session
from store.evidence.attest import attest_staff_action
from store.kinds import SubscriptionState
from store.mailboxes import Address
from store.subscriptions import SignUp, Wish, mailbox_subscriptions, request_subscription
from store.suppressions import suppressed


class Enlisted(StrEnum):
    """What became of an address that staff put on the list."""

    ASKED = "asked"  # a mail asks for confirmation
    STANDING = "standing"  # it has a subscription already, which was left as it is
    WAITING = "waiting"  # it was asked already and has not answered
    SUPPRESSED = "suppressed"  # it must not be written to unless its owner signs up


def outlook(session: Session, address: Address) -> Enlisted:
    """Return what would become of an address; changes nothing."""
    if suppressed(session, address.envelope) is not None:
        return Enlisted.SUPPRESSED
    states = {one.state for one in mailbox_subscriptions(session, address.mailbox)}
    if states & {SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED}:
        return Enlisted.STANDING
    if SubscriptionState.PENDING in states:
        return Enlisted.WAITING
    # Whoever left stands here until a keyed hash takes the address's place.
    return Enlisted.SUPPRESSED if SubscriptionState.ENDED in states else Enlisted.ASKED


def enlist(
    session: Session, address: Address, wish: Wish, how: SignUp, sender: Sender, at: datetime
) -> Enlisted:
    """Put an address on the list with the origin of its consent, and owe the mail that asks for it.

    Whatever staff were told, consent counts once its giver has confirmed it: that alone can be proven.
    """
    found = outlook(session, address)
    if found is not Enlisted.ASKED:
        return found
    reader = request_subscription(
        session, address.envelope, wish.language, wish.frequency, wish.filters, at, how
    )
    owe_confirmation(session, reader, sender, at)
    subject = f"subscription {reader.id}"
    attest_staff_action(
        session, at=at, account=how.member or 0, action=f"subscriber: {how.form}", subject=subject
    )
    return found
