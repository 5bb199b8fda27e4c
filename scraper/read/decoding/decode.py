"""Bytes to text: the encoding that the bytes are really in, whatever the page or the server says."""

import codecs
import re

from scraper.read.decoding.mojibake import repaired

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Charsets whose bytes cannot be taken for windows-1252. ISO-8859-2, -4 and windows-1250 are left out on
# purpose: on Italian, French, Spanish and English pages such a label is a known fault, and never the truth.
_TRUSTED = {"iso8859-15", "mac-roman", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp437", "cp850"}
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([a-z0-9_.:-]+)""", re.IGNORECASE)
_XML_ENCODING = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([a-z0-9_.:-]+)""", re.IGNORECASE)
_HEAD = 2048
_CONTROLS = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F])
_RUNS = re.compile(rb"[\x80-\xff]+")
# What misread UTF-8 begins with, and the lead bytes of Latin Extended-A: without any of them there is
# nothing to repair.
_MISREAD = "ÂÃÅâ"
_EXTENDED = (b"\xc4", b"\xc5")


def decoded(body: bytes, content_type: str | None = None) -> str:
    """Return the text of a body: NUL and control characters gone, misread letters repaired.

    A byte order mark decides; else bytes that are valid UTF-8 are UTF-8, whatever any label says; else a
    trusted label of the server or the page decides; else they are windows-1252 (36 of 36 on Italian pages).
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return _without_controls(body[len(mark) :].decode(encoding, "replace"))
    wide = _wide_encoding(body)
    if wide:
        return _without_controls(body.decode(wide, "replace"))
    return _narrow_text(body.translate(None, _CONTROLS), content_type)


def charset_of(body: bytes, content_type: str | None = None) -> str:
    """Return the charset that `decoded` takes the bytes of a body to be in, as codecs name it."""
    marked = next((encoding for mark, encoding in _MARKS if body.startswith(mark)), None)
    wide = marked or _wide_encoding(body)
    if wide:
        return wide
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        if _mostly_utf8(body):
            return "utf-8"
        label = _label(body, content_type)
        return label if label in _TRUSTED else "windows-1252"
    return "utf-8"


def _narrow_text(body: bytes, content_type: str | None) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        label = _label(body, content_type)
        if label in _TRUSTED and not _mostly_utf8(body):
            return body.decode(label, "replace")
        return repaired(_mixed_text(body))
    if body.isascii() or not (
        any(sign in text for sign in _MISREAD) or any(lead in body for lead in _EXTENDED)
    ):
        return text
    return repaired(text)


def _without_controls(text: str) -> str:
    return re.sub(r"[\x00-\x08\x0b\x0e-\x1f\x7f]", "", text)


def _wide_encoding(body: bytes) -> str | None:
    """Tell UTF-16 without a byte order mark by its NULs: every other byte of `<!` or of plain words."""
    start = body[:200]
    if len(start) < 4 or start.count(0) < len(start) // 3:
        return None
    odd, even = start[1::2].count(0), start[0::2].count(0)
    if odd > 4 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 4 * odd else None


def _label(body: bytes, content_type: str | None) -> str | None:
    head = body[:_HEAD]
    found = (
        _CHARSET.search((content_type or "").encode("ascii", "ignore"))
        or _XML_ENCODING.search(head)
        or _CHARSET.search(head)
    )
    if not found:
        return None
    try:
        return codecs.lookup(found[1].decode("ascii")).name
    except LookupError:
        return None


def _mostly_utf8(body: bytes) -> bool:
    """Tell a UTF-8 page with a few foreign bytes (a pasted banner, a cut character) from another.

    Letters of a single-byte Italian page almost never make a valid UTF-8 sequence, so one in two is plenty.
    """
    whole = broken = 0
    for run in _RUNS.findall(body):
        left = len(run.decode("utf-8", "ignore").encode("utf-8"))
        whole += left
        broken += len(run) - left
    return whole >= 2 * broken


def _mixed_text(body: bytes) -> str:
    if not _mostly_utf8(body):
        return body.decode("windows-1252", "coopwatch_latin1")
    return body.decode("utf-8", "coopwatch_windows1252")


def _windows_1252(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    end = error.start + 1
    if error.end == len(error.object) and error.reason == "unexpected end of data":
        return "", error.end  # the body was cut inside a character
    return error.object[error.start : end].decode("windows-1252", "coopwatch_latin1"), end


def _latin_1(error: UnicodeError) -> tuple[str, int]:
    """Take the five bytes that windows-1252 leaves undefined as controls, as browsers do."""
    assert isinstance(error, UnicodeDecodeError)
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("coopwatch_windows1252", _windows_1252)
codecs.register_error("coopwatch_latin1", _latin_1)
