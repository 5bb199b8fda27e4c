"""The closed vocabularies of subscriptions, deliveries and reviews, which tables hold as text."""

from enum import StrEnum


class Frequency(StrEnum):
    """How often a subscription wants to hear."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriptionState(StrEnum):
    """Where in its life a subscription stands."""

    PENDING = "pending"  # requested, the mailed link not yet confirmed
    ACTIVE = "active"
    ENDED = "ended"


class TokenPurpose(StrEnum):
    """What the holder of a mailed link may do, and nothing else."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


class DeliveryKind(StrEnum):
    """What an e-mail is for."""

    CONFIRMATION = "confirmation"
    DIGEST = "digest"
    ALERT = "alert"  # to staff


class DeliveryState(StrEnum):
    """Where in its life a delivery stands."""

    READY = "ready"
    TRANSMITTING = "transmitting"
    ACCEPTED = "accepted"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class ReviewKind(StrEnum):
    """What staff are asked about."""

    CAPTURE = "capture"  # an answer that was not believed
    PAIR = "pair"  # two records that may be one project


class ReviewEnd(StrEnum):
    """How a review ended."""

    SETTLED = "settled"  # by a later visit, nobody had to decide
    RELEASED = "released"
    REJECTED = "rejected"
    SAME = "same"
    DIFFERENT = "different"


class StaffAction(StrEnum):
    """What a member of staff did."""

    RELEASE = "release"
    REJECT = "reject"
    SAME = "same"
    DIFFERENT = "different"
    MERGE = "merge"
    SPLIT = "split"
    UNDO = "undo"
