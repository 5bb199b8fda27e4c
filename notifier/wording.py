"""How one text became another, word by word and never by half a word."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Literal

_WORD = re.compile(r"(?:\w+(?:[.,'’_-]\w+)*|[^\w\s])\s*")
_MOST_PAIRS = 4_000_000
"""Above so many pairs of words a comparison would cost seconds; such texts are shown as replaced whole."""
_MOST = 600
"""The most characters of one stretch that a mail shows."""
_MOST_PIECES = 24


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, went or came."""

    kind: Literal["same", "removed", "added"]
    text: str


def word_diff(before: str, after: str) -> tuple[Piece, ...]:
    """Return the pieces of both texts: all but the added spell `before`, all but the removed `after`."""
    if before == after:
        return _merged([Piece("same", before)])
    old, new = _WORD.findall(before), _WORD.findall(after)
    if len(old) * len(new) > _MOST_PAIRS:
        return _merged((Piece("removed", before), Piece("added", after)))
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new], False)
    pieces: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        if tag == "equal" and any(character.isalnum() for character in come):
            pieces.append(Piece("same", come))
        else:
            # A comma or dash between two replaced words goes with them, else each word would stand alone.
            pieces += [Piece("removed", gone), Piece("added", come)]
    return _merged(pieces)


def before_side(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces that spell the text as it was."""
    return _merged(piece for piece in pieces if piece.kind != "added")


def after_side(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Return the pieces that spell the text as it is."""
    return _merged(piece for piece in pieces if piece.kind != "removed")


def shortened(pieces: Iterable[Piece], around: int = 8) -> tuple[Piece, ...]:
    """Return the pieces as a mail shows them: unchanged stretches cut to `around` words at each change."""
    known = tuple(pieces)
    last = min(len(known), _MOST_PIECES) - 1
    short = tuple(_short(piece, i, last, around) for i, piece in enumerate(known[:_MOST_PIECES]))
    return short if last == len(known) - 1 else (*short, Piece("same", " …"))


def clip(text: str, most: int) -> str:
    """Return `text`, or its beginning up to a whole word and an ellipsis, in at most `most` characters."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    return (head.rsplit(None, 1)[0] if " " in head.strip() else head).rstrip(" ,;:.–-") + "…"


def _short(piece: Piece, i: int, last: int, around: int) -> Piece:
    if piece.kind == "same":
        return Piece(piece.kind, _middle_cut(piece.text, around, i > 0, i < last))
    return Piece(piece.kind, clip(piece.text, _MOST))


def _middle_cut(text: str, around: int, follows: bool, precedes: bool) -> str:
    words = text.split(" ")
    if len(words) <= 2 * around + 4:
        return clip(text, _MOST)
    head = words[:around] if follows else []
    tail = words[-around:] if precedes else []
    return " ".join([clip(" ".join(head), _MOST), "…", clip(" ".join(tail), _MOST)]).lstrip()


def _merged(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Join what stands between two unchanged stretches into one removed and one added piece, none empty."""

    def runs() -> Iterator[Piece]:
        for changed, run in groupby(pieces, key=lambda piece: piece.kind != "same"):
            members = list(run)
            for kind in ("removed", "added") if changed else ("same",):
                text = "".join(piece.text for piece in members if piece.kind == kind)
                if text:
                    yield Piece(kind, text)

    return tuple(runs())
