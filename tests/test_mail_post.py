"""The way to the mail server: one connection for many messages, and every answer understood."""

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator

import pytest
import trustme

from notifier.mail import SmtpPost
from notifier.post import MailDeferred, MailInDoubt, MailRejected
from scraper.errors import MailError
from tests.mailboxes import Mailbox, free_port, serving

MESSAGE = b"Subject: x\r\n\r\nCiao\r\n.punto\r\n"


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[SmtpPost]:
    """The way to that mailbox."""
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        yield post


def put(post: SmtpPost, recipient: str = "ong@example.org") -> str:
    """Send the message."""
    return post.send("avvisi@example.org", recipient, MESSAGE)


def test_many_messages_go_over_one_connection(mailbox: Mailbox, post: SmtpPost) -> None:
    """The connection is reused, and the bytes arrive as they are."""
    post.open()
    assert [put(post, f"{i}@example.org") for i in range(5)] == ["250 taken"] * 5
    assert mailbox.connections == 1 and mailbox.senders == ["avvisi@example.org"] * 5
    assert mailbox.messages[4] == ("4@example.org", MESSAGE)


@pytest.mark.parametrize(
    ("script", "answer", "error"),
    [
        ("rcpt", "550 5.1.1 nobody here", MailRejected),
        ("rcpt", "501 5.1.3 bad address", MailRejected),
        ("rcpt", "450 4.2.1 greylisted", MailDeferred),
        ("mail", "552 5.3.4 too large", MailRejected),
        ("mail", "452 4.3.1 no space", MailDeferred),
        ("after_data", "554 5.7.1 spam", MailRejected),
        ("after_data", "451 4.3.0 later", MailDeferred),
    ],
)
def test_a_refusal_is_understood_and_the_connection_goes_on(
    mailbox: Mailbox, post: SmtpPost, script: str, answer: str, error: type[Exception]
) -> None:
    """5xx is for good, 4xx may pass; the next message goes over the same connection."""
    getattr(mailbox, script).append(answer)
    with pytest.raises(error, match=answer):
        put(post)
    assert put(post) == "250 taken"
    assert (mailbox.connections, len(mailbox.messages)) == (1, 1)


@pytest.mark.parametrize("answer", ["421 4.4.2 idle for too long", "drop"])
def test_a_stale_connection_is_made_anew(mailbox: Mailbox, post: SmtpPost, answer: str) -> None:
    """A server that closed an idle connection is simply called again."""
    put(post)
    mailbox.mail.append(answer)
    assert put(post) == "250 taken" and mailbox.connections == 2


@pytest.mark.parametrize(
    ("script", "ending"), [("mail", MailDeferred), ("rcpt", MailDeferred), ("after_data", MailInDoubt)]
)
def test_a_connection_lost_on_the_way_puts_the_message_off(
    mailbox: Mailbox, post: SmtpPost, script: str, ending: type[Exception]
) -> None:
    """Before the final dot the same bytes may be offered again; after it nobody knows."""
    getattr(mailbox, script).append("drop")
    with pytest.raises(ending, match="connection was lost"):
        put(post)
    assert put(post) == "250 taken" and mailbox.connections == 2


def test_a_server_that_is_down_is_said_in_one_line() -> None:
    """Nobody there: the place and a hint, and nothing else."""
    port = free_port()
    with pytest.raises(MailError, match=rf"127\.0\.0\.1:{port} cannot be used: .*refused") as caught:
        SmtpPost("127.0.0.1", port, timeout=5).open()
    assert "nothing is lost" in caught.value.hint


def test_a_server_that_turns_us_away_is_down_too() -> None:
    """A greeting of 554 is no answer to any message of ours."""
    with answering(b"554 no service\r\n") as port, pytest.raises(MailError, match="554 no service"):
        SmtpPost("127.0.0.1", port, timeout=5).open()


def test_a_server_that_says_nothing_is_given_up() -> None:
    """Silence ends with the timeout."""
    with answering(b"") as port, pytest.raises(MailError, match="timed out"):
        SmtpPost("127.0.0.1", port, timeout=0.2).open()


def test_encryption_is_demanded_where_it_is_set(mailbox: Mailbox) -> None:
    """A server without STARTTLS, or with a certificate that nobody vouches for, gets no message."""
    with serving(mailbox) as port, pytest.raises(MailError, match="STARTTLS"):
        SmtpPost("127.0.0.1", port, security="starttls", timeout=5).open()
    with (
        answering(b"", self_signed=True) as port,
        pytest.raises(MailError, match="certificate is not believed"),
    ):
        SmtpPost("127.0.0.1", port, security="tls", timeout=5).open()
    assert mailbox.messages == []


def test_a_refused_password_is_said(mailbox: Mailbox) -> None:
    """Credentials that the server does not take stand in the way of every message."""
    with serving(mailbox) as port, pytest.raises(MailError, match="cannot be used"):
        SmtpPost("127.0.0.1", port, user="u", password="p", timeout=5).open()


def test_closing_twice_is_no_fault(mailbox: Mailbox) -> None:
    """A post can be closed at any time, also when the server is gone."""
    with serving(mailbox) as port:
        post = SmtpPost("127.0.0.1", port, timeout=5)
        post.open()
    post.close()
    post.close()
    assert issubclass(smtplib.SMTPServerDisconnected, OSError)


class answering:  # noqa: N801  (reads as a verb)
    """A listener that says one thing to whoever comes, behind TLS of its own making if asked."""

    def __init__(self, words: bytes, self_signed: bool = False) -> None:
        self._words = words
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if self_signed else None
        if self._context is not None:
            trustme.CA().issue_cert("127.0.0.1").configure_cert(self._context)

    def __enter__(self) -> int:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return int(self._listener.getsockname()[1])

    def __exit__(self, *_: object) -> None:
        self._thread.join(5)
        self._listener.close()

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            try:
                stream = (
                    self._context.wrap_socket(connection, server_side=True) if self._context else connection
                )
                stream.sendall(self._words)
                stream.recv(1024)
            except OSError:
                return


def test_an_answer_to_the_dot_that_says_nothing_leaves_a_doubt(mailbox: Mailbox, post: SmtpPost) -> None:
    """Only 4xx and 5xx say that the message was not taken (RFC 5321, 4.2.1)."""
    mailbox.after_data.append("354 go on")
    with pytest.raises(MailInDoubt, match="354 go on"):
        put(post)
    assert put(post) == "250 taken" and mailbox.connections == 2


def test_the_envelope_goes_at_once_where_the_server_takes_that() -> None:
    """A server that answers nothing before it has heard all of it gets the message, too."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=hear_all, args=(server, heard))
        thread.start()
        with SmtpPost(
            "127.0.0.1", server.getsockname()[1], timeout=5, archive_to="copies@example.org"
        ) as post:
            assert put(post) == "250 taken"
        thread.join(5)
    assert heard[:3] == [
        b"MAIL FROM:<avvisi@example.org>\r\n",
        b"RCPT TO:<ong@example.org>\r\n",
        b"RCPT TO:<copies@example.org>\r\n",
    ]
    assert heard[3:] == [b"DATA\r\n"]


def hear_all(server: socket.socket, heard: list[bytes]) -> None:
    """Serve one connection, and answer to an envelope only after its last command."""
    connection, _ = server.accept()
    with connection, connection.makefile("rwb", buffering=0) as line:
        line.write(b"220 hello\r\n")
        line.readline()
        line.write(b"250-hello\r\n250 PIPELINING\r\n")
        while not heard or heard[-1] != b"DATA\r\n":
            heard.append(line.readline())
        line.write(b"250 a\r\n250 b\r\n250 c\r\n354 go on\r\n")
        while line.readline() != b".\r\n":
            pass
        line.write(b"250 taken\r\n")
        line.readline()
        line.write(b"221 bye\r\n")
