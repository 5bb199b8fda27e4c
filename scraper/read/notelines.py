"""The lines of a page that a project's note may hold: what the site says for itself stays out."""

import re
from collections.abc import Iterable

from scraper.read.fields.statuses import heading_status, prose_status
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Piece
from scraper.read.layouts.drafts import lines_of, words
from scraper.read.outlining.furniture import furniture_rule
from scraper.read.outlining.outline import PAGE_TAIL, Outline

_PROJECT_IS = re.compile(
    r"(?:\W|\b(?:il|lo|la|the|le|ce|este|el|questo|this|progetto|project|projet|proyecto|das|ist|wurde|o|projekt|projec?to|foi|e|is|est|esta|sono|"
    r"stato|status|statut|estado|etat)\b)*"
)


def only_states_status(sentence: str) -> bool:
    """Tell a sentence that says nothing but how far the project is: Projet en cours. Proyecto finalizado."""
    status = prose_status(sentence) or heading_status(sentence)
    if not status:
        return False
    folded = fold(sentence)
    return _PROJECT_IS.fullmatch(folded[: status.start] + " " + folded[status.end :]) is not None


def note_lines(outline: Outline, pieces: Iterable[Piece]) -> list[Piece]:
    """Return the lines of some pieces in the order of the page, without the page's tail and the site's own
    lines."""
    own = [piece for piece in pieces if PAGE_TAIL not in outline.blocks[piece.block].names.split()]
    lines = [line for piece in own for line in lines_of(outline, piece)]
    told = [line for line in lines if not furniture_rule(words(outline, line))]
    return sorted(told, key=lambda line: (line.block, line.start))
