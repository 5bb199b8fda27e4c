"""From the pieces of a draft to a project: every field from its labelled values first, else from title and
prose."""

import re

from scraper.read.fields.acronyms import acronym
from scraper.read.fields.amounts import Amount, currency_of, find_amounts, project_amount, stated_amount
from scraper.read.fields.countries import find_project_countries
from scraper.read.fields.cup import find_cup
from scraper.read.fields.dates import find_period, find_project_period
from scraper.read.fields.found import Found
from scraper.read.fields.grants import heads_funded, is_our_grant
from scraper.read.fields.labels import Label
from scraper.read.fields.partners import find_parties
from scraper.read.fields.programmes import find_programmes
from scraper.read.fields.roles import role_word
from scraper.read.fields.sentences import sentences
from scraper.read.fields.sharedroles import told_role
from scraper.read.fields.statuses import find_status, heading_status, prose_status
from scraper.read.fields.titles import clean_title
from scraper.read.fields.typography import clean
from scraper.read.flowing.atoms import Piece
from scraper.read.flowing.telltales import is_area, is_place
from scraper.read.gathering import Gathering
from scraper.read.layouts.drafts import Draft
from scraper.read.notelines import note_lines, only_states_status
from scraper.read.ourselves import Body
from scraper.read.outlining.outline import Outline
from scraper.read.periods import clause_period
from scraper.read.recall import countries_in, names_in, programmes_in, role_in, role_sentence_in
from scraper.records import Project, ProjectStatus, Role, Span

_BODIES = {Label.LEAD: Role.LEAD, Label.PARTNERS: Role.PARTNER}
"""The labels before bodies that carry a project out, and what each makes of our own."""


class Assembly(Gathering):
    """One draft on its way to a project."""

    def project(self) -> Project:
        """Return the project that the draft's pieces state."""
        title = self._title()
        acronym = self._acronym(title)
        partners, role = self._bodies()
        start, end = self._period()
        amount = self._amount()
        return Project(
            title=title,
            acronym=acronym,
            area=self._plain("area", self._area()),
            programmes=self._programmes(acronym),
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
            section=self._plain("section", self._section()),
            layout=self.draft.layout,
            spans=tuple(self.spans),
        )

    def _title(self) -> str | None:
        if self.draft.title is None:
            return None
        return self._first("title", [self.draft.title], lambda text: clean_title(text, self.body.names))

    def _section(self) -> Piece | None:
        """Return the nearest heading above the title; one below it heads a part of the project."""
        title, headings = self.draft.title, self.draft.headings
        if title is None or title.block == self.outline.title:
            return next(iter(headings), None)
        place = (title.block, title.start)
        return next((head for head in headings if (head.block, head.start) < place), None)

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
        """Return the partners in the order of the page, and the role of the body whose page it is."""
        role = self._first("role", self._values(Label.ROLE), role_word)
        named, labelled_role = self._labelled_bodies(role)
        spoken = [
            *([self.draft.title] if self.draft.title else []),
            *self.draft.prose,
            *self._values(Label.NOTE),
        ]
        role = labelled_role or self._first("role", spoken, lambda text: role_in(text, self.body.names))
        told, parties_role = self._parties()
        if not named or self._is_told_in_prose():
            known = {name.value for _, name in named}
            named.extend((piece, name) for piece, name in told if name.value not in known)
        named.sort(key=lambda one: (one[0].block, one[0].start + one[1].start))
        partners = dict.fromkeys(self._at("partners", piece, name) for piece, name in named)
        shared = [self.draft.role] if self.draft.role else []
        role = role or parties_role or self._role_of_funder() or self._first("role", shared, told_role)
        return tuple(partners), role or self._role_of_grant()

    def _labelled_bodies(self, role: Role | None) -> tuple[list[tuple[Piece, Found[str]]], Role | None]:
        """Return the bodies behind labels, and `role` or else what the labels make of our own."""
        named: list[tuple[Piece, Found[str]]] = []
        for pair in self.draft.pairs:
            if pair.label not in _BODIES:
                continue
            for piece in pair.values:
                for found in names_in(self._text(piece)):
                    if self.body.is_meant(found.value):
                        own = Found(_BODIES[pair.label], found.start, found.end)
                        role = role or self._role_beside(piece, found) or own.value
                        self._at("role", piece, own)
                    elif all(found.value != name.value for _, name in named):
                        named.append((piece, found))
        for piece in self._values(Label.PROGRAMMES, Label.FUNDS):
            for found in names_in(self._text(piece)):
                if self.body.is_meant(found.value):
                    role = role or self._at("role", piece, Found(Role.FUNDER, found.start, found.end))
        return named, role

    def _is_told_in_prose(self) -> bool:
        """Tell a project whose labels stand amid its prose, so that the prose names what they leave out."""
        running = {piece.block for piece in self.draft.prose}
        return any(pair.name.block in running for pair in self.draft.pairs if pair.label in _BODIES)

    def _parties(self) -> tuple[list[tuple[Piece, Found[str]]], Role | None]:
        """Return the other bodies that prose says carry the project out, and what it makes of our own."""
        others: list[tuple[Piece, Found[str]]] = []
        role = None
        for piece in self.draft.prose:
            for found in find_parties(self._text(piece)):
                name = Found(found.value.name, found.start, found.end)
                if not self.body.is_meant(name.value):
                    others.append((piece, name))
                elif role is None:
                    own = Role.LEAD if found.value.leads else Role.PARTNER
                    role = self._at("role", piece, Found(own, found.start, found.end))
        return others, role

    def _role_of_funder(self) -> Role | None:
        """Return our role where prose names us among the funders."""
        for piece in self.draft.prose:
            for found in find_programmes(self._text(piece)):
                if self.body.is_meant(found.value):
                    return self._at("role", piece, Found(Role.FUNDER, found.start, found.end))
        return None

    def _role_of_grant(self) -> Role | None:
        """Return our role where the projects were funded, and a sum is labelled as our share of the money."""
        if not any(heads_funded(self._text(heading)) for heading in self.draft.headings):
            return None
        for pair in self.draft.pairs:
            label = self._text(pair.name)
            given = any(find_amounts(self._text(piece), bare=True) for piece in pair.values)
            if pair.label is Label.SHARE and given and is_our_grant(label, self.body.names):
                return self._at("role", pair.name, Found(Role.FUNDER, 0, len(label)))
        return None

    def _role_beside(self, piece: Piece, found: Found[str]) -> Role | None:
        """Return the role in brackets or after a dash beside our name: Città di Torino (capofila)."""
        text = self._text(piece)
        line = text[found.start :].split("\n")[0].split(";")[0]
        beside = role_word(line)
        return self._at("role", piece, beside.moved(found.start)) if beside else None

    def _programmes(self, acronym: str | None) -> tuple[str, ...]:
        funds = [piece for piece in self._values(Label.FUNDS) if not stated_amount(self._text(piece))]
        named = (
            self._every("programmes", self._values(Label.PROGRAMMES), programmes_in)
            or self._every("programmes", funds, programmes_in)
            or self._every("programmes", self.draft.prose, lambda text: _funders(text, acronym))
        )
        return tuple(name for name in named if not self.body.is_meant(name))

    def _countries(self) -> tuple[str, ...]:
        own = self.body.country
        stated = [
            self._values(Label.COUNTRIES),
            [piece for piece in self._values(Label.STATUS) if is_place(self._text(piece))],  # Stato: Mali
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
            (self._values(Label.STATUS), lambda text: find_project_period(text, title)),
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


def _funders(prose: str, acronym: str | None) -> list[Found[str]]:
    """Return the funders that prose names; "funded by the EU, SEMI trains farmers" goes on about SEMI."""
    goes_on = re.compile(rf"{re.escape(acronym)} [a-zà-ÿ]") if acronym else None
    return [name for name in find_programmes(prose) if not (goes_on and goes_on.match(name.value))]


def project_of(outline: Outline, draft: Draft, body: Body) -> Project:
    """Return the project that a draft states."""
    return Assembly(outline, draft, body).project()
