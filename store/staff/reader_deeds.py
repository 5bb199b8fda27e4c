"""What staff do with subscriptions; the log's entry of each deed names a number and no address."""

from datetime import datetime

from store.database import Session
from store.erasure import erase
from store.evidence.attest import attest_staff_action
from store.kinds import SuppressionReason, SuspensionReason
from store.subscriptions import resume, subscription, suspend


def staff_suspend(session: Session, subscription_id: int, member: int, at: datetime) -> bool:
    """Suspend an active subscription; False where it is not active. Raises NotFoundError."""
    number = subscription(session, subscription_id).id
    done = suspend(session, number, at, SuspensionReason.STAFF)
    if done:
        _log(session, "suspend", number, member, at)
    return done


def staff_resume(session: Session, subscription_id: int, member: int, at: datetime) -> bool:
    """Resume a suspended subscription; False where it is not suspended. Raises NotFoundError."""
    number = subscription(session, subscription_id).id
    done = resume(session, number)
    if done:
        _log(session, "resume", number, member, at)
    return done


def staff_erase(session: Session, subscription_id: int, member: int, at: datetime) -> None:
    """Erase the mailbox of a subscription, as its owner asked; raises NotFoundError."""
    found = subscription(session, subscription_id)
    erase(session, found.mailbox, at, "asked for by the reader, done by staff", SuppressionReason.ERASED)
    _log(session, "erase", found.id, member, at)


def _log(session: Session, action: str, number: int, member: int, at: datetime) -> None:
    subject = f"subscription {number}"
    attest_staff_action(session, at=at, account=member, action=f"subscriber: {action}", subject=subject)
