"""When two texts, lists or addresses say the same: typography and session ids are no change."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from scraper.records import Value

_SAME_GLYPHS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛`´′ʼ＇", "'"),
        **dict.fromkeys("“”„‟«»″‹›＂", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘－", "-"),
        **dict.fromkeys("•·∙●▪◦", " "),
        "º": "°",
        "ª": "a",
        "\u00ad": None,  # soft hyphen
    }
)
_SESSION = re.compile(
    r"^(php|asp|j)?sess(ion)?_?(id)?$|^(sid|zenid|cfid|cftoken|fbclid|gclid|utm_\w+|_ga|token|nonce|rand|ts)$",
    re.IGNORECASE,
)


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """Return `text` reduced to what it says: case, white space, quotes, dashes and closing stops undone.

    A corrected letter stays a difference; an accent typed as an apostrophe (citta') does not.
    """
    text = text.translate(_SAME_GLYPHS)
    text = unicodedata.normalize("NFKC", text).translate(_SAME_GLYPHS)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf").casefold()
    text = re.sub(r"(?<=\d)\^", "a", text)  # 2^ fase
    text = unicodedata.normalize("NFD", text)
    text = unicodedata.normalize("NFC", re.sub(r"([aeiou])[\u0300\u0301](?!\w)", r"\1'", text))
    text = re.sub(r"\s*-\s*", "-", re.sub(r"-{2,}", "-", text))
    text = re.sub(r"\s*'\s*", "'", text)
    text = re.sub(r"\s+(?=[.,;:!?%)\]])|(?<=[(\[])\s+", "", text)
    return re.sub(r"\s+", " ", text).strip(" .,;:-\u2026")


@lru_cache(maxsize=100_000)
def plain_link(link: str) -> str:
    """Return an address without scheme, session ids, fragment and closing slash."""
    parts = urlsplit(link.strip())
    path = re.sub(r";jsessionid=[^/?]*", "", unquote(parts.path), flags=re.IGNORECASE).rstrip("/")
    kept = sorted((key, value) for key, value in parse_qsl(parts.query) if not _SESSION.match(key))
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{path}?{urlencode(kept)}" if kept else f"{host}{path}"


def plain_set(items: Iterable[str]) -> frozenset[str]:
    """Return what a list says: its items without order, repetition and typography."""
    return frozenset(plain(item) for item in items)


def says_the_same(field: str, before: Value, after: Value) -> bool:
    """Tell whether two values of a field differ in nothing that a reader would call a change."""
    if _empty(before) or _empty(after):
        return _empty(before) and _empty(after)
    if isinstance(before, tuple) and isinstance(after, tuple):
        return plain_set(before) == plain_set(after)
    if isinstance(before, str) and isinstance(after, str):
        return _reduced(field, before) == _reduced(field, after)
    if isinstance(before, float | int) and isinstance(after, float | int):
        return abs(before - after) < 0.005
    return before == after


def _reduced(field: str, text: str) -> str:
    if field == "link":
        return plain_link(text)
    return plain(text).replace(".", "") if field in {"acronym", "cup"} else plain(text)


def _empty(value: Value) -> bool:
    return value is None or value in ((), "")
