"""What becomes of every visible text: a field, a named rule that leaves it out, or unread."""

import re
from collections.abc import Iterable

from scraper.read.flowing.flow import Piece
from scraper.read.layouts.drafts import Draft
from scraper.read.outlining.outline import Outline


def pieces_of(draft: Draft) -> list[Piece]:
    """Return every piece that a draft holds."""
    pieces = [*draft.prose, *draft.headings]
    pieces.extend(piece for piece in (draft.title, draft.area, draft.place) if piece)
    for pair in draft.pairs:
        pieces.append(pair.name)
        pieces.extend(pair.values)
    return pieces


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
