"""The archive mailbox, which gets a copy of every message in the same transaction: what was taken?"""

import imaplib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Protocol

from notifier.mail_folder import MailFolder, mail_folder, quoted
from scraper.errors import MailError

MOST_LATER = 500
"""How many copies, the last to arrive, are looked at for later ones: thousands may share a day."""


class Archive(Protocol):
    """Where the copies lie."""

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Return which of these Message-IDs are there; raises MailError where nobody can tell."""

    def later(self, list_archive: str, moment: datetime) -> set[str]:
        """Return the Message-IDs of the copies with this List-Archive that are dated after a moment.

        That may leave out some where there are many. Raises MailError where nobody can tell.
        """


@dataclass(frozen=True, slots=True)
class Maildir:
    """Copies as files of a maildir, in its `new` and `cur`."""

    folder: Path

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Look into the header of every file; see Archive."""
        return set(message_ids) & {_message_id(header) for header in self._headers()}

    def later(self, list_archive: str, moment: datetime) -> set[str]:
        """Look into the header of the files that are not older than a day before; see Archive."""
        return _later(self._headers(moment - timedelta(days=1)), list_archive, moment)

    def _headers(self, written_after: datetime | None = None) -> Iterator[Message]:
        least = 0.0 if written_after is None else written_after.timestamp()
        try:
            for part in ("new", "cur"):
                for path in (self.folder / part).iterdir():
                    yield from _header_of(path, least)
        except OSError as error:
            raise MailError(
                f"the archive {self.folder} cannot be read: {error.strerror}",
                "Correct archive_at; until then messages in doubt stay so.",
            ) from error


@dataclass(frozen=True, slots=True)
class Imap:
    """Copies in a folder of an IMAP mailbox."""

    folder: MailFolder

    def held(self, message_ids: Collection[str]) -> set[str]:
        """Let the server search by header (RFC 3501, 6.4.4); see Archive."""
        with self.folder.opened(readonly=True) as connection:
            return {one for one in message_ids if _numbers(connection, "HEADER", "Message-ID", quoted(one))}

    def later(self, list_archive: str, moment: datetime) -> set[str]:
        """Let the server search by day and header, and fetch what it found, once each; see Archive."""
        day = imaplib.Time2Internaldate(moment)[1:12]
        with self.folder.opened(readonly=True) as connection:
            since = ("SENTSINCE", day, "HEADER", "List-Archive", quoted(list_archive))
            return _later(_fetched(connection, _numbers(connection, *since)), list_archive, moment)


def archive_at(place: str, password: str) -> Archive:
    """Return the archive at a folder's path, or at imaps://user@host/folder; raises SettingsError."""
    if "://" not in place:
        return Maildir(Path(place))
    return Imap(mail_folder(place, password, "archive_at"))


def _header_of(path: Path, least: float) -> Iterator[Message]:
    try:
        if path.stat().st_mtime >= least:
            with path.open("rb") as file:
                yield BytesHeaderParser().parsebytes(file.read(64 * 1024))
    except FileNotFoundError:  # moved from new to cur by a reader just now: it is looked at there
        return


def _message_id(header: Message) -> str:
    return str(header.get("Message-ID", "")).strip()


def _later(headers: Iterable[Message], list_archive: str, moment: datetime) -> set[str]:
    return {
        _message_id(header)
        for header in headers
        if str(header.get("List-Archive", "")).strip() == list_archive and _is_after(header, moment)
    }


def _is_after(header: Message, moment: datetime) -> bool:
    try:
        return parsedate_to_datetime(str(header.get("Date", ""))) > moment
    except (ValueError, TypeError):  # no date, or one without a zone: not written by us
        return False


def _numbers(connection: imaplib.IMAP4, *criteria: str) -> list[bytes]:
    answer, said = connection.search(None, *criteria)
    if answer != "OK":
        raise imaplib.IMAP4.error(said)
    return bytes(said[0] or b"").split()


def _fetched(connection: imaplib.IMAP4, numbers: list[bytes]) -> Iterator[Message]:
    if not numbers:
        return
    chosen = b",".join(numbers[-MOST_LATER:]).decode()
    answer, said = connection.fetch(chosen, "(BODY.PEEK[HEADER.FIELDS (DATE MESSAGE-ID LIST-ARCHIVE)])")
    if answer != "OK":
        raise imaplib.IMAP4.error(said)
    for part in said:
        if isinstance(part, tuple):
            yield BytesHeaderParser().parsebytes(part[1])
