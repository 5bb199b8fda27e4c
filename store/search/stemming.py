"""The words of a text as the index knows them: folded, stemmed, in ASCII; and where they stand in it."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

_WORD = re.compile(r"(?:[^\W\d_]\.){2,}[^\W\d_]?(?!\w)|[^\W_]+")
"""A word; letters with a dot after each, as in S.M.A.R.T., are one."""

_PLURAL = 4
"""From so many letters on, a final s is the plural of English, French and Spanish words."""

_LONGEST = 80
"""What is longer is no word, and databases refuse to index it."""

_italian = snowballstemmer.stemmer("italian")


def index_words(text: str) -> tuple[str, ...]:
    """Return the different words of a text as the index knows them, in their order."""
    return tuple(dict.fromkeys(word for _, _, word in _found(text)))


def marked(text: str, wanted: Collection[str]) -> tuple[tuple[str, bool], ...]:
    """Return the text in pieces, each with whether it is one of the `wanted` words of the index.

    The blanks after a word belong to it, as in the pieces of a word diff.
    """
    pieces, place = [], 0
    for start, end, word in _found(text):
        if word in wanted:
            after = end + len(text[end:]) - len(text[end:].lstrip())
            pieces += [(text[place:start], False), (text[start:after], True)]
            place = after
    pieces.append((text[place:], False))
    return tuple(piece for piece in pieces if piece[0])


def _found(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _WORD.finditer(text):
        if word := _indexed(match.group()):
            yield match.start(), match.end(), word


@lru_cache(65_536)
def _indexed(word: str) -> str:
    """Return a word without accents and endings.

    Accents fall before the endings do, so that "citta" finds "città". Letters outside ASCII become their
    code: the two databases disagree on where such words end, and on nothing in ASCII.
    """
    folded = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(letter for letter in folded if letter.isalnum())
    if len(letters) >= _PLURAL:
        letters = letters.removesuffix("s")
    stem = _italian.stemWord(letters)
    return (stem if stem.isascii() else f"x{stem.encode().hex()}")[:_LONGEST]
