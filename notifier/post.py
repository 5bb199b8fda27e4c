"""What takes a message to its recipient's mail server, and all the ways in which that can end."""

from collections.abc import Callable
from typing import Protocol

from store.kinds import Refusal


class MailDeferred(Exception):  # noqa: N818  (an answer, not a fault)
    """The server did not take this message now; the same bytes may be offered again later.

    `slower` says that it wants less mail for this recipient's domain, `lost` that it said nothing at all.
    """

    def __init__(self, answer: str, *, slower: bool = False, lost: bool = False) -> None:
        super().__init__(answer)
        self.slower = slower
        self.lost = lost


class MailRejected(Exception):  # noqa: N818
    """The server will never take this message; `refusal` says whose fault that is.

    `stops` says that all mail to the recipient's domain would fare alike until somebody looks into it.
    """

    def __init__(self, answer: str, refusal: Refusal, *, stops: bool) -> None:
        super().__init__(answer)
        self.refusal = refusal
        self.stops = stops


class MailInDoubt(Exception):  # noqa: N818
    """The final dot was sent, and no answer came: nobody knows whether the server took the message."""


class TurnLost(Exception):  # noqa: N818
    """The message was not finished, for the sender's time with it was over: another may send it now."""


class Post(Protocol):
    """What takes a message to its recipient's mail server."""

    def open(self) -> None:
        """Make sure that the server talks to us; raises MailError."""

    def send(
        self,
        sender: str,
        recipient: str,
        message: bytes,
        *,
        envelope_id: str | None = None,
        may_finish: Callable[[], bool] = lambda: True,
    ) -> str:
        """Hand over one message and return the server's answer.

        `envelope_id` is what reports about the message will name (RFC 3461, 4.4). `may_finish` is asked just
        before the final dot, with which the message becomes the server's. Raises MailDeferred, MailRejected,
        MailInDoubt or TurnLost for this message, MailError where the server cannot be used.
        """
