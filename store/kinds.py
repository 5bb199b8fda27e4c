"""The closed vocabularies of subscriptions, deliveries and reviews, which tables hold as text."""

from enum import StrEnum


class Frequency(StrEnum):
    """How often a subscription wants to hear."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class SubscriptionState(StrEnum):
    """Where in its life a subscription stands."""

    PENDING = "pending"  # requested, the mailed link not yet confirmed
    ACTIVE = "active"
    SUSPENDED = "suspended"  # nothing is sent, the cursor waits
    ENDED = "ended"


class SuspensionReason(StrEnum):
    """Who or what suspended a subscription."""

    READER = "reader"
    STAFF = "staff"
    BOUNCES = "bounces"  # its mails came back


class SignUpForm(StrEnum):
    """Where somebody asked for a subscription."""

    WEB = "web"  # the reader, on the page
    STAFF = "staff"  # staff, on their page or the command line
    IMPORT = "import"  # staff, with a list


class ConsentEvent(StrEnum):
    """What happened to a reader's consent."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class SuppressionReason(StrEnum):
    """Why a mailbox is not written to again unless its owner asks."""

    ERASED = "erased"  # the reader had everything about it erased
    LEFT = "left"  # the reader left, and the address has been forgotten since
    COMPLAINT = "complaint"  # the reader's provider reported our mail as unwanted
    BOUNCED = "bounced"  # mails to it came back for too long


class TokenPurpose(StrEnum):
    """What the holder of a mailed link may do, and nothing else."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    RESUME = "resume"


class DeliveryKind(StrEnum):
    """What an e-mail is for."""

    CONFIRMATION = "confirmation"
    LINK = "link"  # a fresh link to one's own preferences
    NOTICE = "notice"  # of a suspension to come, or come; the probe before it too
    CORRECTION = "correction"  # of a digest that was wrong
    DIGEST = "digest"
    ALERT = "alert"  # to staff
    TEST = "test"  # asked for by staff


class DeliveryState(StrEnum):
    """Where in its life a delivery stands."""

    COMPOSED = "composed"  # of a run that is not released yet
    READY = "ready"
    TRANSMITTING = "transmitting"  # committed before its first byte leaves
    IN_DOUBT = "in_doubt"  # its last dot was perhaps sent, and nobody knows whether it was taken
    DEFERRED = "deferred"  # not taken for now
    ACCEPTED = "accepted"  # taken by the next mail server
    DELIVERED = "delivered"  # a mail server reports that it reached its mailbox
    REJECTED = "rejected"  # refused by the next mail server, or given up
    BOUNCED = "bounced"  # accepted, and returned later
    CANCELLED = "cancelled"


class Refusal(StrEnum):
    """Whose fault it is that a mail server refuses a message."""

    ADDRESS = "address"  # there is no such mailbox
    SOFT = "soft"  # a full mailbox, or a server that could not for days
    OURS = "ours"  # our name, our mail server or our message; never held against the reader


class IncomingKind(StrEnum):
    """What a mail is that came to the address for bounces."""

    REPORT = "report"
    COMPLAINT = "complaint"
    LEAVING = "leaving"
    AUTOMATIC = "automatic"  # an answer of absence, say: nobody wrote it
    FORGED = "forged"  # it bears a mark that we did not make
    OTHER = "other"  # for people to read


class RunKind(StrEnum):
    """What the mails of a run are."""

    DIGEST = "digest"
    CORRECTION = "correction"  # of digests that were wrong


class RunState(StrEnum):
    """How far a run has come."""

    DUE = "due"
    FROZEN = "frozen"  # it is fixed up to which change it tells
    COMPOSED = "composed"  # its mails are made, none may leave yet
    HELD = "held"  # waits for staff
    RELEASED = "released"  # may leave; the canary's mail goes ahead
    DRAINING = "draining"  # its mails leave
    CLOSED = "closed"  # the fate of each is known
    CANCELLED = "cancelled"  # rejected by staff, or missed and merged into a later one
    QUIET = "quiet"  # there was nothing to tell


class RunAction(StrEnum):
    """What staff did with a run."""

    HOLD = "hold"
    RELEASE = "release"
    REJECT = "reject"
    CORRECT = "correct"


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
