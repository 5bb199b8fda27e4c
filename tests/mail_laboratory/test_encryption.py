"""TLS to real servers: who has logged in is heard, and a certificate that proves nothing is refused."""

import smtplib

import pytest

from notifier.archive import archive_at
from notifier.bounces.inboxes import open_inbox
from notifier.certificates import TRUST_HINT
from notifier.mail import Security, SmtpPost
from scraper.errors import MailError
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import (
    EXPIRED_PORT,
    IMAP_PORT,
    IMAPS_PORT,
    NAME,
    PASSWORD,
    SMTP_PORT,
    STARTTLS_PORT,
    TLS_PORT,
)

pytestmark = pytest.mark.mail

US = "coopwatch@example.org"
BOX = "secret@example.org"
PORTS: dict[Security, int] = {"starttls": STARTTLS_PORT, "tls": TLS_PORT}
FOLDERS = {
    "imaps": f"imaps://{BOX.replace('@', '%40')}@HOST:{IMAPS_PORT}/INBOX",
    "imap with STARTTLS": f"imap://{BOX.replace('@', '%40')}@HOST:{IMAP_PORT}/INBOX",
}
STRANGER = "unable to get local issuer certificate"
MISNAMED = "certificate is not valid for 'bounce.example.org'"


@pytest.fixture
def trusting(laboratory: Laboratory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Trust the laboratory's authority, as an operator with one of their own does."""
    monkeypatch.setenv("SSL_CERT_FILE", str(laboratory.authority))


def way(security: Security, host: str = NAME, password: str = PASSWORD) -> SmtpPost:
    """Return the way to Postfix behind TLS."""
    return SmtpPost(host, PORTS[security], security=security, user=US, password=password, timeout=20)


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("security", list(PORTS))
def test_a_mail_leaves_encrypted_by_who_has_logged_in(laboratory: Laboratory, security: Security) -> None:
    """Both ways Postfix writes down TLS and our account; a wrong password stands in the way of all mail."""
    reader = f"{security}@example.net"
    with way(security) as post:
        post.send(US, reader, b"Subject: hello\r\n\r\nHello.\r\n")
    (mail,) = waited(lambda: laboratory.mails(reader), "the mail")
    trace = " ".join(" ".join(mail.get_all("Received", [])).split())
    assert "using TLSv1." in trace and f"(Authenticated sender: {US})" in trace

    with pytest.raises(MailError, match=r"cannot be used: 535 5\.7\.8"):
        way(security, password="wrong").open()


@pytest.mark.parametrize("security", list(PORTS))
def test_a_mail_server_that_proves_nothing_gets_nothing(
    laboratory: Laboratory, security: Security, request: pytest.FixtureRequest
) -> None:
    """Signed by nobody that we trust, or for another name: no password and no mail is shown to it."""
    with pytest.raises(MailError, match=STRANGER) as refused:
        way(security).open()
    assert refused.value.hint == TRUST_HINT
    request.getfixturevalue("trusting")
    with pytest.raises(MailError, match=MISNAMED):
        way(security, "bounce.example.org").open()


@pytest.mark.usefixtures("trusting")
def test_an_expired_certificate_proves_nothing(laboratory: Laboratory) -> None:
    """Its day is over, so nothing is sent."""
    with pytest.raises(MailError, match="certificate has expired"):
        SmtpPost(NAME, EXPIRED_PORT, security="tls", timeout=20).open()


def stored(laboratory: Laboratory, name: str) -> None:
    """Lay a mail into the mailbox."""
    with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:
        smtp.sendmail(US, [BOX], f"Message-ID: <{name}@example.org>\r\n\r\nHello.\r\n".encode())
    waited(lambda: any(name in str(one["Message-ID"]) for one in laboratory.mails(BOX)), "the mail")


@pytest.mark.usefixtures("trusting")
@pytest.mark.parametrize("place", FOLDERS.values(), ids=list(FOLDERS))
def test_mailboxes_are_read_encrypted(
    laboratory: Laboratory, place: str, request: pytest.FixtureRequest
) -> None:
    """The bounces' and the archive alike, each mail in it; a wrong password is told."""
    name = request.node.callspec.id.replace(" ", "-")
    stored(laboratory, name)
    there = place.replace("HOST", NAME)
    assert archive_at(there, PASSWORD).held({f"<{name}@example.org>", "<none@example.org>"}) == {
        f"<{name}@example.org>"
    }
    with open_inbox(there, PASSWORD) as inbox:
        assert any(name.encode() in message for _, message in inbox.waiting())
    assert "TLS" in logins(laboratory)[-1]
    with pytest.raises(MailError, match="Authentication failed") as refused:
        archive_at(there, "wrong").held(set())
    assert "archive_at" in refused.value.hint


def logins(laboratory: Laboratory) -> list[str]:
    """Return the lines in which Dovecot has noted who logged in to that mailbox."""
    log = (laboratory.folder / "dovecot" / "log").read_text("utf-8", "replace")
    return [line for line in log.splitlines() if "Login:" in line and BOX in line]


@pytest.mark.parametrize("place", FOLDERS.values(), ids=list(FOLDERS))
def test_a_mailbox_that_proves_nothing_is_not_read(
    laboratory: Laboratory, place: str, request: pytest.FixtureRequest
) -> None:
    """Signed by nobody that we trust, or for another name: no password is shown, and a hint helps."""
    before = len(logins(laboratory))
    for host, why in ((NAME, STRANGER), ("bounce.example.org", MISNAMED)):
        with (
            pytest.raises(MailError, match=f"certificate is not believed: .*{why}") as refused,
            open_inbox(place.replace("HOST", host), PASSWORD),
        ):
            pass
        assert refused.value.hint == TRUST_HINT
        request.getfixturevalue("trusting")
    assert len(logins(laboratory)) == before
