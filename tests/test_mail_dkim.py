"""Signed mails: a verifier that is not ours believes them, and no longer once anything has changed."""

import re
from dataclasses import replace
from email import message_from_bytes
from pathlib import Path

import dkim
import pytest
from pydantic import ValidationError

from cli.wiring import mail_key
from notifier.dkim import DkimKey, create_dkim_key, read_dkim_key, relaxed_body
from notifier.message import Sender
from notifier.render import Letter
from scraper.errors import SettingsError
from settings import Settings
from tests.digest_samples import november
from tests.mail_samples import letter
from tests.test_mail_message import SENDER, written

DOMAIN, SELECTOR = "coopwatch.example.org", "autunno"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> DkimKey:
    """A new key."""
    return create_dkim_key(tmp_path_factory.mktemp("keys") / "dkim.key", DOMAIN, SELECTOR)


@pytest.fixture(scope="module")
def sender(key: DkimKey) -> Sender:
    """Somebody whose mails are signed."""
    return replace(SENDER, reply_to="persone@example.org", dkim=key)


def believed(message: bytes, key: DkimKey) -> bool:
    """Let dkimpy verify a message, with our record as what the DNS answers."""

    def record(name: bytes, timeout: int = 5) -> bytes | None:
        return key.record.encode() if name.decode().rstrip(".") == key.record_name else None

    try:
        return bool(dkim.verify(message, dnsfunc=record, minkey=1024))
    except dkim.DKIMException:
        return False


@pytest.mark.parametrize("language", ["it", "en", "fr"])
def test_check_01_a_digest_is_believed_and_a_flipped_byte_is_not(
    sender: Sender, key: DkimKey, language: str
) -> None:
    """An independent verifier says pass; with one byte of the body or of a signed field changed, fail."""
    message = written(letter(november(), language), sender)
    assert believed(message, key)
    middle = message.index(b"\r\n\r\n") + 2000
    assert not believed(message[:middle] + bytes([message[middle] ^ 1]) + message[middle + 1 :], key)
    for name in (b"Subject: ", b"List-Unsubscribe: <https", b"Message-ID: <"):
        assert not believed(message.replace(name, name + b"x", 1), key)


def test_check_02_everything_we_write_is_signed_and_from_twice(sender: Sender) -> None:
    """The h= of the signature names the fields that receivers ask for; no l= leaves an end open."""
    fields = message_from_bytes(written(sender=sender))
    tags = dict(tag.strip().split("=", 1) for tag in fields["DKIM-Signature"].split(";"))
    names = [name.strip().lower() for name in tags["h"].split(":")]
    wanted = "from to subject date message-id reply-to mime-version content-type list-id list-unsubscribe"
    assert {*wanted.split(), "list-unsubscribe-post", "feedback-id"} <= set(names)
    assert {name: names.count(name) for name in ("from", "to", "subject", "date")} == dict.fromkeys(
        ("from", "to", "subject", "date"), 2
    )
    assert "l" not in tags
    assert (tags["a"], tags["c"]) == ("rsa-sha256", "relaxed/relaxed")
    assert set(names) == {name.lower() for name in fields if name != "DKIM-Signature"}


def test_a_second_from_breaks_the_signature(sender: Sender, key: DkimKey) -> None:
    """Nobody can put another sender or subject on top of a signed mail."""
    message = written(sender=sender)
    for name in (b"From", b"Subject"):
        assert not believed(name + b": altri <x@evil.example>\r\n" + message, key)
        head, blank, body = message.partition(b"\r\n\r\n")
        assert not believed(head + b"\r\n" + name + b": altri <x@evil.example>" + blank + body, key)


@pytest.mark.parametrize(
    "text", ["a  b \t c  \n\n\n", "", "x", " \n", "l'  ultima riga   ", "€ à\n\n", "t" * 300 + "  \n x"]
)
def test_odd_bodies_are_believed(sender: Sender, key: DkimKey, text: str) -> None:
    """Blanks at line ends, empty lines at the end, nothing at all: both sides canonicalise alike."""
    assert believed(written(Letter("s", text, ""), sender), key)
    assert believed(written(Letter("s", text, f"<p>{text}"), sender, token=None), key)


def test_signed_bytes_are_the_same_twice(sender: Sender) -> None:
    """A signature has nothing random, so that a mail composed again is the same mail."""
    assert written(sender=sender) == written(sender=sender)


def test_lines_are_short_and_pieces_canonicalise_as_the_whole(sender: Sender) -> None:
    """No line of the head is above 998 bytes, and the signed body is that of the bytes sent."""
    head, _, body = written(letter(november()), sender).partition(b"\r\n\r\n")
    assert max(map(len, head.split(b"\r\n"))) <= 998
    relaxed = re.sub(rb"[ \t]+", b" ", re.sub(rb"[ \t]+\r\n", b"\r\n", body))
    assert relaxed_body([body, b"x \r\n\r\n"]) == (relaxed, b"x\r\n")


def test_a_key_is_its_owner_s_alone(tmp_path: Path) -> None:
    """It reads back as it was made; one that others can read, or that is none, is refused with a hint."""
    path = tmp_path / "keys" / "dkim.key"
    made = create_dkim_key(path, DOMAIN, SELECTOR)
    assert read_dkim_key(path, DOMAIN, SELECTOR).record == made.record
    assert path.stat().st_mode & 0o777 == 0o600 and made.private.key_size == 2048
    with pytest.raises(SettingsError):
        create_dkim_key(path, DOMAIN, SELECTOR)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="other users"):
        read_dkim_key(path, DOMAIN, SELECTOR)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(SettingsError, match="cannot be used"):
        read_dkim_key(path, DOMAIN, SELECTOR)


def test_unsigned_unless_set() -> None:
    """Without a key there is no signature."""
    assert b"DKIM-Signature" not in written()


def test_the_house_makes_its_key_once(tmp_path: Path) -> None:
    """With a selector in the settings a key is made and kept; another selector gets another key."""
    first = mail_key(Settings(data=tmp_path, dkim_selector="uno", mail_from="avvisi@example.it"))
    again = mail_key(Settings(data=tmp_path, dkim_selector="uno", mail_from="avvisi@example.it"))
    other = mail_key(Settings(data=tmp_path, dkim_selector="due", dkim_domain="ente.example.it"))
    assert first is not None and again is not None and other is not None
    assert first.record == again.record != other.record
    assert (first.record_name, other.record_name) == (
        "uno._domainkey.example.it",
        "due._domainkey.ente.example.it",
    )
    assert mail_key(Settings(data=tmp_path)) is None


@pytest.mark.parametrize("selector", ["../x", "a_b", "x y", "-a", "UNO"])
def test_a_selector_is_a_name_of_the_dns(selector: str, tmp_path: Path) -> None:
    """Nothing else comes into a file's name or a header."""
    with pytest.raises(ValidationError):
        Settings(data=tmp_path, dkim_selector=selector)
