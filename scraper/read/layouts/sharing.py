"""What a page says once for several projects: our role in all that stand below, the currency of all sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scraper.read.fields.amounts import stated_currency
from scraper.read.fields.sharedroles import heading_role, shared_role
from scraper.read.flowing.atoms import Piece, Prose
from scraper.read.flowing.chapters import Chapter
from scraper.read.layouts.drafts import Draft, place_of, words
from scraper.read.outlining.outline import Outline


@dataclass(frozen=True, slots=True)
class Shared:
    """Words that give our role in the projects below them, as far as the heading they stand under reaches;
    None reaches all."""

    role: Piece
    under: Piece | None
    place: tuple[int, int]


def shared_roles(outline: Outline, chapters: Sequence[Chapter], names: Sequence[str]) -> list[Shared]:
    """Return the statements of a page about our role in several projects, in order."""
    return [shared for chapter in chapters for shared in _said(outline, chapter, names)]


def _said(outline: Outline, chapter: Chapter, names: Sequence[str]) -> Iterator[Shared]:
    heading = chapter.heading.piece if chapter.heading else None
    if heading and (found := heading_role(words(outline, heading), names)):
        yield _shared(heading, found.start, found.end, heading)
    for atom in chapter.atoms:
        if isinstance(atom, Prose) and (found := shared_role(words(outline, atom.piece), names)):
            yield _shared(atom.piece, found.start, found.end, heading)


def _shared(piece: Piece, start: int, end: int, under: Piece | None) -> Shared:
    role = Piece(piece.block, piece.start + start, piece.start + end)
    return Shared(role, under, (piece.block, piece.start))


def with_shared(draft: Draft, shared: Sequence[Shared]) -> Draft:
    """Return a draft with the nearest statement above it that reaches it."""
    place = place_of(draft)
    reaching = [
        one for one in shared if one.place < place and (one.under is None or one.under in draft.headings)
    ]
    return replace(draft, role=reaching[-1].role) if reaching else draft


def shared_currency(outline: Outline, chapters: Sequence[Chapter], bands: Sequence[Piece]) -> str | None:
    """Return the one currency that a heading, a paragraph or a row across a table gives for all sums."""
    prose = (atom.piece for chapter in chapters for atom in chapter.atoms if isinstance(atom, Prose))
    heads = (chapter.heading.piece for chapter in chapters if chapter.heading)
    named = {stated_currency(words(outline, piece)) for piece in (*prose, *heads, *bands)} - {None}
    return named.pop() if len(named) == 1 else None
