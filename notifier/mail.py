"""The one way out for mail: SMTP on a reused connection."""

import smtplib
import socket
import ssl
from collections.abc import Callable
from types import TracebackType
from typing import Literal, Self

from notifier.certificates import TRUST_HINT, distrust
from notifier.dialogue import Answers, Envelope, answers_to, stuffed
from notifier.post import MailDeferred, MailInDoubt, MailRejected, TurnLost
from notifier.refusals import Stage, is_too_large, refusal, wants_less
from scraper.errors import MailError
from store.kinds import Refusal

Security = Literal["none", "starttls", "tls"]

DOT_PATIENCE = 300.0
"""Seconds for the answer to the final dot. RFC 5321, 4.5.3.2.6 asks for more than for all else: whoever hangs
up here does not know whether the message was taken."""

CHECK_HINT = "Check that it runs and the mail settings; nothing is lost, mails wait until it is back."
"""What to do about a mail server that cannot be used."""


class SmtpPost:
    """An SMTP server, spoken to on one reused connection; close it, or use it as a context manager.

    With `archive_to` every message goes to that address too, in the same transaction: the server takes it for
    both or for neither. `timeout` and `dot_patience` are in seconds.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        security: Security = "none",
        user: str | None = None,
        password: str | None = None,
        timeout: float = 60.0,
        dot_patience: float = DOT_PATIENCE,
        archive_to: str | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._security = security
        self._login = (user, password or "") if user else None
        self._timeout = timeout
        self._dot_patience = dot_patience
        self._archive_to = archive_to
        self._connection: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self._drop()  # it may be in the midst of something, and leave-taking would wait for that

    def open(self) -> None:
        """Connect, unless we are connected already; see Post."""
        if self._connection is None:
            self._connection = self._connected()

    def offers(self) -> frozenset[str]:
        """Return the names, in small letters, of the extensions that the server offers; raises MailError."""
        self.open()
        assert self._connection is not None
        return frozenset(self._connection.esmtp_features)

    def send(
        self,
        sender: str,
        recipient: str,
        message: bytes,
        *,
        envelope_id: str | None = None,
        may_finish: Callable[[], bool] = lambda: True,
    ) -> str:
        """Hand over one message and return the server's answer; see Post."""
        envelope = Envelope(sender, recipient, len(message), envelope_id, self._archive_to)
        stage: Stage = "mail"
        answers: Answers = iter(())
        try:
            connection, taken, answers = self._begun(envelope)
            _expect(taken)
            stage = "rcpt"
            _expect(next(answers))
            if self._archive_to is not None:
                self._expect_archive(next(answers))
            stage = "data"
            _expect(next(answers), 354)
            connection.send(stuffed(message))
        except smtplib.SMTPResponseException as error:
            self._abandon(error.smtp_code, answers)
            answer = _line(error.smtp_code, error.smtp_error)
            if stage == "mail" and error.smtp_code // 100 == 5 and not is_too_large(answer):
                raise self._unusable(answer) from error
            raise _refused(answer, stage) from error
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailDeferred(f"the connection was lost: {_reason(error)}", lost=True) from error
        if not may_finish():
            self._drop()  # a server takes no message without its final dot (RFC 5321, 4.1.1.4)
            raise TurnLost
        return self._finished(connection)

    def _finished(self, connection: smtplib.SMTP) -> str:
        """Send the final dot and return the answer to it."""
        try:
            assert isinstance(connection.sock, socket.socket)
            connection.sock.settimeout(self._dot_patience)
            connection.send(b".\r\n")
            code, words = connection.getreply()
            connection.sock.settimeout(self._timeout)
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            raise MailInDoubt(f"the connection was lost after the final dot: {_reason(error)}") from error
        if 200 <= code < 300:
            return _line(code, words)
        if not 400 <= code < 600:
            self._drop()
            raise MailInDoubt(f"the server answered the final dot with {_line(code, words)}")
        self._abandon(code, iter(()))
        raise _refused(_line(code, words), "data")

    def _expect_archive(self, answer: tuple[int, bytes]) -> None:
        try:
            _expect(answer)
        except smtplib.SMTPResponseException as error:
            self._drop()
            raise MailError(
                f"the archive {self._archive_to} is refused: {_reason(error)}",
                "Nothing is sent without its archive copy: mend the mailbox, or correct archive_to.",
            ) from error

    def close(self) -> None:
        """Take leave of the server, if we are connected."""
        if self._connection is not None:
            try:
                self._connection.quit()
            except (smtplib.SMTPException, OSError):
                self._connection.close()
            self._connection = None

    def _begun(self, envelope: Envelope) -> tuple[smtplib.SMTP, tuple[int, bytes], Answers]:
        """Begin a message on the connection we have, or on a new one where that has gone stale.

        Return the connection, the answer to our name, and the answers to come.
        """
        if self._connection is not None:
            answers = answers_to(self._connection, envelope)
            try:
                answer = next(answers)
            except (smtplib.SMTPException, OSError):
                answer = (421, b"")
            if answer[0] != 421:  # RFC 5321, 3.8: 421 is how a server closes an idle connection
                return self._connection, answer, answers
            self._drop()
        self._connection = self._connected()
        answers = answers_to(self._connection, envelope)
        code, words = next(answers)
        if code == 421:
            self._drop()
            raise self._unusable(_line(code, words))
        return self._connection, (code, words), answers

    def _connected(self) -> smtplib.SMTP:
        try:
            return self._greeted()
        except (smtplib.SMTPException, OSError) as error:
            doubt = distrust(error)
            raise self._unusable(doubt or _reason(error), TRUST_HINT if doubt else CHECK_HINT) from error

    def _unusable(self, reason: str, hint: str = CHECK_HINT) -> MailError:
        return MailError(f"the mail server {self._host}:{self._port} cannot be used: {reason}", hint)

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
            # The final dot is a small packet behind a large one, which Nagle's algorithm would hold back.
            assert isinstance(connection.sock, socket.socket)
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except BaseException:
            connection.close()
            raise
        return connection

    def _abandon(self, code: int, answers: Answers) -> None:
        """Take back the message that was begun, and keep the connection if the server plays along."""
        connection = self._connection
        if connection is None:
            return
        try:
            # What was sent at once is answered still. A server that waits for the message gets none of it.
            waits = connection.has_extn("pipelining") and any(later == 354 for later, _ in answers)
            if waits or code == 421 or connection.rset()[0] != 250:
                self._drop()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _expect(answer: tuple[int, bytes], code: int = 250) -> str:
    if answer[0] // 100 != code // 100:
        raise smtplib.SMTPResponseException(*answer)
    return _line(*answer)


def _refused(answer: str, stage: Stage) -> MailDeferred | MailRejected:
    """Return what an answer means: 5xx is for good, anything else may pass (RFC 5321, 4.2.1)."""
    if not answer.startswith("5"):
        return MailDeferred(answer, slower=wants_less(answer))
    whose = refusal(answer, stage)
    return MailRejected(answer, whose, stops=whose is Refusal.OURS)


def _line(code: int, words: bytes | str) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(said.split())}"[:500]


def _reason(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return _line(error.smtp_code, error.smtp_error)
    return str(error) or type(error).__name__
