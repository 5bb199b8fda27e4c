"""The mailbox to which mails come back: a maildir of this machine, or a folder of an IMAP server."""

import imaplib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from notifier.mail_folder import mail_folder
from scraper.errors import MailError

LARGEST = 262_144
"""Bytes of a mail that are read: a report stands at its beginning, what it encloses does not matter."""

OpenInbox = Callable[[], AbstractContextManager["Inbox"]]
"""Opens the mailbox for one look into it."""


class Inbox(Protocol):
    """A mailbox whose mails are taken out one by one, once each has been dealt with."""

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """Yield the name and the beginning of each mail that is not put aside; raises MailError."""

    def drop(self, name: str) -> None:
        """Remove a mail that has been dealt with; it is no error where it is gone already."""

    def put_aside(self, name: str) -> None:
        """Leave a mail for people, flagged, so that it is not yielded again."""


@dataclass(frozen=True, slots=True)
class Maildir:
    """A maildir, as a mail server on this machine delivers into it; its name for a mail is the file's."""

    folder: Path

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """See Inbox."""
        try:
            names = [
                f"{part}/{file.name}"
                for part in ("new", "cur")
                for file in sorted((self.folder / part).iterdir())
                if "F" not in _flags(file.name)
            ]
        except OSError as error:
            raise MailError(
                f"{self.folder}: no maildir that can be read: {error.strerror}",
                "Look at bounces_at, and at who may read there.",
            ) from error
        for name in names:
            with suppress(FileNotFoundError), (self.folder / name).open("rb") as file:
                yield name, file.read(LARGEST)

    def drop(self, name: str) -> None:
        """See Inbox."""
        self._changed(name, None)

    def put_aside(self, name: str) -> None:
        """See Inbox."""
        base = name.partition("/")[2].partition(":2,")[0]
        self._changed(name, f"cur/{base}:2,{''.join(sorted({*_flags(name), 'F', 'S'}))}")

    def _changed(self, name: str, target: str | None) -> None:
        try:
            if target is None:
                (self.folder / name).unlink(missing_ok=True)
            else:
                with suppress(FileNotFoundError):
                    (self.folder / name).rename(self.folder / target)
        except OSError as error:
            raise MailError(
                f"{self.folder}: {error.strerror}", "coopwatch takes mails out, so it must be able to write."
            ) from error


class ImapInbox:
    """A folder of an IMAP server, over one connection; its name for a mail is the UID (RFC 3501)."""

    def __init__(self, connection: imaplib.IMAP4) -> None:
        self._connection = connection

    def waiting(self) -> Iterator[tuple[str, bytes]]:
        """See Inbox."""
        found = self._asked("SEARCH", "UNFLAGGED", "UNDELETED")
        for name in b" ".join(one for one in found if isinstance(one, bytes)).decode().split():
            answer = self._asked("FETCH", name, f"(BODY.PEEK[]<0.{LARGEST}>)")
            yield from ((name, part[1]) for part in answer if isinstance(part, tuple))

    def drop(self, name: str) -> None:
        """See Inbox; it goes for good when the connection ends."""
        self._asked("STORE", name, "+FLAGS.SILENT", r"(\Deleted)")

    def put_aside(self, name: str) -> None:
        """See Inbox."""
        self._asked("STORE", name, "+FLAGS.SILENT", r"(\Flagged \Seen)")

    def _asked(self, command: str, *arguments: str) -> list[bytes | tuple[bytes, bytes]]:
        kind, answer = self._connection.uid(command, *arguments)
        if kind != "OK":
            raise imaplib.IMAP4.error(f"{command}: {answer!r}")
        return list(answer)


@contextmanager
def open_inbox(place: str, password: str = "") -> Iterator[Inbox]:
    """Yield the mailbox at a maildir's path, or at imaps://user@host/folder (see `mail_folder`).

    What was dropped is gone for good at the end. Raises SettingsError where that is no place, MailError where
    it cannot be read.
    """
    if "://" not in place:
        yield Maildir(Path(place))
        return
    with mail_folder(place, password, "bounces_at").opened() as connection:
        yield ImapInbox(connection)
        connection.expunge()


def _flags(name: str) -> str:
    return name.partition(":2,")[2]
