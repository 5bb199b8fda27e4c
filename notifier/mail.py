"""The one way out for mail: SMTP on a reused connection."""

import smtplib
import ssl
from types import TracebackType
from typing import Literal, Protocol, Self

from scraper.errors import MailError

Security = Literal["none", "starttls", "tls"]


class MailDeferred(Exception):  # noqa: N818  (an answer, not a fault)
    """The server did not take this message now; the same bytes may be offered again later."""


class MailRejected(Exception):  # noqa: N818
    """The server will never take this message."""


class Post(Protocol):
    """What takes a message to its recipient's mail server."""

    def open(self) -> None:
        """Make sure that the server talks to us; raises MailError."""

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """Hand over one message and return the server's answer.

        Raises MailDeferred or MailRejected for this message, MailError where the server cannot be used.
        """


class SmtpPost:
    """An SMTP server, spoken to on one reused connection; close it, or use it as a context manager."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        security: Security = "none",
        user: str | None = None,
        password: str | None = None,
        timeout: float = 60.0,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._login = (user, password or "") if user else None
        self._timeout = timeout
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def open(self) -> None:
        """Connect, unless we are connected already; see Post."""
        if self._connection is None:
            self._connection = self._connected()

    def send(self, sender: str, recipient: str, message: bytes) -> str:
        """Hand over one message and return the server's answer; see Post."""
        try:
            connection = self._begun(sender, len(message))
            _expect(connection.rcpt(recipient))
            return _expect(connection.data(message))
        except smtplib.SMTPResponseException as error:
            self._abandon()
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailDeferred(f"the connection was lost: {_reason(error)}") from error

    def close(self) -> None:
        """Take leave of the server, if we are connected."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _begun(self, sender: str, size: int) -> smtplib.SMTP:
        """Begin a message on the connection we have, or on a new one where that has gone stale; return it."""
        if self._connection is not None:
            try:
                answer = _mail_from(self._connection, sender, size)
            except (smtplib.SMTPException, OSError):
                answer = (421, b"")
            if answer[0] != 421:  # RFC 5321, 3.8: 421 is how a server closes an idle connection
                _expect(answer)
                return self._connection
            self._drop()
        self._connection = self._connected()
        _expect(_mail_from(self._connection, sender, size))
        return self._connection

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._greeted()
        except (smtplib.SMTPException, OSError) as error:
            raise MailError(
                f"the mail server {self._host}:{self._port} cannot be used: {_reason(error)}",
                "Check that it runs and the mail settings; nothing is lost, mails wait until it is back.",
            ) from error

    def _greeted(self) -> smtplib.SMTP:
        if self._security == "tls":
            context = ssl.create_default_context()
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=self._timeout, context=context
            )
        else:
            connection = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._security == "starttls":
                connection.starttls(context=ssl.create_default_context())
            if self._login is not None:
                connection.login(*self._login)
            connection.ehlo_or_helo_if_needed()
        except BaseException:
            connection.close()
            raise
        return connection

    def _abandon(self) -> None:
        """Take back the message that was begun, and keep the connection if the server plays along."""
        try:
            if self._connection is not None and self._connection.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _mail_from(connection: smtplib.SMTP, sender: str, size: int) -> tuple[int, bytes]:
    return connection.mail(sender, [f"size={size}"] if connection.has_extn("size") else [])


def _expect(answer: tuple[int, bytes]) -> str:
    code, words = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)
    return _line(code, words)


def _refusal(code: int, words: bytes | str) -> MailDeferred | MailRejected:
    """Return what a reply code means: 5xx is for good, anything else may pass (RFC 5321, 4.2.1)."""
    return (MailRejected if 500 <= code < 600 else MailDeferred)(_line(code, words))


def _line(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"[:500]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
