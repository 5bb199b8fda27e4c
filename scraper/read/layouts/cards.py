"""Cards: a title under a category, a line or two of text, a link."""

from collections.abc import Sequence

from scraper.read.fields.labels import Label
from scraper.read.fields.statuses import heading_status
from scraper.read.flowing.atoms import Atom, Heading, Listing, Pair, Piece, Prose, cell_pieces
from scraper.read.flowing.chapters import Chapter
from scraper.read.flowing.flow import flow_of
from scraper.read.flowing.labelling import with_pairs
from scraper.read.flowing.telltales import asks_readers, facts, signals
from scraper.read.layouts.drafts import Draft, words
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.outline import Group, GroupKind, Outline
from scraper.records import Layout

_ENOUGH_FACTS = 3
"""Labelled facts of a card that is a project whatever its title sounds like (Archivio della memoria)."""

_CATEGORY_NAMES = {"category-top", "category", "etichetta", "chip", "tag", "badge"}


def card_drafts(outline: Outline, card: Group, chapter: Chapter, names: Sequence[str]) -> list[Draft]:
    """Return the projects in a card, which may hold further cards."""
    inner = _inner_cards(card)
    if inner:
        return [draft for group in inner for draft in card_drafts(outline, group, chapter, names)]
    atoms = with_pairs(outline, flow_of(outline, card.children))
    heads = [atom for atom in atoms if isinstance(atom, Heading) and not _is_category(outline, atom)]
    title = min(heads, key=lambda head: head.rank).piece if heads else None
    if title is None or chapter.kind is HeadingKind.OTHER:
        return []
    told_facts = facts(atom for atom in atoms if isinstance(atom, Pair))
    if kind_of(words(outline, title)) is not HeadingKind.TITLE and len(told_facts) < _ENOUGH_FACTS:
        return []
    categories = [
        atom.piece for atom in atoms if isinstance(atom, Prose | Heading) and _is_category(outline, atom)
    ]
    if any(kind_of(words(outline, piece)) is HeadingKind.OTHER for piece in categories):
        return []
    draft = _draft(outline, atoms, title, categories, chapter)
    told = signals(outline, draft.prose, names) | {str(label) for label in facts(draft.pairs)}
    among = chapter.kind is HeadingKind.PROJECTS or chapter.among_projects
    if not told - {"project"} and asks_readers(outline, draft.prose, told):
        return []
    return [draft] if among or len(told) >= 2 else []


def _draft(
    outline: Outline, atoms: Sequence[Atom], title: Piece, categories: list[Piece], chapter: Chapter
) -> Draft:
    prose = [atom.piece for atom in atoms if isinstance(atom, Prose) and atom.piece not in categories]
    prose.extend(
        atom.piece for atom in atoms if isinstance(atom, Heading) and atom.piece not in (title, *categories)
    )
    for atom in atoms:
        if isinstance(atom, Listing):
            prose.extend(cell_pieces(outline, atom.group))
    pairs = [atom for atom in atoms if isinstance(atom, Pair)]
    statuses = [piece for piece in categories if heading_status(words(outline, piece))]
    pairs.extend(Pair(Label.STATUS, piece, (piece,)) for piece in statuses)
    area = next((piece for piece in categories if piece not in statuses), None)
    return Draft(
        Layout.CARDS, title, tuple(pairs), tuple(prose), chapter.headings, area or chapter.area, chapter.place
    )


def _is_category(outline: Outline, prose: Prose | Heading) -> bool:
    return not _CATEGORY_NAMES.isdisjoint(outline.blocks[prose.piece.block].names.split())


def _inner_cards(card: Group) -> list[Group]:
    found: list[Group] = []
    pending: list[Group] = [card]
    while pending:
        group = pending.pop(0)
        for child in group.children:
            if isinstance(child, Group):
                (found if child.kind is GroupKind.CARD else pending).append(child)
    return found
