"""How one text became another, word by word and never by half a word."""

import re
from collections.abc import Iterable
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


@dataclass(frozen=True, slots=True)
class Step:
    """A stretch as it reads in the one text and in the other; where it is the `same`, blanks may differ."""

    same: bool
    before: str
    after: str


def word_steps(before: str, after: str) -> tuple[Step, ...]:
    """Return the steps that lead from one text to the other, unchanged and changed ones in turn."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if before == after or len(old) * len(new) > _MOST_PAIRS:
        return _merged([Step(before == after, before, after)])
    matcher = SequenceMatcher(None, [word.rstrip() for word in old], [word.rstrip() for word in new], False)
    codes = matcher.get_opcodes()
    steps = []
    for place, (tag, i, j, k, m) in enumerate(codes):
        gone, come = "".join(old[i:j]), "".join(new[k:m])
        # A comma or dash between two replaced words goes with them, else each word would stand alone.
        between = 0 < place < len(codes) - 1 and not any(character.isalnum() for character in come)
        steps.append(Step(tag == "equal" and not between, gone, come))
    return _merged(steps)


def word_diff(steps: Iterable[Step]) -> tuple[Piece, ...]:
    """Return both texts in one: what went stands before what came in its place."""
    pieces: list[Piece] = []
    for step in steps:
        if step.same:
            pieces.append(Piece("same", max(step.after, step.before, key=len)))
        else:
            pieces += [Piece("removed", step.before), Piece("added", step.after)]
    return tuple(piece for piece in pieces if piece.text)


def before_side(steps: Iterable[Step]) -> tuple[Piece, ...]:
    """Return the text as it was, with what went marked."""
    return tuple(Piece("same" if step.same else "removed", step.before) for step in steps if step.before)


def after_side(steps: Iterable[Step]) -> tuple[Piece, ...]:
    """Return the text as it is, with what came marked."""
    return tuple(Piece("same" if step.same else "added", step.after) for step in steps if step.after)


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
    words = text.split()
    if len(words) <= 2 * around + 4:
        return clip(text, _MOST)
    head = clip(" ".join(words[:around]), _MOST) + " " if follows else ""
    tail = " " + clip(" ".join(words[-around:]), _MOST) if precedes else ""
    return f"{head}…{tail}{' ' if text[-1].isspace() else ''}"


def _merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Join neighbouring steps of one kind, and drop empty ones."""
    joined = []
    for same, run in groupby(steps, key=lambda step: step.same):
        members = list(run)
        before, after = "".join(step.before for step in members), "".join(step.after for step in members)
        if before or after:
            joined.append(Step(same, before, after))
    return tuple(joined)
