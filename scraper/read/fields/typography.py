"""What type does to words: text without invisible characters, and words folded for comparison."""

import re
import unicodedata
from functools import lru_cache

_GONE = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A),  # bidi controls
        0x180E, *range(0x200B, 0x200E), 0x2060, 0x2061, 0x2062, 0x2063, 0x2064, 0xFEFF,  # zero width
        *range(0xFE00, 0xFE10),  # variation selectors, left behind by emoji
        *range(0x09), *range(0x0E, 0x20), *range(0x7F, 0x85), *range(0x86, 0xA0),  # controls but white space
    ]
)  # fmt: skip
_SPACES = re.compile(r"[\s\u2028\u2029]+")
_APOSTROPHES = dict.fromkeys("'`´‘’‛ʼʹ′＇", "'")
_DASHES = dict.fromkeys("-‐‑‒–—―−﹣－", "-")
_QUOTES = dict.fromkeys('"“”„‟«»″＂', '"')
_LETTERS = {"ß": "s", "æ": "a", "œ": "o", "ø": "o", "đ": "d", "ł": "l", "ı": "i"}
_PLAIN = {**_APOSTROPHES, **_DASHES, **_QUOTES, **_LETTERS}


_SHORT = 1000  # longer texts are not worth remembering


class _Folded(dict[int, str]):
    """A translation table that fills itself: each character to one plain lower-case character."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


def _fold_character(character: str) -> str:
    if character.isspace():
        return " "
    lower = unicodedata.normalize("NFD", character.lower())[0]
    return _PLAIN.get(lower, lower)


_FOLDED = _Folded()


def clean(text: str) -> str:
    """Return `text` in one line, in NFC, with single ordinary spaces and without anything invisible."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.translate(_GONE))).strip()


def fold(text: str) -> str:
    """Return `text` for comparing words: lower case, no accents, one kind of each mark.

    Each character becomes exactly one, so that what is found in the folded text stands there in `text` too.
    """
    return _folded_once(text) if len(text) <= _SHORT else text.translate(_FOLDED)


@lru_cache(maxsize=4096)
def _folded_once(text: str) -> str:
    return text.translate(_FOLDED)


@lru_cache(maxsize=4096)
def folded_words(text: str) -> tuple[str, ...]:
    """Return the folded words (letters and digits) of `text`, for comparing names however they are typed."""
    return tuple(re.findall(r"[^\W_]+", fold(text)))


def shouts(text: str) -> bool:
    """Tell whether `text` is in capitals throughout, so that capitals say nothing about one word of it."""
    letters = [character for character in text if character.isalpha()]
    return bool(letters) and sum(character.isupper() for character in letters) >= 0.9 * len(letters)
