"""The lines of a page that a project's note may hold: what the site says for itself stays out."""

from collections.abc import Iterable

from scraper.read.flowing.atoms import Piece
from scraper.read.layouts.drafts import lines_of, words
from scraper.read.outlining.furniture import furniture_rule
from scraper.read.outlining.outline import PAGE_TAIL, Outline


def note_lines(outline: Outline, pieces: Iterable[Piece]) -> list[Piece]:
    """Return the lines of some pieces in the order of the page, without the page's tail and the site's own
    lines."""
    own = [piece for piece in pieces if PAGE_TAIL not in outline.blocks[piece.block].names.split()]
    lines = [line for piece in own for line in lines_of(outline, piece)]
    told = [line for line in lines if not furniture_rule(words(outline, line))]
    return sorted(told, key=lambda line: (line.block, line.start))
