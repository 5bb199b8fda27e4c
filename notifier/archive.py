"""The archive mailbox, which gets a copy of every message in the same transaction: was this one taken?"""

import imaplib
import ssl
from collections.abc import Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from scraper.errors import MailError, SettingsError


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
    """Copies in a folder of an IMAP mailbox, over TLS."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    timeout: float = 60.0

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Let the server search by header (RFC 3501, 6.4.4); see Archive."""
        context = ssl.create_default_context()
        try:
            with imaplib.IMAP4_SSL(
                self.host, self.port, ssl_context=context, timeout=self.timeout
            ) as connection:
                connection.login(self.user, self.password)
                answer, said = connection.select(_quoted(self.folder), readonly=True)
                if answer != "OK":
                    raise imaplib.IMAP4.error(said)
                return {one for one in message_ids if _found(connection, one)}
        except (imaplib.IMAP4.error, OSError) as error:
            raise MailError(
                f"the archive at {self.host} cannot be searched: {error}",
                "Correct archive_at and its password; until then messages in doubt stay so.",
            ) from error


def archive_at(place: str, password: str) -> Archive:
    """Return the archive at a folder's path, or at imaps://user@host/folder; raises SettingsError."""
    if "://" not in place:
        return Maildir(Path(place))
    parts = urlsplit(place)
    if parts.scheme != "imaps" or not parts.hostname or not parts.username:
        raise SettingsError(
            f"archive_at {place!r} is no place to look for copies",
            "Write a maildir's path, or imaps://user@host/folder.",
        )
    folder = unquote(parts.path.lstrip("/")) or "INBOX"
    return Imap(parts.hostname, parts.port or 993, unquote(parts.username), password, folder)


def _message_id(path: Path) -> str:
    try:
        with path.open("rb") as file:
            header = file.read(64 * 1024)
    except FileNotFoundError:  # moved from new to cur by a reader just now: it is looked at there
        return ""
    return str(BytesHeaderParser().parsebytes(header).get("Message-ID", "")).strip()


def _found(connection: imaplib.IMAP4_SSL, message_id: str) -> bool:
    answer, said = connection.search(None, "HEADER", "Message-ID", _quoted(message_id))
    if answer != "OK":
        raise imaplib.IMAP4.error(said)
    return bool(said[0])


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
