"""A real SMTP server on 127.0.0.1 for tests, which keeps what it took and fails where it is told to."""

import socket
from asyncio import WriteTransport
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass
class Mailbox:
    """What arrived, and how the next commands are answered: a reply line, or "drop" to hang up.

    `after_data` answers the final dot: "drop" there keeps the message first, as a server that dies before
    it could say so. `watch` is told of each "mail", "rcpt", "data" (the message is here, but not kept) and
    "dot" (it is kept, but not answered).
    """

    messages: list[tuple[str, bytes]] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    connections: int = 0
    mail: deque[str] = field(default_factory=deque)
    rcpt: deque[str] = field(default_factory=deque)
    after_data: deque[str] = field(default_factory=deque)
    watch: Callable[[str], None] = lambda moment: None

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Count connections by their greeting."""
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer as scripted, else take the sender."""
        self.watch("mail")
        if self.mail:
            return _answered(server, self.mail.popleft())
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer as scripted, else take the recipient."""
        self.watch("rcpt")
        if self.rcpt:
            return _answered(server, self.rcpt.popleft())
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message unless the script refuses it."""
        self.watch("data")
        answer = self.after_data.popleft() if self.after_data else "250 taken"
        if answer.startswith("250") or answer == "drop":
            assert isinstance(envelope.content, bytes)
            self.messages.append((envelope.rcpt_tos[0], envelope.content))
            self.senders.append(str(envelope.mail_from))
            self.watch("dot")
        return _answered(server, answer)


def _answered(server: SMTP, answer: str) -> str:
    if answer == "drop":
        assert isinstance(server.transport, WriteTransport)
        server.transport.abort()
        return "421 gone"
    return answer


def free_port() -> int:
    """Return a port of 127.0.0.1 on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def serving(mailbox: Mailbox, port: int | None = None) -> Iterator[int]:
    """Run the server and yield its port."""
    chosen = port or free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=chosen, server_hostname="mail.test")
    controller.start()
    try:
        yield chosen
    finally:
        controller.stop()
