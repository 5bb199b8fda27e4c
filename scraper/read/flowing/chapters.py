"""Chapters: each heading with what stands under it, and the headings above it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scraper.read.fields.labels import Label
from scraper.read.flowing.atoms import Atom, CardBox, DataTable, Heading, Pair, Piece, Prose
from scraper.read.flowing.telltales import is_area, is_place
from scraper.read.layouts.drafts import words
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import Outline

_DECIDING = {HeadingKind.PROJECTS, HeadingKind.OTHER}


@dataclass(slots=True)
class Chapter:
    """A heading, what stands directly under it, and the headings above it, the nearest first."""

    heading: Heading | None
    kind: HeadingKind
    above: tuple[Piece, ...]
    among_projects: bool = False
    named_above: Piece | None = None
    placed: bool = False
    place: Piece | None = None
    area: Piece | None = None
    atoms: list[Atom] = field(default_factory=list)

    @property
    def headings(self) -> tuple[Piece, ...]:
        """The chapter's own heading and those above it, the nearest first."""
        return ((self.heading.piece,) if self.heading else ()) + self.above


def chapters_of(outline: Outline, atoms: Sequence[Atom]) -> list[Chapter]:
    """Return the chapters of a flow, in order; what stands before the first heading is a chapter without one.

    A heading that gives a status, or that is general, stands above titles even where it is marked up like
    them.
    """
    name = (
        Piece(outline.title, 0, len(outline.blocks[outline.title].text))
        if outline.title is not None
        else None
    )
    chapters = [Chapter(None, HeadingKind.GENERAL, (), named_above=name)]
    standing: list[tuple[Heading, HeadingKind]] = []
    for atom in atoms:
        if not isinstance(atom, Heading):
            chapters[-1].atoms.append(atom)
            continue
        for heading in _split(outline, atom):
            kind = _kind(words(outline, heading.piece))
            parted = _is_parted(chapters[-1], heading)
            while standing and _gives_way(standing[-1], heading, kind, parted):
                parted = standing.pop()[0].rank > heading.rank
            chapter = _chapter(heading, kind, standing, name)
            _locate(outline, chapter)
            _take_place(outline, chapters[-1], chapter)
            chapters.append(chapter)
            standing.append((heading, kind))
    return chapters


def _kind(text: str) -> HeadingKind:
    """Return what a heading stands for; a country or a region heads the projects there and is none itself."""
    kind = kind_of(text)
    return HeadingKind.GENERAL if kind is HeadingKind.TITLE and (is_place(text) or is_area(text)) else kind


def _locate(outline: Outline, chapter: Chapter) -> None:
    """Note the country and the region that headings above a chapter give to what stands in it."""
    own = chapter.headings if chapter.kind is not HeadingKind.TITLE else chapter.above
    for piece in own:
        text = words(outline, piece)
        chapter.place = chapter.place or (piece if is_place(text) else None)
        chapter.area = chapter.area or (piece if is_area(text) else None)


def _take_place(outline: Outline, last: Chapter, chapter: Chapter) -> None:
    """Move a country or region that stands alone above a title to the title's chapter, where the first one
    has it too."""
    stray = last.atoms[-1] if last.atoms else None
    if chapter.kind is not HeadingKind.TITLE or not isinstance(stray, Prose):
        return
    text = words(outline, stray.piece)
    if (last.kind is HeadingKind.TITLE and not last.placed) or not (is_place(text) or is_area(text)):
        return
    last.atoms.pop()
    if is_place(text):
        chapter.atoms.append(Pair(Label.COUNTRIES, stray.piece, (stray.piece,)))
    else:
        chapter.area = stray.piece
    chapter.placed = True


def _chapter(
    heading: Heading, kind: HeadingKind, standing: list[tuple[Heading, HeadingKind]], name: Piece | None
) -> Chapter:
    above = list(reversed(standing))
    telling = [kind, *(other for _, other in above)]
    nearest = next((other for other in telling[1:] if other in _DECIDING), None)
    named = next((other.piece for other, of in above if of is HeadingKind.TITLE), name)
    return Chapter(
        heading, kind, tuple(heading.piece for heading, _ in above), nearest is HeadingKind.PROJECTS, named
    )


def _split(outline: Outline, heading: Heading) -> list[Heading]:
    """Split "PROGETTI IN VALUTAZIONE: RAGAZZI IN GAMBIA" into the chapter's heading and the project's."""
    text = words(outline, heading.piece)
    first, colon, rest = text.partition(":")
    if not colon or kind_of(first) is not HeadingKind.PROJECTS or kind_of(rest) is not HeadingKind.TITLE:
        return [heading]
    block, start = heading.piece.block, heading.piece.start
    lead = len(rest) - len(rest.lstrip())
    title = Piece(block, start + len(first) + 1 + lead, heading.piece.end)
    return [Heading(Piece(block, start, start + len(first)), heading.rank), Heading(title, heading.rank)]


def _is_parted(last: Chapter, heading: Heading) -> bool:
    """Tell whether the last chapter holds its projects in a table or in cards: a heading of its rank is none
    of them."""
    own = last.heading is not None and last.heading.rank == heading.rank
    return own and any(isinstance(atom, DataTable | CardBox) for atom in last.atoms)


def _gives_way(last: tuple[Heading, HeadingKind], heading: Heading, kind: HeadingKind, parted: bool) -> bool:
    """Tell whether the last heading's chapter is over where `heading` begins.

    A chapter of projects goes on in titles marked up like its own heading, unless it is `parted`: its
    projects stand in a table, or under smaller headings.
    """
    if last[0].rank < heading.rank:
        return False
    goes_on = last[1] is HeadingKind.PROJECTS and kind is HeadingKind.TITLE and not parted
    return last[0].rank > heading.rank or not goes_on
