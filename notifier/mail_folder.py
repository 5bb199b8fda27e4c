"""A folder of an IMAP server as a setting names it: over TLS, opened for one look into it."""

import imaplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from notifier.certificates import TRUST_HINT, distrust
from scraper.errors import MailError, SettingsError

_PORTS = {"imap": 143, "imaps": 993}
_HERE = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class MailFolder:
    """A folder and who may look into it; `setting` named it, with `starts_tls` TLS begins by STARTTLS."""

    setting: str
    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str
    starts_tls: bool = False
    timeout: float = 60.0

    @contextmanager
    def opened(self, *, readonly: bool = False) -> Iterator[imaplib.IMAP4]:
        """Yield a connection that has chosen the folder; raises MailError, also where that fails later."""
        with self._errors():
            connection = self._connected()
        try:
            with self._errors():
                connection.login(self.user, self.password)
                answer, said = connection.select(quoted(self.folder), readonly=readonly)
                if answer != "OK":
                    raise imaplib.IMAP4.error(f"{self.folder}: {said!r}")
                yield connection
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                connection.logout()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell people what a server said, or that none answered."""
        try:
            yield
        except (imaplib.IMAP4.error, OSError) as error:
            doubt = distrust(error)
            raise MailError(
                f"{self.host} cannot be read: {doubt or error}",
                TRUST_HINT
                if doubt
                else f"Check {self.setting} and its password; what waits for it waits on.",
            ) from error

    def _connected(self) -> imaplib.IMAP4:
        context = ssl.create_default_context()
        if not self.starts_tls:
            return imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=self.timeout)
        connection = imaplib.IMAP4(self.host, self.port, timeout=self.timeout)
        if self.host not in _HERE:
            connection.starttls(context)
        return connection


def mail_folder(place: str, password: str, setting: str) -> MailFolder:
    """Return the folder at imaps://user@host/folder, or imap: with STARTTLS; raises SettingsError.

    To this machine itself imap goes without TLS.
    """
    parts = urlsplit(place)
    if parts.scheme not in _PORTS or not parts.hostname or not parts.username:
        raise SettingsError(
            f"{setting} {place!r} is no mailbox", "Write a maildir's path, or imaps://user@host/folder."
        )
    return MailFolder(
        setting,
        parts.hostname,
        parts.port or _PORTS[parts.scheme],
        unquote(parts.username),
        password,
        unquote(parts.path.lstrip("/")) or "INBOX",
        starts_tls=parts.scheme == "imap",
    )


def quoted(text: str) -> str:
    """Return a text as an IMAP string (RFC 9051, 4.3)."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
