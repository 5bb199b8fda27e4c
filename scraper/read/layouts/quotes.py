"""Projects named in quotation marks in running prose."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scraper.read.fields.found import Found
from scraper.read.fields.sentences import sentences
from scraper.read.fields.titles import clean_title, quoted_titles
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Pair, Piece, Prose
from scraper.read.flowing.chapters import Chapter
from scraper.read.layouts.drafts import Draft, words
from scraper.read.outlining.headings import HeadingKind
from scraper.read.outlining.outline import Outline
from scraper.records import Layout

_PROJECT = (
    r"(?:progett[oi]|project|projet|proyecto|iniziativa|intervento|projects|projets|proyectos|"
    r"projekte?|projec?tos?|iniciativa)"
)
_BEFORE = re.compile(rf"\b{_PROJECT}\b[^\"“”«».;]{{0,60}}$")
_AFTER = re.compile(
    rf"^[\"”»’'\s,(]*(?:[^\"“”«».;]{{0,30}}\b{_PROJECT}\b|(?:propost|presentat|promoss|realizzat|curat|ideat|"
    rf"finanziat)[oaie]\b)"
)
_COUNTED = re.compile(
    r"(?:\b(?:il|la|l'|the|le|el)\s?(?:primo|secondo|terzo|quarto|quinto|sesto|ultimo|prima|seconda|first|"
    r"second|third|last|premier|deuxieme|troisieme|dernier|primero|segundo|tercero)"
    r"|\bsegu(?:e|ono)|\bfollowed by|\bsuivi de|\bsigue"
    r"|\bc'e (?:poi|anche|infine)|\binfine|\bpoi|\binoltre|\banche|\band|\be|\bet|\by|\bcon|\bsono|"
    r"\bcioe|\brealizz(?:a|era|eranno)|\bpropon(?:e|gono)|\bport(?:a|era) avanti)\b[^\"“”«».]{0,25}$"
)
_BEFORE_BOLD = re.compile(rf"\b{_PROJECT}\b\s?:?\s*$")
_LONGEST_BOLD = 140
_REACH = 200  # characters around a title: more than any of these patterns spans, and no more is searched
_PARTED = re.compile(r"(?:^|[;:•\n]\s?(?:e|ed|and|et|y)?|,(?: e| ed| and| et| y)?)\s*$")
_NO_PROJECT = re.compile(
    r"\b(?:workshop|seminari\w*|convegn\w+|incontr[oi]|conferenz[ae]|mostr[ae]|film|libr[oi]|rivist[ae]|"
    r"campagn[ae]|band[oi]|avviso|call|programma|scuol[ae]|associazion[ei]|"
    r"giornat[ae]|festival|evento|slogan|motto|titolo dell'incontro|meeting|seminar|conference|atelier|"
    r"obiettivo|tema|dal titolo|intitolat[oa])\b[^\"“”«».;]{0,30}$"
)
_SAID = re.compile(
    r"^[\"”»\s,]*(?:-|–|,)?\s*(?:ha |hanno |a |have |has )?(?:dett[oa]|dichiarat[oa]|spiegat[oa]|"
    r"commentat[oa]|afferma\w*|aggiunt[oa]|sottolinea\w*|conclud\w+|spieg[ao]|dichiara|commenta|said|says|"
    r"declare|explique|dice|dijo|afirm[ao]|raconte|"
    r"temoigne|confie|souligne|affirme|ajoute|rappelle|precise|insiste|conclut|resume|se rejouit|a-t-(?:il|"
    r"elle)|"
    r"adds|explains|erklart|sagt\w*|betont\w*|berichtet)\b"
)
# Speech, not a title: a long quote in which somebody speaks of himself or of us.
_SPOKEN = re.compile(
    r"\b(?:je|j'|nous|c'est|ce sont|il faut|on a|on est|noi|io|abbiamo|siamo|ho|we|we've|i'm|i|it's|"
    r"nosotros|hemos|"
    r"somos|estamos|wir|ich|temos|estamos)(?!\w)"
)
_FEWEST_SPOKEN = 8
_SAYS = re.compile(
    r"\b(?:dett[oa]|dichiarat[oa]|spiegat[oa]|commentat[oa]|affermat[oa]|aggiunt[oa]|sottolineat[oa]|"
    r"conclus[oa]|"
    r"dice|afferma|spiega|dichiara|said|says|added|declare|explique|ajoute|dijo|afirmo|"
    r"anadio)\b[^.;]{0,40}:\s?$"
)


@dataclass(frozen=True, slots=True)
class _Quote:
    """A quoted title: its paragraph, its place in it, and where what is said about it begins."""

    paragraph: int
    found: Found[str]
    begin: int


def quoted_drafts(outline: Outline, chapter: Chapter, names: Sequence[str]) -> list[Draft]:
    """Return the projects that a chapter's prose names in quotes."""
    if chapter.kind is HeadingKind.OTHER and chapter.heading and chapter.heading.rank > 1:
        return []
    paragraphs = [atom.piece for atom in chapter.atoms if isinstance(atom, Prose)]
    quotes = _quotes(outline, paragraphs)
    if not quotes or (chapter.kind is HeadingKind.TITLE and _heads(outline, chapter, quotes)):
        return []
    pairs = tuple(atom for atom in chapter.atoms if isinstance(atom, Pair))
    if len(quotes) == 1:
        title = _piece(paragraphs, quotes[0])
        return [Draft(Layout.PROSE, title, pairs, tuple(paragraphs), chapter.headings)]
    return [
        Draft(
            Layout.PROSE,
            _piece(paragraphs, quote),
            (),
            tuple(_about(outline, paragraphs, quotes, number)),
            chapter.headings,
        )
        for number, quote in enumerate(quotes)
    ]


def _piece(paragraphs: list[Piece], quote: _Quote) -> Piece:
    piece = paragraphs[quote.paragraph]
    return Piece(piece.block, piece.start + quote.found.start, piece.start + quote.found.end)


def _heads(outline: Outline, chapter: Chapter, quotes: list[_Quote]) -> bool:
    """Tell whether the chapter's heading already names the one project that the prose quotes."""
    heading = fold(words(outline, chapter.heading.piece)) if chapter.heading else ""
    return any(fold(quote.found.value) in heading for quote in quotes)


def _quotes(outline: Outline, paragraphs: list[Piece]) -> list[_Quote]:
    seen: set[str] = set()
    quotes: list[_Quote] = []
    spoken_of = False
    for number, paragraph in enumerate(paragraphs):
        text = words(outline, paragraph)
        folded = fold(text)
        spans = sentences(text)
        for found in _named(outline, paragraph, text, folded, spoken_of or bool(quotes)):
            if fold(found.value) in seen:
                continue
            seen.add(fold(found.value))
            begin = next((start for start, end in spans if start <= found.start < end), 0)
            quotes.append(_Quote(number, found, begin))
        spoken_of = spoken_of or re.search(rf"\b{_PROJECT}\b", folded) is not None
    return quotes


def _named(outline: Outline, paragraph: Piece, text: str, folded: str, spoken_of: bool) -> list[Found[str]]:
    """Return the titles that a paragraph names: in quotes, else in bold right after the word for projects."""
    quoted: list[Found[str]] = []
    for found in quoted_titles(text):
        if _names_project(folded, found, spoken_of or bool(quoted)):
            quoted.append(found)
    if quoted:
        return quoted
    bold: list[Found[str]] = []
    for start, end in outline.blocks[paragraph.block].strong:
        first, last = start - paragraph.start, end - paragraph.start
        if 0 < first < last <= len(text) and last - first <= _LONGEST_BOLD:
            lead = _lead(folded, first)
            told = _BEFORE_BOLD.search(lead) or (bold and _PARTED.search(lead))
            if told and (title := clean_title(text[first:last])):
                bold.append(title.moved(first))
    return bold


def _lead(folded: str, place: int) -> str:
    """Return the words that lead to a place, as far as the patterns above reach back."""
    return folded[max(0, place - _REACH) : place]


def _names_project(folded: str, found: Found[str], spoken_of: bool) -> bool:
    before, after = _lead(folded, found.start).rstrip("\"“«‘'„ "), folded[found.end : found.end + _REACH]
    if (
        len(found.value.split()) > 20
        or _is_spoken(found.value)
        or _SAID.match(after)
        or _NO_PROJECT.search(before)
        or _SAYS.search(before)
    ):
        return False
    if _BEFORE.search(before) or _AFTER.match(after):
        return True
    return spoken_of and (_COUNTED.search(before) is not None or _PARTED.search(before) is not None)


def _is_spoken(quote: str) -> bool:
    return len(quote.split()) >= _FEWEST_SPOKEN and _SPOKEN.search(fold(quote)) is not None


def _about(outline: Outline, paragraphs: list[Piece], quotes: list[_Quote], number: int) -> list[Piece]:
    """Return what is said about a quoted project: from its sentence to the sentence of the next one."""
    quote = quotes[number]
    following = quotes[number + 1] if number + 1 < len(quotes) else None
    piece = paragraphs[quote.paragraph]
    text = words(outline, piece)
    earlier = quotes[number - 1] if number else None
    same_sentence = earlier and (earlier.paragraph, earlier.begin) == (quote.paragraph, quote.begin)
    listed = (
        not earlier
        and following
        and following.paragraph == quote.paragraph
        and ":" in text[quote.begin : quote.found.start]
    )
    start = quote.found.start if same_sentence or listed else quote.begin
    end = piece.end - piece.start
    if following and following.paragraph == quote.paragraph:
        end = following.found.start if following.begin == quote.begin else following.begin
    return [Piece(piece.block, piece.start + start, piece.start + end)] if end > start else []
