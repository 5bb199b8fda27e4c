"""A mail server behind Postfix that refuses as the recipient's name asks: genuine bounces come back."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiosmtpd.controller import Controller
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mail_laboratory.recipes import REFUSING_PORT

ANSWERS = {
    "gone": "550 5.1.1 There is no such mailbox",
    "full": "452 4.2.2 The mailbox is full",
    "policy": "554 5.7.1 This looks like spam",
    "bare": "550 Refused",
    "large": "552 5.3.4 The message is too large",
}
"""What RCPT is answered, by the recipient's local part; everybody else's mail is taken."""


class _Handler:
    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = ANSWERS.get(address.partition("@")[0].partition("+")[0])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 taken"


class _LmtpController(Controller):
    def factory(self) -> SMTP:
        return LMTP(self.handler, **self.SMTP_kwargs)


@contextmanager
def refusing_server() -> Iterator[None]:
    """Run it as long as the `with` block lasts."""
    controller = _LmtpController(
        _Handler(), hostname="127.0.0.1", port=REFUSING_PORT, server_hostname="refusing.example"
    )
    controller.start()
    try:
        yield
    finally:
        controller.stop()
