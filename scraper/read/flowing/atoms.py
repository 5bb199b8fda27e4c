"""The nouns of the flow: what an outline comes apart into when it is read from top to bottom."""

from dataclasses import dataclass

from scraper.read.fields.labels import Label
from scraper.read.outlining.grids import Grid
from scraper.read.outlining.outline import Group, Node, Outline

STRONG_CAPITALS, STRONG, CAPITALS = 7, 8, 9
"""The ranks of headings in disguise, below the six that HTML has."""

LONGEST_HEADING = 160
"""Characters of a line that can still be a heading."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters `start` to `end` of block `block`."""

    block: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, as marked up or in disguise; a smaller rank stands higher."""

    piece: Piece
    rank: int


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph, or what is left of one."""

    piece: Piece


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and its values; `label` is None where nobody knows what it announces."""

    label: Label | None
    name: Piece
    values: tuple[Piece, ...] = ()


@dataclass(frozen=True, slots=True)
class Listing:
    """A list."""

    group: Group


@dataclass(frozen=True, slots=True)
class DataTable:
    """A table whose rows or cells are records."""

    grid: Grid


@dataclass(frozen=True, slots=True)
class CardBox:
    """A card."""

    group: Group


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""


Atom = Heading | Prose | Pair | Listing | DataTable | CardBox | Rule


def cell_pieces(outline: Outline, node: Node) -> list[Piece]:
    """Return the blocks of a node as pieces, each whole."""
    return [Piece(number, 0, len(outline.blocks[number].text)) for number in outline.numbers(node)]
