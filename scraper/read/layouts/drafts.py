"""A project before its fields are read: where its title, its labelled values and its prose stand."""

from dataclasses import dataclass

from scraper.read.flowing.atoms import Pair, Piece
from scraper.read.outlining.outline import Outline
from scraper.records import Layout


@dataclass(frozen=True, slots=True)
class Draft:
    """The pieces of a page that speak of one project.

    `headings` stand above it, the nearest first; `area` and `place` are a region's and a country's name that
    hold for it; `currency` is that of amounts which name none; `prose` is what else the page says of it;
    `role` is our role in it where the page states that once for several projects.
    """

    layout: Layout
    title: Piece | None
    pairs: tuple[Pair, ...] = ()
    prose: tuple[Piece, ...] = ()
    headings: tuple[Piece, ...] = ()
    area: Piece | None = None
    place: Piece | None = None
    currency: str | None = None
    role: Piece | None = None


def place_of(draft: Draft) -> tuple[int, int]:
    """Return where a draft stands on the page: at its title, else at its first value."""
    first = draft.title or next((piece for pair in draft.pairs for piece in pair.values), None)
    return (first.block, first.start) if first else (0, 0)


def words(outline: Outline, piece: Piece) -> str:
    """Return the text of a piece."""
    return outline.blocks[piece.block].text[piece.start : piece.end]


def whole(outline: Outline, number: int) -> Piece:
    """Return a block as one piece."""
    return Piece(number, 0, len(outline.blocks[number].text))


def lines_of(outline: Outline, piece: Piece) -> list[Piece]:
    """Return the lines of a piece, without the empty ones."""
    lines: list[Piece] = []
    start = piece.start
    for line in words(outline, piece).split("\n"):
        if line.strip():
            lead = len(line) - len(line.lstrip())
            lines.append(Piece(piece.block, start + lead, start + len(line.rstrip())))
        start += len(line) + 1
    return lines
