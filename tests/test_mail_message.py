"""Messages as bytes: headers that nothing can break or inject, and bodies that say the same twice."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.envelope import envelope_sender
from notifier.headers import address_value, header_block, one_line, subject_value
from notifier.message import Sender, message_id
from notifier.render import TOKEN_PLACE, Letter
from notifier.stencil import printed, stencil
from tests.digest_samples import START

SENDER = Sender("avvisi@coopwatch.example.org", "Città metropolitana", "https://coopwatch.example.org")
LETTER = Letter("Novità: MC2CM è «in corso»", "Testo piano à la carte\n", "<p>HTML è</p>")


def written(
    letter: Letter = LETTER,
    sender: Sender = SENDER,
    token: str | None = "t",
    recipient: str = "ong@example.org",
    at: datetime = START,
) -> bytes:
    """Return a message to a reader."""
    identifier = message_id("digest", "1/8", sender.domain)
    return printed(stencil(letter, sender), recipient=recipient, identifier=identifier, at=at, token=token)


def parsed(message: bytes) -> EmailMessage:
    """Read a message as a modern mail program does."""
    found = BytesParser(policy=default).parsebytes(message)
    assert isinstance(found, EmailMessage)
    return found


def test_a_confirmation_carries_no_list_headers() -> None:
    """Who has not subscribed yet has nothing to leave by one click."""
    assert not [name for name in parsed(written(token=None)) if name.startswith("List-")]


def test_text_comes_before_html_in_short_lines() -> None:
    """Both parts survive, text first, and no line of the body is longer than 76 bytes."""
    message = written(replace(LETTER, text="à" * 500 + "\n", html="<p>" + "è" * 3000 + "</p>"))
    parts = [part for part in parsed(message).walk() if not part.is_multipart()]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    assert [part.get_content().strip() for part in parts] == ["à" * 500, "<p>" + "è" * 3000 + "</p>"]
    head, _, body = message.partition(b"\r\n\r\n")
    assert max(map(len, body.split(b"\r\n"))) <= 76 and max(map(len, head.split(b"\r\n"))) <= 998
    assert b"\n" not in message.replace(b"\r\n", b"") and message.isascii()


def test_the_same_delivery_makes_the_same_bytes() -> None:
    """Nothing in a message is random: date, boundary and Message-ID come from the delivery."""
    assert written() == written()
    assert message_id("digest", "1/8", "x.org") == message_id("digest", "1/8", "x.org")
    assert message_id("digest", "1/8", "x.org") != message_id("digest", "1/9", "x.org")
    assert re.fullmatch(r"<digest\.[0-9a-f]{32}@x\.org>", message_id("digest", "1/8", "x.org"))


def test_half_characters_are_left_out_and_long_names_cut() -> None:
    """What is no text at all stops no mail: other parts of the same message arrive."""
    message = parsed(
        written(replace(LETTER, subject="x\ud800y", text="x\ud800y"), replace(SENDER, name="x" * 999))
    )
    assert message["Subject"] == "xy"
    assert message["From"].addresses[0].display_name.replace(" ", "") == "x" * 100  # Python adds a blank


def test_an_encoded_word_in_a_title_stays_a_word() -> None:
    """What looks encoded already is encoded once more, so that nobody decodes what a page has smuggled in."""
    text = "=?utf-8?q?x=0D=0ABcc:_victim=40example.org?="
    value = subject_value(text)
    assert str(make_header(decode_header(value.replace("\r\n", "")))) == text
    assert text not in value


@given(st.text())
def test_one_line_is_one_line(text: str) -> None:
    """Whatever comes in, what comes out has no line end and nothing invisible but the blank."""
    clean = one_line(text)
    assert len(clean.splitlines()) <= 1 and clean == clean.strip()
    assert not {unicodedata.category(character) for character in clean} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@pytest.mark.parametrize("value", ["à", "a\r\nb", "a\nb", "a\r\n", "a\0"])
def test_an_unsafe_value_is_refused(value: str) -> None:
    """What the encoders did not make safe does not leave the house."""
    with pytest.raises(ValueError, match="X-Test"):
        header_block([("X-Test", value)])


def test_names_are_quoted_as_they_need_it() -> None:
    """A comma is quoted, an accent encoded, an empty name left out."""
    assert address_value("", "a@b.it") == "a@b.it"
    assert address_value("Rossi, Anna", "a@b.it") == '"Rossi, Anna" <a@b.it>'
    assert address_value("Città", "a@b.it").startswith("=?utf-8?")


def test_the_envelope_sender_is_the_from() -> None:
    """A mail server reports to the address that the message says it is from."""
    assert envelope_sender(written(), 1, None) == "avvisi@coopwatch.example.org"


def test_a_mail_of_later_says_so() -> None:
    """Another instant makes another date, and nothing else."""
    later = written(at=START + timedelta(days=1))
    assert parsed(later)["Date"].datetime == START + timedelta(days=1)
    changed = {
        old for old, new in zip(written().split(b"\r\n"), later.split(b"\r\n"), strict=True) if old != new
    }
    assert [line.split(b":")[0] for line in changed] == [b"Date"]


LETTERS = st.text(max_size=400)
TOKENS = st.text("abcXYZ019-_", min_size=1, max_size=300)


@given(LETTERS, LETTERS, LETTERS, TOKENS)
def test_a_printed_message_says_what_was_set_with_the_reader_s_token(
    first: str, middle: str, last: str, token: str
) -> None:
    """Whatever is around the tokens, both parts decode to the letter's words with the reader's in them."""
    words = f"{first}{TOKEN_PLACE}{middle} {TOKEN_PLACE}\n{last}"
    message = written(Letter("s", words, f"<p>{words}"), token=token)
    said = words.replace("\r\n", "\n").replace("\r", "\n").replace(TOKEN_PLACE, token)
    parts = [part for part in parsed(message).walk() if not part.is_multipart()]
    found = [part.get_payload(decode=True).decode().replace("\r\n", "\n") for part in parts]  # type: ignore[union-attr]
    assert found == [said, f"<p>{said}"]
    assert max(map(len, message.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76
    assert message.isascii() and b"\r" not in message.replace(b"\r\n", b"")
