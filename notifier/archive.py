"""The archive mailbox, which gets a copy of every message in the same transaction: was this one taken?"""

import imaplib
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Protocol

from notifier.mail_folder import MailFolder, mail_folder, quoted
from scraper.errors import MailError


class Archive(Protocol):
    """Where the copies lie."""

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Return which of these Message-IDs are there; raises MailError where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Maildir:
    """Copies as files of a maildir, in its `new` and `cur`."""

    folder: Path

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Look into the header of every file; see Archive."""
        wanted = set(message_ids)
        found: set[str] = set()
        try:
            for part in ("new", "cur"):
                for path in (self.folder / part).iterdir():
                    found |= wanted & {_message_id(path)}
        except OSError as error:
            raise MailError(
                f"the archive {self.folder} cannot be read: {error.strerror}",
                "Correct archive_at; until then messages in doubt stay so.",
            ) from error
        return found


@dataclass(frozen=True, slots=True)
class Imap:
    """Copies in a folder of an IMAP mailbox."""

    folder: MailFolder

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Let the server search by header (RFC 3501, 6.4.4); see Archive."""
        with self.folder.opened(readonly=True) as connection:
            return {one for one in message_ids if _found(connection, one)}


def archive_at(place: str, password: str) -> Archive:
    """Return the archive at a folder's path, or at imaps://user@host/folder; raises SettingsError."""
    if "://" not in place:
        return Maildir(Path(place))
    return Imap(mail_folder(place, password, "archive_at"))


def _message_id(path: Path) -> str:
    try:
        with path.open("rb") as file:
            header = file.read(64 * 1024)
    except FileNotFoundError:  # moved from new to cur by a reader just now: it is looked at there
        return ""
    return str(BytesHeaderParser().parsebytes(header).get("Message-ID", "")).strip()


def _found(connection: imaplib.IMAP4, message_id: str) -> bool:
    answer, said = connection.search(None, "HEADER", "Message-ID", quoted(message_id))
    if answer != "OK":
        raise imaplib.IMAP4.error(said)
    return bool(said[0])
