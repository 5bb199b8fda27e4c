"""The demo's mailbox: a mail server on loopback that keeps each message as a file, and a way to read them."""

import asyncio
import contextlib
import os
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from scraper.errors import CoopwatchError

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it arrived: where it lies, and its exact bytes."""

    path: Path
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)


def letters(folder: Path) -> tuple[Letter, ...]:
    """Return the messages that have arrived in this mailbox, oldest first; a missing folder holds none."""
    return tuple(Letter(path, path.read_bytes()) for path in sorted(folder.glob("*.eml")))


class _Keeping:
    """Writes each message durably before the final dot is answered; aiosmtpd finds the method by its name."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Answer the final dot once the message is safe on the disk."""
        content = envelope.original_content
        assert content is not None
        try:
            path = keep(self._folder, content)
        except OSError as error:
            return f"451 4.3.0 not kept: {error.strerror}"
        return f"250 2.0.0 kept as {path.name}"


def keep(folder: Path, content: bytes) -> Path:
    """Write a message under the next number, whole or not at all whatever crashes; return its place."""
    kept = sorted(folder.glob("*.eml"))
    number = int(kept[-1].stem) + 1 if kept else 1
    path = folder / f"{number:06}.eml"
    draft = path.with_suffix(".draft")
    with draft.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.rename(path)
    directory = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
    return path


@contextlib.contextmanager
def serving_mailbox(folder: Path, port: int = 0) -> Iterator[int]:
    """Run the mail server in a thread of its own, and tell its port.

    Raises CoopwatchError where the port is taken.
    """
    folder.mkdir(parents=True, exist_ok=True)
    listener = _listener(port)
    loop = asyncio.new_event_loop()
    started = threading.Event()
    thread = threading.Thread(target=_serve, args=(loop, listener, folder, started), daemon=True)
    thread.start()
    started.wait()
    try:
        yield listener.getsockname()[1]
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


def _listener(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise CoopwatchError(
            f"the demo's mailbox cannot listen on port {port}: {error.strerror}",
            "End the program that uses the port.",
        ) from error


def _serve(
    loop: asyncio.AbstractEventLoop, listener: socket.socket, folder: Path, up: threading.Event
) -> None:
    asyncio.set_event_loop(loop)
    keeping = _Keeping(folder)
    server = loop.run_until_complete(
        loop.create_server(lambda: SMTP(keeping, hostname="localhost", loop=loop), sock=listener)
    )
    loop.call_soon(up.set)
    loop.run_forever()
    server.close()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
