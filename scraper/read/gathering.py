"""The pieces of one draft, asked field by field; what they say is noted with where it stands."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from scraper.read.fields.found import Found
from scraper.read.fields.labels import Label
from scraper.read.fields.typography import clean
from scraper.read.flowing.atoms import Piece
from scraper.read.layouts.drafts import Draft, words
from scraper.read.ourselves import Body
from scraper.read.outlining.outline import Outline
from scraper.records import Span

T = TypeVar("T")

_BRACKET = re.compile(r"\([^()]*\)")


class Gathering:
    """One draft's pieces; `spans` collects where its values stand."""

    def __init__(self, outline: Outline, draft: Draft, body: Body) -> None:
        self.outline = outline
        self.draft = draft
        self.body = body
        self.spans: list[Span] = []
        self.values: dict[Label | None, list[Piece]] = {}
        for pair in draft.pairs:
            self.values.setdefault(pair.label, []).extend(pair.values)

    def _text(self, piece: Piece) -> str:
        return words(self.outline, piece)

    def _values(self, *labels: Label) -> list[Piece]:
        return [piece for label in labels for piece in self.values.get(label, ())]

    def _brackets(self, *labels: Label) -> list[Piece]:
        """Return what stands in brackets in values: Kita, Mali (Settembre 2025 - in corso)."""
        return [
            Piece(piece.block, piece.start + match.start() + 1, piece.start + match.end() - 1)
            for piece in self._values(*labels)
            for match in _BRACKET.finditer(self._text(piece))
        ]

    def _at(self, field: str, piece: Piece, found: Found[T]) -> T:
        """Note where a value stands, and return it."""
        start, end = piece.start + found.start, piece.start + found.end
        quote = self.outline.blocks[piece.block].text[start:end]
        self.spans.append(Span(field, piece.block, start, end, quote))
        return found.value

    def _first(
        self, field: str, pieces: Iterable[Piece], finder: Callable[[str], Found[T] | None]
    ) -> T | None:
        for piece in pieces:
            found = finder(self._text(piece))
            if found:
                return self._at(field, piece, found)
        return None

    def _every(
        self, field: str, pieces: Iterable[Piece], finder: Callable[[str], Sequence[Found[T]]]
    ) -> tuple[T, ...]:
        values: list[T] = []
        for piece in pieces:
            for found in finder(self._text(piece)):
                value = self._at(field, piece, found)
                if value not in values:
                    values.append(value)
        return tuple(values)

    def _plain(self, field: str, piece: Piece | None) -> str | None:
        if piece is None:
            return None
        text = self._text(piece)
        return self._at(field, piece, Found(clean(text), 0, len(text))) or None
