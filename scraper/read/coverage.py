"""What becomes of every visible text: a field, a named rule that leaves it out, or unread."""

import re
from collections.abc import Iterable, Iterator

from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.flowing.telltales import FIELDS
from scraper.read.layouts.drafts import Draft, words
from scraper.read.outlining.outline import Outline
from scraper.records import Project, Span

Ruled = tuple[str, Piece]
"""A named rule, and the text that it leaves out."""

_LONGEST_EMPTY = 40
_EMPTY = re.compile(
    r"[\W_]*(?:n\.?\s?[dca]\.?|n/[ad]|nessun[oa]?|none|aucune?|ningun[oa]?|da (?:definire|stabilire|"
    r"individuare)|in (?:corso|via|fase) di definizione|"
    r"to be (?:defined|confirmed)|tb[dc]|a (?:definir|confirmer|determinar|preciser)|por definir|"
    r"k\.? ?a\.?|keine angaben?|offen|noch offen|nao (?:disponivel|definid[oa]|aplicavel)|sem informacao|"
    r"non (?:disponibile|specificato|indicato|previsto)|not available|vari[eo]?|/)?[\W_]*"
)


def ruled_pieces(outline: Outline, draft: Draft, project: Project) -> Iterator[Ruled]:
    """Yield the text of a draft that is in no field of its project, with the rule that leaves it out."""
    for piece in draft.headings:
        yield "heading", piece
    for held in (draft.area, draft.place):
        if held:
            yield "heading", held
    if draft.role:
        yield (
            "told of several projects",
            Piece(draft.role.block, 0, len(outline.blocks[draft.role.block].text)),
        )
    if draft.title:
        yield "around a title", draft.title
    for piece in draft.prose:
        yield "told in a field", piece
    for pair in draft.pairs:
        yield "label", pair.name
        yield from _ruled_values(outline, pair, project)


def _ruled_values(outline: Outline, pair: Pair, project: Project) -> Iterator[Ruled]:
    """Yield a label's values that no field needs: it has no field, it is empty, or the field took its part
    of it."""
    for piece in pair.values:
        if pair.label not in FIELDS:
            yield "no field", piece
        elif piece.end - piece.start <= _LONGEST_EMPTY and _EMPTY.fullmatch(fold(words(outline, piece))):
            yield "empty value", piece
        elif any(_overlap(span, piece) for span in project.spans):
            yield "around a value", piece


def _overlap(span: Span, piece: Piece) -> bool:
    return span.block == piece.block and span.start < piece.end and span.end > piece.start


def rule_pieces(outline: Outline) -> Iterator[Ruled]:
    """Yield the blocks of an outline that a rule marks, and the title that no heading states."""
    for number, block in enumerate(outline.blocks):
        if block.rule or number == outline.title:
            yield block.rule or "page title", Piece(number, 0, len(block.text))


def unread_of(outline: Outline, pieces: Iterable[Piece]) -> tuple[str, ...]:
    """Return the text of the outline that none of `pieces` covers, block by block."""
    covered: dict[int, list[tuple[int, int]]] = {}
    for piece in pieces:
        covered.setdefault(piece.block, []).append((piece.start, piece.end))
    unread: list[str] = []
    for number, block in enumerate(outline.blocks):
        rest: list[str] = []
        place = 0
        for start, end in sorted(covered.get(number, [])):
            if start > place:
                rest.append(block.text[place:start])
            place = max(place, end)
        rest.append(block.text[place:])
        unread.extend(text.strip() for text in rest if re.search(r"\w", text))
    return tuple(unread)
