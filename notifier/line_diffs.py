"""How one text of many lines became another: lines that went, came, or changed in some words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from notifier.word_diffs import Piece, word_diff, word_steps

_MOST_PAIRS = 4_000_000
"""Above so many pairs of lines a comparison would cost seconds; such texts are shown as replaced whole."""

_CONTEXT = 1
"""So many lines that stayed are shown before and after those that differ."""


@dataclass(frozen=True, slots=True)
class LineStep:
    """One line, or with kind "skipped" some that stayed and are not shown (`count` of them)."""

    kind: Literal["same", "removed", "added", "changed", "skipped"]
    pieces: tuple[Piece, ...] = ()
    count: int = 1


def line_diff(before: Sequence[str], after: Sequence[str]) -> tuple[LineStep, ...]:
    """Return the lines that differ, with their nearest neighbours; nothing where none does."""
    if tuple(before) == tuple(after):
        return ()
    return tuple(_steps(before, after))


def _steps(before: Sequence[str], after: Sequence[str]) -> Iterator[LineStep]:
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "equal":
            yield from _unchanged(after[k:m], first=k == 0, last=m == len(after))
        elif j - i == m - k:
            for old, new in zip(before[i:j], after[k:m], strict=True):
                yield from _replaced(old, new)
        else:
            yield from (_whole("removed", line) for line in before[i:j])
            yield from (_whole("added", line) for line in after[k:m])


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(before) * len(after) > _MOST_PAIRS:
        return [("replace", 0, len(before), 0, len(after))]
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _unchanged(lines: Sequence[str], first: bool, last: bool) -> Iterator[LineStep]:
    head = () if first else lines[:_CONTEXT]
    rest = lines[len(head) :]
    tail = () if last else rest[max(0, len(rest) - _CONTEXT) :]
    yield from (_whole("same", line) for line in head)
    if skipped := len(rest) - len(tail):
        yield LineStep("skipped", count=skipped)
    yield from (_whole("same", line) for line in tail)


def _replaced(old: str, new: str) -> Iterator[LineStep]:
    """Yield one line with its changed words where most of it stayed, else one that went and one that came."""
    pieces = word_diff(word_steps(old, new))
    stayed = sum(len(piece.text) for piece in pieces if piece.kind == "same")
    if 2 * stayed >= max(len(old), len(new)):
        yield LineStep("changed", pieces)
    else:
        yield _whole("removed", old)
        yield _whole("added", new)


def _whole(kind: Literal["same", "removed", "added"], line: str) -> LineStep:
    return LineStep(kind, (Piece(kind, line),))
