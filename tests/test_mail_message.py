"""Messages as bytes: headers that nothing can break or inject, and bodies that say the same twice."""

import re
import unicodedata
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifier.headers import address_value, header_block, one_line, subject_value
from notifier.message import Sender, envelope_sender, message_id
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


def test_a_digest_says_who_it_is_from_and_how_to_leave() -> None:
    """From, To, Subject, list headers, one-click and the marks of a machine all stand there once."""
    fields = parsed(written(sender=replace(SENDER, reply_to="persone@example.org")))
    assert fields["From"] == "Città metropolitana <avvisi@coopwatch.example.org>"
    assert (fields["To"], fields["Reply-To"]) == ("ong@example.org", "persone@example.org")
    assert fields["Subject"] == LETTER.subject
    assert fields["List-Id"] == "coopwatch <digest.coopwatch.coopwatch.example.org>"
    assert fields["List-Unsubscribe"] == "<https://coopwatch.example.org/unsubscribe/t>"
    assert fields["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (fields["Auto-Submitted"], fields["Precedence"]) == ("auto-generated", "bulk")
    assert fields["Date"].datetime == START
    assert len({name.lower() for name in fields}) == len(fields.keys())


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


@given(st.text("abcXYZ019-_", min_size=1, max_size=900))
def test_a_link_of_any_length_stays_one_raw_line(token: str) -> None:
    """Python's own writer would encode a long List-Unsubscribe, and one-click would be dead."""
    link = f"https://coopwatch.example.org/unsubscribe/{token}"
    line = next(line for line in written(token=token).split(b"\r\n") if line.startswith(b"List-Unsubscribe:"))
    assert line == f"List-Unsubscribe: <{link}>".encode() and len(line) <= 998


WORDS = st.lists(
    st.one_of(
        st.sampled_from(
            ["città", "l’attività", "«in corso»", "à", "perché", "–", "été", "MC2CM", "100%", "=?", "🌍"]
        ),
        st.text(
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Zs"]), min_size=1
        ),
    ),
    min_size=1,
    max_size=40,
).map(" ".join)


@given(WORDS)
def test_subjects_come_out_as_they_went_in(subject: str) -> None:
    """No blank and no letter is lost, whatever mail program decodes them; lines stay short."""
    value = subject_value(subject)
    expected = " ".join(subject.split())[:200].rstrip()
    assert str(make_header(decode_header(value.replace("\r\n", "")))) == expected
    assert parsed(b"Subject: " + value.encode("ascii") + b"\r\n\r\n")["Subject"] == expected
    assert max(map(len, value.split("\r\n"))) <= 78


HOSTILE = [
    "x\r\nBcc: victim@example.org",
    "x\nBcc: victim@example.org",
    "x\rBcc: victim@example.org",
    "x\u2028Bcc: victim@example.org",
    "x\x85Bcc: victim@example.org",
    "x\x00y",
    "=?utf-8?q?x=0D=0ABcc:_victim=40example.org?=",
    "=?utf-8?b?eA0KQmNjOiB2aWN0aW1AZXhhbXBsZS5vcmc=?=",
    "à =?utf-8?q?x=0D=0ABcc:_victim=40example.org?=",
    "a\u202egnp.exe",
    "x\ud800y",
    "x" * 5000,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_scraped_words_cannot_add_a_header(text: str) -> None:
    """Line ends, encoded line ends and bidi marks in a title or a name leave the set of headers as it is."""
    plain = message_from_bytes(written()).keys()
    hostile = written(replace(LETTER, subject=text), replace(SENDER, name=text))
    assert message_from_bytes(hostile).keys() == plain == parsed(hostile).keys()
    assert not set("\r\n\x00\u2028\u202e\x85") & set(parsed(hostile)["Subject"].replace("x\r\nBcc", ""))


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
    assert envelope_sender(written()) == "avvisi@coopwatch.example.org"


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
