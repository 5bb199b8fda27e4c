"""What kind of thing a body is: a page, plain text, or something that only claims to be one."""

import re
from enum import StrEnum

_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a media file"),
    (b"\x1f\x8b", "gzip data"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"%!PS", "a PostScript document"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"BM", None),
)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|div|p|h[1-6]|ul|main|section|article|title|meta|!--)\b",
    re.IGNORECASE,
)
_PAGE_START = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:(?><!--.*?-->)\s*)*+<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_FEED = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)(?:(?><!--.*?-->)\s*)*+<(?!!doctype\s+html|html)(?:!DOCTYPE\s+)?(\w[\w:-]*)",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(rb"^\s*[\[{]\s*[\"\[{]")
_HEAD = 4096
_HTML_TYPES = {"text/html", "application/xhtml+xml", ""}


class Medium(StrEnum):
    """How a body is to be read."""

    HTML = "html"
    TEXT = "text"
    OTHER = "other"


def media_type(content_type: str | None) -> str:
    """Return the bare media type of a Content-Type header, in lower case; "" where there is none."""
    return (content_type or "").split(";")[0].strip().lower()


def medium_of(body: bytes, content_type: str | None) -> tuple[Medium, str]:
    """Return how a body is to be read and, where it is not a page, what it is, in words.

    The bytes outweigh the label: sites serve PDFs as text/html, and HTML as text/plain.
    """
    head = body[:_HEAD].lstrip(b"\xef\xbb\xbf\x00 \t\r\n")
    for magic, name in _MAGIC:
        if name and head.startswith(magic):
            return Medium.OTHER, name
    label = media_type(content_type)
    if _PAGE_START.match(head):
        return Medium.HTML, ""
    if _JSON.match(head) and not _HTML.search(head):
        return Medium.OTHER, "JSON data"
    if feed := _FEED.match(head):
        return Medium.OTHER, f"XML ({feed[1].decode('ascii', 'replace')})"
    return _labelled(head, label)


def _labelled(head: bytes, label: str) -> tuple[Medium, str]:
    if label in _HTML_TYPES:
        return (Medium.OTHER, "binary data") if _is_binary(head) else (Medium.HTML, "")
    if label == "text/plain":
        return (Medium.OTHER, "binary data") if _is_binary(head) else (Medium.TEXT, "")
    if _HTML.search(head):
        return Medium.HTML, ""
    return Medium.OTHER, label


def _is_binary(head: bytes) -> bool:
    """Tell binary data by its control characters; UTF-16 text has NULs, but in every other place only."""
    if not head or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return False
    nulls = head.count(0)
    if nulls and abs(head[0::2].count(0) - head[1::2].count(0)) >= 0.9 * nulls:
        return False
    controls = sum(head.count(code) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return controls > 0.1 * len(head)
