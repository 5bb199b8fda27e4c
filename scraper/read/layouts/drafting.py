"""From an outline to the drafts of its projects, whatever the layout they are told in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import CardBox, DataTable, Listing, Pair, Piece
from scraper.read.flowing.chapters import Chapter, chapters_of
from scraper.read.flowing.flow import flow_of
from scraper.read.flowing.labelling import with_pairs
from scraper.read.flowing.telltales import facts, signals
from scraper.read.layouts.cards import card_drafts
from scraper.read.layouts.drafts import Draft, place_of, words
from scraper.read.layouts.lists import list_drafts, paragraph_drafts
from scraper.read.layouts.projecttables import ROW_HEADING, read_table
from scraper.read.layouts.prose import chapter_drafts
from scraper.read.layouts.quotes import quoted_drafts
from scraper.read.layouts.sharing import shared_currency, shared_roles, with_shared
from scraper.read.outlining.headings import HeadingKind
from scraper.read.outlining.outline import Outline
from scraper.records import Layout

_TITLE_LABEL = re.compile(
    r"^\W*(?:progetto|project|projet|proyecto|projekt|projec?to|titolo|title|titre|t[ií]tulo|"
    r"titel)(?: [a-z]{2,12}){0,2}\s?:",
    re.IGNORECASE | re.MULTILINE,
)

_LISTED = {Layout.TABLE, Layout.LIST, Layout.CARDS}
_EVENT = re.compile(
    r"\W*(?:\d+\S* )?(?:festival|workshop|mostra|convegno|seminari\w*|conferen\w+|incontr\w+|giornat\w+|"
    r"serata|"
    r"concerto?|fiera|festa|exposition|colloque|journee\w*|soiree|semaine|rencontre\w*|exhibition|concert|"
    r"day|"
    r"jornada\w*|fiesta|feria|encuentro|exposicion|konzert|ausstellung|fest|vortrag|tagung|exposicao)\b"
)


@dataclass(slots=True)
class Drafting:
    """What an outline says of projects, and what it leaves out by a named rule."""

    drafts: list[Draft] = field(default_factory=list)
    ignored: list[tuple[str, Piece]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def drafts_of(outline: Outline, names: Sequence[str]) -> Drafting:
    """Return the drafts of the projects that an outline tells of, in the order of the page."""
    drafting = Drafting()
    chapters = chapters_of(outline, with_pairs(outline, flow_of(outline, outline.root.children)))
    inner = [_inside(outline, chapter, names, drafting) for chapter in chapters]
    told = [
        []
        if (held and chapter.kind is not HeadingKind.TITLE) or _lists_titles(outline, chapter)
        else _told(outline, chapter, names, bool(held))
        for chapter, held in zip(chapters, inner, strict=True)
    ]
    for number, chapter in enumerate(chapters):
        own = told[number] or _like_its_siblings(outline, chapters, told, number, names)
        listed = [] if own else _listed(outline, chapter, names)
        drafting.drafts.extend([*own, *listed, *inner[number]])
    drafting.drafts = _without_asides(outline, drafting.drafts, names)
    drafting.drafts.sort(key=place_of)
    drafting.drafts[-1:] = [_ended(draft, drafting.drafts[:-1]) for draft in drafting.drafts[-1:]]
    shared = shared_roles(outline, chapters, names) if drafting.drafts else []
    bands = [piece for rule, piece in drafting.ignored if rule == ROW_HEADING]
    currency = shared_currency(outline, chapters, bands) if drafting.drafts else None
    drafting.drafts = [
        replace(with_shared(draft, shared), currency=draft.currency or currency) for draft in drafting.drafts
    ]
    return drafting


def _without_asides(outline: Outline, drafts: Sequence[Draft], names: Sequence[str]) -> list[Draft]:
    """Return the drafts but prose without any fact under a heading that lists its projects otherwise."""
    listing = {draft.headings[0] for draft in drafts if draft.layout in _LISTED and draft.headings}
    return [
        draft
        for draft in drafts
        if draft.layout is not Layout.PROSE
        or listing.isdisjoint(draft.headings)
        or facts(draft.pairs)
        or signals(outline, draft.prose, names) - {"project"}
    ]


def _ended(last: Draft, others: Sequence[Draft]) -> Draft:
    """Return the last sheet of a page without the prose below it, where no sheet above has any: it is the
    page's own end."""
    sheets = [draft for draft in others if draft.layout is Layout.SHEET]
    if last.layout is not Layout.SHEET or len(sheets) < 2 or any(map(_below, sheets)):
        return last
    below = _below(last)
    return replace(last, prose=tuple(piece for piece in last.prose if piece not in below))


def _below(draft: Draft) -> list[Piece]:
    """Return the prose that stands below all labels and values of a draft."""
    values = [piece for pair in draft.pairs for piece in (pair.name, *pair.values)]
    end = max(((piece.block, piece.start) for piece in values), default=(-1, 0))
    return [piece for piece in draft.prose if (piece.block, piece.start) > end]


def _inside(outline: Outline, chapter: Chapter, names: Sequence[str], drafting: Drafting) -> list[Draft]:
    """Return the projects in a chapter's tables and cards."""
    drafts: list[Draft] = []
    for atom in chapter.atoms:
        if isinstance(atom, DataTable):
            reading = read_table(outline, atom, chapter, names)
            if reading:
                drafts.extend(reading.drafts)
                drafting.ignored.extend(reading.ignored)
                drafting.warnings.extend(reading.warnings)
        elif isinstance(atom, CardBox):
            drafts.extend(card_drafts(outline, atom.group, chapter, names))
    return drafts


def _told(outline: Outline, chapter: Chapter, names: Sequence[str], held: bool) -> list[Draft]:
    """Return the projects in a chapter's prose and pairs; one that holds tables or cards of projects is none
    itself."""
    return quoted_drafts(outline, chapter, names) or ([] if held else chapter_drafts(outline, chapter, names))


def _lists_titles(outline: Outline, chapter: Chapter) -> bool:
    """Tell whether a list in a chapter labels the titles of several projects: they are the projects, whatever
    heads them."""
    return any(
        len(_TITLE_LABEL.findall(outline.text(atom.group))) > 1
        for atom in chapter.atoms
        if isinstance(atom, Listing)
    )


def _is_event(outline: Outline, chapter: Chapter) -> bool:
    """Tell a chapter that is called an event and has no labelled fact of a project."""
    title = words(outline, chapter.heading.piece) if chapter.heading else ""
    return _EVENT.match(fold(title)) is not None and not facts(
        atom for atom in chapter.atoms if isinstance(atom, Pair)
    )


def _like_its_siblings(
    outline: Outline, chapters: list[Chapter], told: list[list[Draft]], number: int, names: Sequence[str]
) -> list[Draft]:
    """Return a chapter that says little as a project, where most of the chapters beside it are projects."""
    chapter = chapters[number]
    if chapter.heading is None or chapter.kind is not HeadingKind.TITLE or _is_event(outline, chapter):
        return []
    beside = [
        bool(told[other])
        for other, sibling in enumerate(chapters)
        if other != number
        and sibling.heading
        and sibling.above == chapter.above
        and sibling.kind is chapter.kind
    ]
    if sum(beside) < 2 or sum(beside) * 2 < len(beside):
        return []
    return chapter_drafts(outline, replace(chapter, among_projects=True), names)


def _listed(outline: Outline, chapter: Chapter, names: Sequence[str]) -> list[Draft]:
    marked = paragraph_drafts(outline, chapter, names)
    if marked:
        return marked
    lists = [atom.group for atom in chapter.atoms if isinstance(atom, Listing)]
    return [draft for group in lists for draft in list_drafts(outline, group, chapter, names)]
