"""From the pieces of a draft to a project: every field from its labelled values first, else from title and
prose."""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from scraper.read.fields.acronyms import acronym
from scraper.read.fields.amounts import Amount, currency_of, project_amount, stated_amount
from scraper.read.fields.countries import find_project_countries
from scraper.read.fields.cup import find_cup
from scraper.read.fields.dates import find_period, find_project_period
from scraper.read.fields.found import Found
from scraper.read.fields.labels import Label
from scraper.read.fields.partners import find_partners
from scraper.read.fields.programmes import find_programmes
from scraper.read.fields.roles import role_word
from scraper.read.fields.sentences import sentences
from scraper.read.fields.statuses import find_status, heading_status, prose_status
from scraper.read.fields.titles import clean_title
from scraper.read.fields.typography import clean
from scraper.read.flowing.atoms import Piece
from scraper.read.flowing.telltales import is_area
from scraper.read.layouts.drafts import Draft, words
from scraper.read.notelines import note_lines, only_states_status
from scraper.read.ourselves import Body
from scraper.read.outlining.outline import Outline
from scraper.read.periods import clause_period
from scraper.read.recall import countries_in, names_in, programmes_in, role_in, role_sentence_in
from scraper.records import Project, ProjectStatus, Role, Span

T = TypeVar("T")
Told = tuple[T, Piece]
"""A value and the piece that says it."""


_BODIES = {Label.LEAD: Role.LEAD, Label.PARTNERS: Role.PARTNER}
"""The labels before bodies that carry a project out, and what each makes of our own."""

_BRACKET = re.compile(r"\([^()]*\)")


class Assembly:
    """One draft on its way to a project; `spans` collects where its values stand."""

    def __init__(self, outline: Outline, draft: Draft, body: Body) -> None:
        self.outline = outline
        self.draft = draft
        self.body = body
        self.spans: list[Span] = []
        self.values: dict[Label | None, list[Piece]] = {}
        for pair in draft.pairs:
            self.values.setdefault(pair.label, []).extend(pair.values)

    def project(self) -> Project:
        """Return the project that the draft's pieces state."""
        title = self._title()
        partners, role = self._bodies()
        start, end = self._period()
        amount = self._amount()
        return Project(
            title=title,
            acronym=self._acronym(title),
            area=self._plain("area", self._area()),
            programmes=self._programmes(),
            status=self._status(),
            role=role,
            countries=self._countries(),
            partners=partners,
            start=start,
            end=end,
            amount=amount.value if amount else None,
            currency=amount.currency if amount else None,
            link=self._link(),
            note=self._note(),
            cup=self._cup(),
            section=self._plain("section", self.draft.headings[0] if self.draft.headings else None),
            layout=self.draft.layout,
            spans=tuple(self.spans),
        )

    # Pieces

    def _text(self, piece: Piece) -> str:
        return words(self.outline, piece)

    def _values(self, *labels: Label) -> list[Piece]:
        return [piece for label in labels for piece in self.values.get(label, ())]

    def _brackets(self, *labels: Label) -> list[Piece]:
        """Return what stands in brackets in values: Kita, Mali (Settembre 2025 - in corso)."""
        return [
            Piece(piece.block, piece.start + match.start() + 1, piece.start + match.end() - 1)
            for piece in self._values(*labels)
            for match in _BRACKET.finditer(self._text(piece))
        ]

    def _at(self, field: str, piece: Piece, found: Found[T]) -> T:
        """Note where a value stands, and return it."""
        start, end = piece.start + found.start, piece.start + found.end
        quote = self.outline.blocks[piece.block].text[start:end]
        self.spans.append(Span(field, piece.block, start, end, quote))
        return found.value

    def _first(
        self, field: str, pieces: Iterable[Piece], finder: Callable[[str], Found[T] | None]
    ) -> T | None:
        for piece in pieces:
            found = finder(self._text(piece))
            if found:
                return self._at(field, piece, found)
        return None

    def _every(
        self, field: str, pieces: Iterable[Piece], finder: Callable[[str], Sequence[Found[T]]]
    ) -> tuple[T, ...]:
        values: list[T] = []
        for piece in pieces:
            for found in finder(self._text(piece)):
                value = self._at(field, piece, found)
                if value not in values:
                    values.append(value)
        return tuple(values)

    def _plain(self, field: str, piece: Piece | None) -> str | None:
        if piece is None:
            return None
        text = self._text(piece)
        return self._at(field, piece, Found(clean(text), 0, len(text))) or None

    # Fields

    def _title(self) -> str | None:
        if self.draft.title is None:
            return None
        return self._first("title", [self.draft.title], lambda text: clean_title(text, self.body.names))

    def _acronym(self, title: str | None) -> str | None:
        labelled = self._first(
            "acronym", self._values(Label.ACRONYM), lambda text: Found(clean(text), 0, len(text))
        )
        if labelled or not title or not self.draft.title:
            return labelled
        return self._first("acronym", [self.draft.title], acronym)

    def _area(self) -> Piece | None:
        regions = (piece for piece in self._values(Label.COUNTRIES) if is_area(self._text(piece)))
        return self.draft.area or next(iter(self._values(Label.AREA)), None) or next(regions, None)

    def _status(self) -> ProjectStatus | None:
        return (
            self._first("status", self._values(Label.STATUS), find_status)
            or self._first("status", self._values(Label.PERIOD, Label.END), find_status)
            or self._first("status", self._brackets(Label.COUNTRIES), find_status)
            or self._first("status", self.draft.prose, prose_status)
            or self._first("status", self.draft.headings, heading_status)
        )

    def _bodies(self) -> tuple[tuple[str, ...], Role | None]:
        """Return the partners, and the role of the body whose page it is."""
        role = self._first("role", self._values(Label.ROLE), role_word)
        partners: list[str] = []
        for pair in self.draft.pairs:
            if pair.label not in _BODIES:
                continue
            for piece in pair.values:
                for found in names_in(self._text(piece)):
                    if self.body.is_meant(found.value):
                        own = Found(_BODIES[pair.label], found.start, found.end)
                        role = role or self._role_beside(piece, found) or self._at("role", piece, own)
                    elif found.value not in partners:
                        partners.append(self._at("partners", piece, found))
        for piece in self._values(Label.PROGRAMMES, Label.FUNDS):
            for found in names_in(self._text(piece)):
                if self.body.is_meant(found.value):
                    role = role or self._at("role", piece, Found(Role.FUNDER, found.start, found.end))
        spoken = [
            *([self.draft.title] if self.draft.title else []),
            *self.draft.prose,
            *self._values(Label.NOTE),
        ]
        role = role or self._first("role", spoken, lambda text: role_in(text, self.body.names))
        if not partners:
            partners.extend(
                name
                for name in self._every("partners", self.draft.prose, find_partners)
                if not self.body.is_meant(name)
            )
        return tuple(partners), role

    def _role_beside(self, piece: Piece, found: Found[str]) -> Role | None:
        """Return the role in brackets or after a dash beside our name: Città di Torino (capofila)."""
        text = self._text(piece)
        line = text[found.start :].split("\n")[0].split(";")[0]
        beside = role_word(line)
        return self._at("role", piece, beside.moved(found.start)) if beside else None

    def _programmes(self) -> tuple[str, ...]:
        labelled = self._every("programmes", self._values(Label.PROGRAMMES), programmes_in)
        if labelled:
            return tuple(name for name in labelled if not self.body.is_meant(name))
        funds = [piece for piece in self._values(Label.FUNDS) if not stated_amount(self._text(piece))]
        return self._every("programmes", funds, programmes_in) or self._every(
            "programmes", self.draft.prose, find_programmes
        )

    def _countries(self) -> tuple[str, ...]:
        own = self.body.country
        stated = [
            self._values(Label.COUNTRIES),
            *([piece] for piece in (self.draft.place, self.draft.title) if piece),
        ]
        told = [*self.draft.prose, *self._values(Label.NOTE)]
        for pieces in stated:
            if found := self._every("countries", pieces, lambda text: countries_in(text, own)):
                return found
        if found := self._every("countries", told, lambda text: find_project_countries(text, own)):
            return found
        return self._every(
            "countries", [self.draft.area] if self.draft.area else [], lambda text: countries_in(text, own)
        )

    def _period(self) -> tuple[str | None, str | None]:
        start = self._first("start", self._values(Label.START), lambda text: find_period(text)[0])
        end = self._first(
            "end", self._values(Label.END), lambda text: find_period(text)[1] or find_period(text)[0]
        )
        title = self._text(self.draft.title) if self.draft.title else ""
        for pieces, finder in (
            (self._values(Label.PERIOD), find_period),
            (self._brackets(Label.COUNTRIES), find_period),
            (self.draft.prose, lambda text: find_project_period(text, title)),
            (self._values(Label.NOTE), lambda text: find_project_period(text, title)),
            (self.draft.prose, clause_period),
        ):
            start = start or self._first("start", pieces, lambda text: finder(text)[0])  # noqa: B023
            end = end or self._first("end", pieces, lambda text: finder(text)[1])  # noqa: B023
        return start, end

    def _amount(self) -> Amount | None:
        for label in (Label.AMOUNT, Label.FUNDS):
            for pair in self.draft.pairs:
                currency = currency_of(self._text(pair.name)) or self.draft.currency
                values = pair.values if pair.label is label else ()
                found = self._first("amount", values, lambda text: stated_amount(text, currency))  # noqa: B023
                if found:
                    return found
        return self._first("amount", [*self.draft.prose, *self._values(Label.NOTE)], project_amount)

    def _cup(self) -> str | None:
        return self._first("cup", self._values(Label.CUP), find_cup) or self._first(
            "cup", self.draft.prose, find_cup
        )

    def _link(self) -> str | None:
        pieces = [*([self.draft.title] if self.draft.title else []), *self._values(Label.LINK)]
        for piece in pieces:
            for link in self.outline.blocks[piece.block].links:
                if link.start < piece.end and link.end > piece.start:
                    return self._at(
                        "link", Piece(piece.block, 0, 0), Found(link.address, link.start, link.end)
                    )
        return None

    def _note(self) -> str | None:
        lines = note_lines(self.outline, [*self.draft.prose, *self._values(Label.NOTE)])
        told = [self._told(line) for line in lines]
        return " ".join(filter(None, told)) or None

    def _told(self, piece: Piece) -> str:
        """Return a paragraph without the sentences that only state our role or the status."""
        text = self._text(piece)
        kept: list[str] = []
        for begin, end in sentences(text):
            sentence = text[begin:end]
            if (
                role_sentence_in(sentence, self.body.names) == (0, len(sentence))
                and len(sentence.split()) <= 14
            ):
                continue
            if only_states_status(sentence):
                continue
            kept.append(clean(sentence))
            self.spans.append(Span("note", piece.block, piece.start + begin, piece.start + end, sentence))
        return " ".join(kept)


def project_of(outline: Outline, draft: Draft, body: Body) -> Project:
    """Return the project that a draft states."""
    return Assembly(outline, draft, body).project()
