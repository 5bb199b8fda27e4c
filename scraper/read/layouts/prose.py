"""Projects told under headings: as sheets of labels, as prose, or both."""

import re
from collections.abc import Sequence

from scraper.read.fields.labels import Label
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Listing, Pair, Piece, Prose, cell_pieces
from scraper.read.flowing.chapters import Chapter
from scraper.read.flowing.telltales import ANYWHERE, asks_readers, facts, signals
from scraper.read.layouts.drafts import Draft, words
from scraper.read.outlining.headings import HeadingKind
from scraper.read.outlining.outline import Outline
from scraper.records import Layout

_ONE_PROJECT = re.compile(
    r"(?:il |the |le |el |das |o )?(?:progetto|project|projet|proyecto|projekt|projec?to)\b\W+\w"
)
_MANY_FACTS = 3  # under a heading of something else, only a whole sheet is a project's
_SOME_WORDS = 4
_STRONG_SIGNALS = {"role", "period", "amount", "cup", "programme", "partner"}


def chapter_drafts(outline: Outline, chapter: Chapter, names: Sequence[str]) -> list[Draft]:
    """Return the projects that a chapter tells of in pairs and prose: one under its heading, or one for each
    title label."""
    pairs = [atom for atom in chapter.atoms if isinstance(atom, Pair)]
    titled = [pair for pair in pairs if pair.label is Label.TITLE and pair.values]
    if chapter.kind is HeadingKind.OTHER and not (titled and len(facts(pairs)) >= _MANY_FACTS):
        return []
    if titled and len(facts(pairs)) >= 1:
        return _titled_sheets(chapter, pairs)
    title = _title(outline, chapter)
    if title is None:
        return []
    if _is_sheet(outline, chapter, pairs):
        return [_draft(outline, chapter, Layout.SHEET, title, pairs)]
    if chapter.kind is HeadingKind.TITLE and _tells_of_project(outline, chapter, pairs, names):
        return [_draft(outline, chapter, Layout.PROSE, title, pairs)]
    return []


def _is_sheet(outline: Outline, chapter: Chapter, pairs: list[Pair]) -> bool:
    """Tell a project's sheet from that of an event or an office, which has a place and a time too."""
    told = facts(pairs)
    if len(told) < 2:
        return False
    among = chapter.among_projects or chapter.kind is HeadingKind.PROJECTS
    prose = [atom.piece for atom in chapter.atoms if isinstance(atom, Prose)]
    return among or bool(told - ANYWHERE) or "project" in signals(outline, [*prose, *chapter.headings], ())


def _titled_sheets(chapter: Chapter, pairs: list[Pair]) -> list[Draft]:
    """Return one sheet for each title; what stands before the first title is the first one's."""
    starts = [number for number, pair in enumerate(pairs) if pair.label is Label.TITLE and pair.values]
    starts[0] = 0
    drafts = []
    prose = [atom.piece for atom in chapter.atoms if isinstance(atom, Prose)] if len(starts) == 1 else []
    for number, start in enumerate(starts):
        stop = starts[number + 1] if number + 1 < len(starts) else len(pairs)
        own = pairs[start:stop]
        title = next(pair for pair in own if pair.label is Label.TITLE and pair.values)
        rest = tuple(pair for pair in own if pair is not title)
        drafts.append(Draft(Layout.SHEET, title.values[0], rest, tuple(prose), chapter.headings))
    return drafts


def _title(outline: Outline, chapter: Chapter) -> Piece | None:
    """Return the heading that names the project: the chapter's own, else the nearest above that can."""
    if chapter.heading and chapter.kind is HeadingKind.TITLE:
        return chapter.heading.piece
    return chapter.named_above


def _draft(outline: Outline, chapter: Chapter, layout: Layout, title: Piece, pairs: list[Pair]) -> Draft:
    prose = [atom.piece for atom in chapter.atoms if isinstance(atom, Prose)]
    for atom in chapter.atoms:
        if isinstance(atom, Listing):
            prose.extend(cell_pieces(outline, atom.group))
    headings = tuple(piece for piece in chapter.headings if piece != title)
    return Draft(layout, title, tuple(pairs), tuple(prose), headings, chapter.area, chapter.place)


def _tells_of_project(outline: Outline, chapter: Chapter, pairs: list[Pair], names: Sequence[str]) -> bool:
    prose = [atom.piece for atom in chapter.atoms if isinstance(atom, Prose)]
    told = signals(outline, prose, names) | {str(label) for label in facts(pairs)}
    if asks_readers(outline, prose, told):
        return False
    if chapter.among_projects:
        return (
            bool(told or pairs) or sum(len(words(outline, piece).split()) for piece in prose) >= _SOME_WORDS
        )
    heading = words(outline, chapter.heading.piece) if chapter.heading else ""
    if _ONE_PROJECT.match(fold(heading)) and told - {"project"}:
        return True
    return (len(told - {"project"}) >= 2 and bool(told & _STRONG_SIGNALS)) or (
        "project" in told and len(told) >= 3
    )
