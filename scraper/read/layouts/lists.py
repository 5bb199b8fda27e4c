"""Lists whose items are projects, and lists whose items are not."""

import re
from collections.abc import Sequence

from scraper.read.fields.found import Found
from scraper.read.fields.labels import Label
from scraper.read.fields.titles import quoted_titles
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Atom, Heading, Listing, Pair, Piece, Prose
from scraper.read.flowing.chapters import Chapter
from scraper.read.flowing.flow import flow_of
from scraper.read.flowing.telltales import facts, is_place, signals
from scraper.read.layouts.drafts import Draft, lines_of, words
from scraper.read.layouts.itemparts import cut_of, parts_of, sorted_parts
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import Group, Outline
from scraper.records import Layout

_GIVEN = re.compile(
    r"\b(?:contribut|ayuda|subven|grant|award|sovvenzion|stanzia|riparto|riparti|assegn|conced|concess|"
    r"erogat|bando|graduatoria|finanziat|financ|fund)"
)
_PROJECT = re.compile(
    r"\b(?:progett[oi]|projects?|projets?|proyectos?|iniziativ[ae]|intervent[oi]|\w*projekten?|projekt|"
    r"projec?tos?|"
    r"iniciativas?)\b"
)
_AFTER_LEAD = re.compile(r"\s*(?:[-–—:,(.]|\n|$)")
_OPENING = " \n\t,;:\"“«‘'„"
# "Il teatro "Fuori posto" a Bucarest": a common noun leads to the quotes, and the title goes on behind them
_SMALL_LEAD = re.compile(
    r"(?:il|lo|la|i|gli|le|l'|un|una|the|a|les?|el|los|las)\s?(?!progett|iniziativ|project|projet|"
    r"proyect)[a-z]+"
)
_GOES_ON = re.compile(r"[\"”»’']\s+[a-zà-ÿ]")
_NUMBERED = re.compile(r"(?:\d{1,2}[.)]|[-–—•·*▪])\s+\S")


def list_drafts(
    outline: Outline, group: Group, chapter: Chapter, names: Sequence[str], place: Piece | None = None
) -> list[Draft]:
    """Return the projects that a list names, or none where its items are something else."""
    among = chapter.kind is HeadingKind.PROJECTS or chapter.among_projects or place is not None
    if chapter.kind is HeadingKind.OTHER:
        return []
    drafts: list[Draft] = []
    told = 0
    items = [child for child in group.children if isinstance(child, Group)]
    for item in items:
        atoms = flow_of(outline, [item])
        nested = [atom for atom in atoms if isinstance(atom, Listing)]
        head = next((atom.piece for atom in atoms if isinstance(atom, Prose | Heading)), None)
        if nested and head and is_place(words(outline, head)):
            for listing in nested:
                drafts.extend(list_drafts(outline, listing.group, chapter, names, head))
            told += 1
            continue
        draft = _item_draft(outline, _flattened(outline, atoms), chapter, place)
        if draft is None or (place is None and not draft.pairs and not draft.prose and not among):
            continue
        drafts.append(draft)
        told += len(facts(draft.pairs)) + len(signals(outline, draft.prose, names)) >= 1
    if among:
        return drafts
    return (
        drafts
        if told * 2 >= len(items) and told >= 2 and _speaks_of_projects(outline, group, chapter)
        else []
    )


def _speaks_of_projects(outline: Outline, group: Group, chapter: Chapter) -> bool:
    """Tell whether a list, or what stands around it, names projects: twin towns have countries and years
    too."""
    pieces = [*chapter.headings, *(atom.piece for atom in chapter.atoms if isinstance(atom, Prose))]
    texts = [*(words(outline, piece) for piece in pieces), outline.text(group)]
    return any(_PROJECT.search(fold(text)) for text in texts)


def _flattened(outline: Outline, atoms: Sequence[Atom]) -> list[Atom]:
    """Spread an inner list whose items are labels with values; a list of anything else stays whole."""
    spread: list[Atom] = []
    for atom in atoms:
        inner = flow_of(outline, atom.group.children) if isinstance(atom, Listing) else []
        labelled = [part for part in inner if isinstance(part, Pair)]
        spread.extend(inner if labelled and len(labelled) * 2 >= len(inner) else [atom])
    return spread


def paragraph_drafts(outline: Outline, chapter: Chapter, names: Sequence[str]) -> list[Draft]:
    """Return the projects of paragraphs that are a list in all but its tags: bold beginnings, numbers or
    bullets."""
    among = chapter.kind is HeadingKind.PROJECTS or chapter.among_projects
    groups: list[list[Atom]] = []
    for atom in chapter.atoms:
        if isinstance(atom, Prose) and _is_marked(outline, atom.piece):
            groups.append([atom])
        elif groups and isinstance(atom, Prose | Pair | Listing):
            groups[-1].append(atom)
    if (
        not groups
        or chapter.kind is HeadingKind.OTHER
        or (len(groups) == 1 and chapter.kind is not HeadingKind.PROJECTS)
    ):
        return []
    drafts = [
        draft
        for group in groups
        if (draft := _item_draft(outline, _flattened(outline, group), chapter, None))
    ]
    told = [facts(draft.pairs) or signals(outline, draft.prose, names) for draft in drafts]
    enough = sum(map(bool, told)) * 2 > len(groups)
    return drafts if enough or (among and len(groups) > 1) else []


def _is_marked(outline: Outline, piece: Piece) -> bool:
    """Tell a paragraph that begins as an item does: with a number, or with a bold or linked name set off
    from the rest."""
    text = words(outline, piece)
    if _NUMBERED.match(text):
        return True
    block = outline.blocks[piece.block]
    leads = [*block.strong, *((link.start, link.end) for link in block.links)]
    ends = [end for start, end in leads if start <= piece.start and piece.start + 3 < end <= piece.end]
    return bool(ends) and _AFTER_LEAD.match(text, min(ends) - piece.start) is not None


def _item_draft(
    outline: Outline, atoms: Sequence[Atom], chapter: Chapter, place: Piece | None
) -> Draft | None:
    pairs = [atom for atom in atoms if isinstance(atom, Pair)]
    prose = [
        line for atom in atoms if isinstance(atom, Prose | Heading) for line in lines_of(outline, atom.piece)
    ]
    titled = next((pair for pair in pairs if pair.label is Label.TITLE and pair.values), None)
    if titled:
        rest = [pair for pair in pairs if pair is not titled]
        rest.extend(Pair(Label.PARTNERS, piece, (piece,)) for piece in prose[:1])
        return Draft(
            Layout.LIST, titled.values[0], tuple(rest), tuple(prose[1:]), chapter.headings, place=place
        )
    if not prose:
        return None
    title, parts, before = _title(outline, prose[0])
    if (
        title is None
        or is_place(words(outline, title))
        or kind_of(words(outline, title)) is not HeadingKind.TITLE
    ):
        return None
    pairs.extend(sorted_parts(outline, parts, _is_granted(outline, chapter)))
    pairs.extend(Pair(_lead_label(outline, piece), piece, (piece,)) for piece in before)
    told = {piece for pair in pairs for piece in pair.values}
    rest_prose = [piece for piece in (*parts, *prose[1:]) if piece not in told]
    return Draft(
        Layout.LIST,
        title,
        tuple(pairs),
        tuple(rest_prose),
        chapter.headings,
        chapter.area,
        place or chapter.place,
    )


def _title(outline: Outline, line: Piece) -> tuple[Piece | None, list[Piece], list[Piece]]:
    """Return the title in an item's first line, the parts behind it, and what stands before it."""
    text = words(outline, line)
    quoted = quoted_titles(text)
    if quoted and not _quotes_within(outline, line, text, quoted[0]):
        found = quoted[0]
        title = Piece(line.block, line.start + found.start, line.start + found.end)
        before = _before_quote(text[: found.start])
        lead = [Piece(line.block, line.start, line.start + len(before))] if before.strip() else []
        return title, parts_of(line, text, found.end), lead
    marked = _marked_end(outline, line)
    cut = marked or cut_of(text)
    title = Piece(line.block, line.start, line.start + cut)
    return title, parts_of(line, text, cut), []


def _lead_label(outline: Outline, piece: Piece) -> Label:
    """Return what stands before a quoted title: the body that proposes it, or a year or number."""
    return Label.PARTNERS if re.search(r"[^\W\d_]{2}", words(outline, piece)) else Label.YEAR


def _before_quote(text: str) -> str:
    """Return what stands before a quoted title, without the word for projects and the marks between."""
    bare = text.rstrip(_OPENING)
    word = bare.split(" ")[-1]
    return bare[: len(bare) - len(word)].rstrip(_OPENING) if _PROJECT.fullmatch(fold(word)) else bare


def _quotes_within(outline: Outline, line: Piece, text: str, quoted: Found[str]) -> bool:
    """Tell quotes inside a title from a quoted title: the title is bold or linked as a whole, or goes on."""
    block = outline.blocks[line.block]
    ranges = [*block.strong, *((link.start, link.end) for link in block.links)]
    if any(start <= line.start and end >= line.end for start, end in ranges):
        return bool(re.search(r"\w", text[: quoted.start]))
    before = fold(text[: quoted.start]).strip(" \"'")
    return _SMALL_LEAD.fullmatch(before) is not None and _GOES_ON.match(text, quoted.end) is not None


def _marked_end(outline: Outline, line: Piece) -> int | None:
    """Return where the bold or linked beginning of a line ends."""
    block = outline.blocks[line.block]
    ranges = [*block.strong, *((link.start, link.end) for link in block.links)]
    ends = [end for start, end in ranges if start <= line.start + 1 and line.start + 3 < end < line.end]
    return min(ends) - line.start if ends else None


def _is_granted(outline: Outline, chapter: Chapter) -> bool:
    """Tell whether a chapter speaks of money that is given out: then the sums of its items are not their
    costs."""
    pieces = [*chapter.headings, *(atom.piece for atom in chapter.atoms if isinstance(atom, Prose))]
    return any(_GIVEN.search(fold(words(outline, piece))) for piece in pieces)
