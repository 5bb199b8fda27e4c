"""Bytes to text: the letters that the bytes hold, whatever the page or the server claims."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read.decoding.decode import decoded
from scraper.read.decoding.media import Medium, medium_of

ITALIAN = "La città è più vicina perché l’attività – già «avviata» – costa 19.290,68 €; così può."


@pytest.mark.parametrize(
    "label", [None, "utf-8", "iso-8859-1", "windows-1252", "iso-8859-2", "us-ascii", "nonsense"]
)
@pytest.mark.parametrize(
    "encoding", ["utf-8", "windows-1252", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_text_is_decoded_whatever_its_label(encoding: str, label: str | None) -> None:
    """UTF-8, UTF-16 and windows-1252 bytes are told apart by themselves; a wrong label changes nothing."""
    meta = f'<meta charset="{label}">' if label else "<meta name=x>"
    content_type = f"text/html; charset={label}" if label else None
    assert decoded((meta + ITALIAN).encode(encoding), content_type) == meta + ITALIAN


def test_a_trusted_label_is_believed() -> None:
    """The euro sign of ISO-8859-15 is read by its label, where the bytes are not UTF-8."""
    assert decoded("costa 5 € già".encode("iso8859-15"), "text/html; charset=ISO-8859-15") == "costa 5 € già"


@pytest.mark.parametrize("charset", ["iso8859-2", "windows-1250", "iso8859-4"])
def test_letters_misread_as_central_european_are_ours_again(charset: str) -> None:
    """Western letters that an earlier program read as Central European or Baltic come back."""
    text = "La città ha più attività: così è nata l'unità, perché già può."
    misread = text.encode("windows-1252").decode(charset)
    assert decoded(misread.encode()) == text


def test_one_misread_word_on_a_right_page_is_put_right() -> None:
    """On a page that is right, only the words that end in a misread letter are touched."""
    assert decoded("La città e la Sovranitŕ; partner: Comune di Čačak e di Niš".encode()) == (
        "La città e la Sovranità; partner: Comune di Čačak e di Niš"
    )


@pytest.mark.parametrize("text", ["Comune di Čačak, Niš e Kovač", "Škoda", "Dōjō", "Łódź", "Māori", "Ünye"])
def test_foreign_names_keep_their_letters(text: str) -> None:
    """Letters of other languages are no fault where no Italian word proves one."""
    assert decoded(text.encode()) == text


def test_twice_encoded_text_is_read_once() -> None:
    """UTF-8 that was read as windows-1252 and saved again is repaired, curly quotes included."""
    text = "l’attività è “più” bella – già"
    assert decoded(text.encode().decode("windows-1252", "ignore").encode()).startswith("l’attività è ")


def test_a_few_foreign_bytes_do_not_spoil_utf8() -> None:
    """A Latin-1 word pasted into a UTF-8 page is read as such, and the rest stays."""
    assert (
        decoded("più città ".encode() * 5 + "così è".encode("latin-1") + b".") == "più città " * 5 + "così è."
    )


def test_a_character_cut_at_the_end_is_dropped() -> None:
    """A body that ends inside a character keeps everything before it."""
    assert decoded("Cooperazione è città".encode()[:-1]) == "Cooperazione è citt"


def test_control_characters_are_gone_without_cutting() -> None:
    """NUL and control characters vanish; what follows them stays."""
    assert decoded(b"Pro\x00get\x07ti\x1f in corso\n") == "Progetti in corso\n"


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))))
def test_any_utf8_text_without_signs_of_misreading_is_kept(text: str) -> None:
    """Decoding UTF-8 gives the text back, unless it holds what misreading leaves behind."""
    suspects = set("ÂÃÅâ\ufeff") | {chr(code) for code in range(0x100, 0x180)}
    if not suspects & set(text):
        assert decoded(b"<p>" + text.encode()) == "<p>" + text


@pytest.mark.parametrize(
    ("body", "content_type", "medium"),
    [
        (b"<!doctype html><p>x", "text/html", Medium.HTML),
        (b"<!doctype html><p>x", "text/plain", Medium.HTML),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE html><html>", "application/xhtml+xml", Medium.HTML),
        (b"Progetti in corso", "text/plain; charset=utf-8", Medium.TEXT),
        (b"Progetti in corso", "text/html", Medium.HTML),
        (b"%PDF-1.7 x", "text/html", Medium.OTHER),
        (b"PK\x03\x04", "application/octet-stream", Medium.OTHER),
        (b'{"a": 1}', "text/html", Medium.OTHER),
        (b"<?xml version='1.0'?><rss></rss>", "text/html", Medium.OTHER),
        (bytes(range(1, 32)) * 20, "text/html", Medium.OTHER),
        ("<html>è</html>".encode("utf-16"), "text/html", Medium.HTML),
    ],
)
def test_the_bytes_outweigh_the_label(body: bytes, content_type: str, medium: Medium) -> None:
    """A PDF under text/html is no page, and a page under text/plain is one."""
    assert medium_of(body, content_type)[0] is medium
