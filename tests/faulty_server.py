"""An SMTP server on 127.0.0.1 that fails at any step on cue, and offers the extensions that we use."""

import asyncio
from asyncio import WriteTransport
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mailboxes import free_port

STEPS = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", "DOT", "QUIT")
SLOW = 0.3
"""Seconds that a slow step takes."""


@dataclass
class Faults:
    """What arrived, and what happens at the next steps: a reply line, or "drop", "hang" or "slow".

    `taken` holds envelopes whose message is kept: its recipients and bytes. A server that drops or hangs
    at DOT has kept the message first.
    """

    cues: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    taken: list[tuple[tuple[str, ...], bytes]] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    transports: list[WriteTransport] = field(default_factory=list)
    extensions: tuple[str, ...] = ("DSN", "PIPELINING")

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer the extensions too."""
        session.host_name = hostname
        last = responses.pop()
        return [*responses, *(f"250-{name}" for name in self.extensions), last]


class Faulty(SMTP):
    """The server's side of one connection."""

    faults: Faults

    async def _handle_client(self) -> None:
        assert isinstance(self.transport, WriteTransport)
        self.faults.transports.append(self.transport)
        if not await self.failed("CONNECT"):
            await super()._handle_client()

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        """Greet back, or fail."""
        if not await self.failed("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_MAIL(self, arg: str | None) -> None:  # noqa: N802
        """Begin a message, or fail."""
        if not await self.failed("MAIL"):
            self.faults.commands.append(f"MAIL {arg}")
            await super().smtp_MAIL(_without(arg, "RET", "ENVID"))

    async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802
        """Take a recipient, or fail."""
        if not await self.failed("RCPT"):
            self.faults.commands.append(f"RCPT {arg}")
            await super().smtp_RCPT(_without(arg, "NOTIFY", "ORCPT"))

    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        """Ask for the message, or fail."""
        if not await self.failed("DATA"):
            await super().smtp_DATA(arg)

    async def smtp_QUIT(self, arg: str | None) -> None:  # noqa: N802
        """Take leave, or fail."""
        if not await self.failed("QUIT"):
            await super().smtp_QUIT(arg)

    async def failed(self, step: str) -> bool:
        """Do what the cue says; return whether the step is over with that."""
        cue = self.faults.cues[step].popleft() if self.faults.cues[step] else ""
        if cue == "slow":
            await asyncio.sleep(SLOW)
        elif cue == "hang":
            await asyncio.sleep(3600)
        elif cue == "drop":
            assert isinstance(self.transport, WriteTransport)
            self.transport.abort()
        elif cue:
            await self.push(cue)
            if step == "CONNECT" or cue.startswith("421"):
                assert isinstance(self.transport, WriteTransport)
                self.transport.close()
        return cue not in {"", "slow"}


class _Keeper:
    """Lets the server keep what it took, and fail at the final dot."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.handle_EHLO = faults.handle_EHLO

    async def handle_DATA(  # noqa: N802
        self, server: Faulty, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, or fail."""
        cues = self._faults.cues["DOT"]
        answer = cues.popleft() if cues and cues[0][0].isdigit() else "250 taken"
        assert isinstance(envelope.content, bytes)
        if answer == "250 taken":
            self._faults.taken.append((tuple(envelope.rcpt_tos), envelope.content))
            await server.failed("DOT")
        return answer


@contextmanager
def failing(faults: Faults) -> Iterator[int]:
    """Run the server and yield its port."""
    port = free_port()

    class Scripted(Controller):
        def factory(self) -> SMTP:
            server = Faulty(self.handler, hostname="mail.test", enable_SMTPUTF8=False)
            server.faults = faults
            return server

    controller = Scripted(_Keeper(faults), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield port
    finally:
        for transport in faults.transports:  # who hangs would keep the loop from closing well
            controller.loop.call_soon_threadsafe(transport.abort)
        controller.stop()


def _without(arg: str | None, *parameters: str) -> str | None:
    """Leave out the parameters that aiosmtpd does not know."""
    if arg is None:
        return None
    return " ".join(part for part in arg.split(" ") if not part.upper().startswith(parameters))
