"""From an outline to the drafts of its projects, whatever the layout they are told in."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from scraper.read.cards import card_drafts
from scraper.read.chapters import Chapter, chapters_of
from scraper.read.drafts import Draft
from scraper.read.flow import CardBox, DataTable, Listing, Piece, flow_of
from scraper.read.labelling import with_pairs
from scraper.read.lists import list_drafts
from scraper.read.outline import Outline
from scraper.read.prose import chapter_drafts
from scraper.read.quotes import quoted_drafts
from scraper.read.tables import read_table


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
    for chapter in chapters:
        _read_chapter(outline, chapter, names, drafting)
    return drafting


def _read_chapter(outline: Outline, chapter: Chapter, names: Sequence[str], drafting: Drafting) -> None:
    quoted = quoted_drafts(outline, chapter, names)
    told = quoted or chapter_drafts(outline, chapter, names)
    drafting.drafts.extend(told)
    for atom in chapter.atoms:
        if isinstance(atom, DataTable):
            reading = read_table(outline, atom, chapter.headings, names)
            if reading:
                drafting.drafts.extend(reading.drafts)
                drafting.ignored.extend(reading.ignored)
                drafting.warnings.extend(reading.warnings)
        elif isinstance(atom, CardBox):
            drafting.drafts.extend(card_drafts(outline, atom.group, chapter, names))
        elif isinstance(atom, Listing) and not told:
            drafting.drafts.extend(list_drafts(outline, atom.group, chapter, names))
