"""An SMTP server in a process of its own that makes a message durable before it says so, and kills on cue."""

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.parser import BytesHeaderParser
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.mailboxes import free_port

PROCESSES = get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.sending", "tests.durable_server"])


@dataclass
class Cue:
    """When to send which signal to whom: `after` so many seconds from the `moment`-th moment on; 0 never."""

    victim: "Synchronized[int]" = field(default_factory=lambda: PROCESSES.Value("i", 0))
    moment: "Synchronized[int]" = field(default_factory=lambda: PROCESSES.Value("i", 0))
    after: "Synchronized[float]" = field(default_factory=lambda: PROCESSES.Value("d", 0.0))
    signal: "Synchronized[int]" = field(default_factory=lambda: PROCESSES.Value("i", int(signal.SIGKILL)))


class Durable:
    """Keeps each message as one file of a maildir, for all its recipients together, and syncs it."""

    def __init__(self, folder: Path, cue: Cue) -> None:
        self._folder = folder / "new"
        self._number = 0
        self._cue = cue

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        """Take several commands at once (RFC 2920), as mail servers do."""
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the sender."""
        self._seen()
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the recipient."""
        self._seen()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        """Keep the message, then say so; moments lie before the one and between the two."""
        self._seen()
        assert isinstance(envelope.content, bytes)
        self._number += 1
        file = os.open(self._folder / f"{self._number:06}", os.O_WRONLY | os.O_CREAT | os.O_EXCL)
        try:
            os.write(file, envelope.content)
            os.fsync(file)
        finally:
            os.close(file)
        self._seen()
        return "250 taken"

    def _seen(self) -> None:
        if not self._cue.victim.value:  # commands that a sender left behind, who is dead by now
            return
        with self._cue.moment.get_lock():
            due = self._cue.moment.value == 1
            if self._cue.moment.value:
                self._cue.moment.value -= 1
        if due and self._cue.after.value:
            threading.Thread(target=self._strike, args=(self._cue.after.value,)).start()
        elif due:
            self._strike(0)

    def _strike(self, after: float) -> None:
        time.sleep(after)
        try:
            os.kill(self._cue.victim.value, self._cue.signal.value)
        except ProcessLookupError:
            return


@contextmanager
def durable_server(folder: Path, cue: Cue, idle: float = 300) -> Iterator[int]:
    """Run the server on a maildir, made here, and yield its port; it hangs up on who is idle so long."""
    (folder / "new").mkdir(parents=True)
    (folder / "cur").mkdir()
    ours, theirs = PROCESSES.Pipe()
    server = PROCESSES.Process(target=_serve, args=(folder, cue, idle, theirs))
    server.start()
    theirs.close()
    try:
        yield int(ours.recv())
    finally:
        ours.send("stop")
        server.join(30)


def kept(folder: Path) -> dict[str, Counter[bytes]]:
    """Return the messages in a maildir by their Message-ID, and how often each came with which bytes."""
    found: dict[str, Counter[bytes]] = {}
    for path in (folder / "new").iterdir():
        content = path.read_bytes()
        name = str(BytesHeaderParser().parsebytes(content)["Message-ID"])
        found.setdefault(name, Counter())[content] += 1
    return found


def _serve(folder: Path, cue: Cue, idle: float, control: Connection) -> None:
    class Impatient(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, timeout=idle, hostname="mail.test")

    handler = Durable(folder, cue)
    port = free_port()
    controller = Impatient(handler, hostname="127.0.0.1", port=port)
    controller.start()
    control.send(port)
    control.recv()
    controller.stop()
