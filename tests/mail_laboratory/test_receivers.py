"""What receivers make of our mails: who they believe they come from, and whether they look like spam."""

import re
import smtplib
from concurrent.futures import ThreadPoolExecutor
from email.message import Message
from functools import partial

import pytest

from notifier.dkim import DkimKey
from tests.bounce_samples import PATHS
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import NAME, SMTP_PORT
from tests.mail_laboratory.samples import digest_message, sender
from tests.mail_laboratory.scoring import assassin_scores, is_believed, rspamd_scores

pytestmark = pytest.mark.mail

DIGESTS = 200
SCORED = 30


def handed_over(messages: list[tuple[int, str, bytes]]) -> None:
    """Hand Postfix messages as deliveries with these numbers, over four connections at a time."""

    def send(part: list[tuple[int, str, bytes]]) -> None:
        with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:
            for number, recipient, message in part:
                path = PATHS.envelope_sender(number)
                assert path is not None
                smtp.sendmail(path, [recipient], message)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, [messages[start::4] for start in range(4)]))


def verdicts(mail: Message) -> dict[str, str]:
    """Return what our own receiver says of DKIM, SPF and DMARC (RFC 8601); nobody else's word counts."""
    found = {}
    for field in mail.get_all("Authentication-Results", []):
        server, _, results = str(field).partition(";")
        if server.strip() == NAME:
            method, _, result = results.strip().partition("=")
            found[method] = result.split()[0].rstrip(";")
    return found


def test_check_01_every_receiver_believes_our_mails(laboratory: Laboratory, dkim_key: DkimKey) -> None:
    """Of 200 digests in three languages all pass DKIM, SPF and DMARC; with a byte flipped, none."""
    us = sender(dkim_key)
    messages = [
        (n, "believed@example.net", digest_message(n, "believed@example.net", us)) for n in range(DIGESTS)
    ]
    handed_over(messages)
    assert waited(lambda: len(laboratory.mails("believed@example.net")) == DIGESTS, "200 digests")

    passed = {"dkim": "pass", "spf": "pass", "dmarc": "pass"}
    assert [verdicts(mail) for mail in laboratory.mails("believed@example.net")] == [passed] * DIGESTS

    for n in range(0, DIGESTS, 40):
        whole = digest_message(n, "doubted@example.net", us)
        place = whole.index(b"\r\n\r\n") + 1000
        handed_over(
            [(n, "doubted@example.net", whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])]
        )
    assert waited(lambda: len(laboratory.mails("doubted@example.net")) == 5, "the bent ones")
    assert {verdicts(mail)["dkim"] for mail in laboratory.mails("doubted@example.net")} == {"fail"}


@pytest.fixture(scope="module")
def received(laboratory: Laboratory, dkim_key: DkimKey) -> list[bytes]:
    """30 digests as they lie in a mailbox."""
    us = sender(dkim_key)
    handed_over(
        [(n, "scored@example.net", digest_message(n, "scored@example.net", us)) for n in range(SCORED)]
    )
    assert waited(lambda: len(laboratory.mails("scored@example.net")) == SCORED, "30 digests")
    mails = laboratory.raw_mails("scored@example.net")
    assert waited(lambda: is_believed(mails[0]), "rspamd")
    return mails


@pytest.mark.parametrize(("judge", "most"), [("SpamAssassin", 1.0), ("rspamd", 0.0)])
def test_check_12_our_digests_do_not_look_like_spam(
    laboratory: Laboratory, received: list[bytes], judge: str, most: float
) -> None:
    """No digest of 30 scores more than that, and six score more once they are broken: the gate bites."""
    scores = rspamd_scores if judge == "rspamd" else partial(assassin_scores, laboratory.folder)
    good = scores(received)
    assert max(good) <= most, good
    broken = [bent for one in received[:6] for bent in broken_variants(one)]
    worse = scores(broken)
    assert [n for n, score in enumerate(worse) if score <= good[n // 4]] == [], worse


def broken_variants(message: bytes) -> list[bytes]:
    """Return a mail without a date, with a shouting subject, with links to numbers, and as HTML alone."""
    head, _, body = message.partition(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    undated = [line for line in lines if not line.startswith(b"Date:")]
    shouting = re.sub(
        rb"(?m)^Subject:[^\r]*(\r\n[ \t][^\r]*)*", b"Subject: FREE MONEY FOR YOU, ACT NOW OR NEVER", head
    )
    html = body[body.index(b"Content-Type: text/html") :]
    html_head, _, html_body = html.partition(b"\r\n\r\n")
    alone = [line for line in lines if not line.startswith((b"Content-Type:", b' boundary="'))]
    return [
        b"\r\n".join(undated) + b"\r\n\r\n" + body,
        shouting + b"\r\n\r\n" + body,
        head + b"\r\n\r\n" + body.replace(b"https://coopwatch.example.org", b"http://198.51.100.7"),
        b"\r\n".join(alone) + b"\r\n" + html_head + b"\r\n\r\n" + html_body,
    ]
