"""Asking what was ever said: who said these words, in which texts, first and last seen when."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from store.pages import PageEntry, page
from store.search.saying import FIELDS
from store.search.search_tables import SAID
from store.search.stemming import index_words, marked
from store.search.word_index import texts_with
from store.sights import LastSights, Sight
from store.tables import CAPTURE
from store.tracks import ProjectEntry, project_entry

MOST_WORDS = 12
"""So many words of a question count."""

_TEXTS = 6
"""So many texts of one project or page are shown; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A text with the words that were asked for: its pieces, each with whether it is one of them.

    `first` is the visit that first showed it, `last` the last one that did, `stands` whether it still does.
    """

    field: str
    pieces: tuple[tuple[str, bool], ...]
    first: Sight
    last: Sight
    stands: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """A project, or a page outside every project, that once said all the words; its hits, the best first.

    Where one text has all the words, only such texts are hits.

    `first` and `last` are the visits that first and last showed any of them, `more` the number of hits not
    listed. Of `project` and `page` one is None.
    """

    project: ProjectEntry | None
    page: PageEntry | None
    hits: tuple[Hit, ...]
    more: int
    first: Sight
    last: Sight

    @property
    def stands(self) -> bool:
        """Whether any of the texts still stands."""
        return any(hit.stands for hit in self.hits)


@dataclass(frozen=True, slots=True)
class Found:
    """What a search came to: how many projects and pages said the words, and some of them."""

    total: int
    answers: tuple[Answer, ...]


def search(session: Session, text: str, limit: int = 20, offset: int = 0) -> Found:
    """Return who ever said every word of `text`, one text for all words or several.

    Those that said it in a title come first, then in the order in which they first said it.
    """
    words = index_words(text)[:MOST_WORDS]
    if not words:
        return Found(0, ())
    rows = session.execute(_speakers(session, words).limit(limit).offset(offset)).all()
    return Found(rows[0].total if rows else 0, tuple(_answer(session, row, words) for row in rows))


def _speakers(session: Session, words: Sequence[str]) -> sa.Select[Any]:
    """Return the query for those who said all the words.

    Only numbers decide the order: databases sort texts each in its own way.
    """
    found = (
        texts_with(session, word).add_columns(sa.literal(place).label("place"))
        for place, word in enumerate(words)
    )
    hit = sa.union_all(*found).subquery("hit")
    own = (SAID.c.source, SAID.c.number, SAID.c.page_id)
    rank = sa.func.min(_rank())
    return (
        sa.select(*own, sa.func.count().over().label("total"))
        .join(hit, hit.c.rowid == SAID.c.id)
        .group_by(*own)
        .having(sa.func.count(sa.distinct(hit.c.place)) == len(words))
        .order_by(
            rank,
            sa.func.min(SAID.c.first_capture_id),
            sa.func.coalesce(SAID.c.number, 0),
            sa.func.coalesce(SAID.c.page_id, 0),
        )
    )


def _rank() -> sa.ColumnElement[int]:
    return sa.case({field: place for place, field in enumerate(FIELDS)}, value=SAID.c.field)


def _answer(session: Session, speaker: sa.Row[Any], words: Sequence[str]) -> Answer:
    project = page_entry = None
    if speaker.number is not None:
        project = project_entry(session, speaker.source, speaker.number)
        own, page_id = (SAID.c.source == speaker.source) & (SAID.c.number == speaker.number), project.page_id
    else:
        page_entry = page(session, speaker.page_id)
        own, page_id = SAID.c.page_id == speaker.page_id, page_entry.id
    rows = session.execute(_texts(session, own, words)).all()
    # Where one text has all the words it is what was meant; texts with some would date it wrongly.
    rows = [row for row in rows if row.words == len(words)] or rows
    sights = LastSights(session, page_id)
    hits = tuple(_hit(row, words, sights) for row in rows)
    return Answer(
        project=project,
        page=page_entry,
        hits=hits[:_TEXTS],
        more=max(0, len(hits) - _TEXTS),
        first=min((hit.first for hit in hits), key=lambda sight: sight.at),
        last=max((hit.last for hit in hits), key=lambda sight: sight.at),
    )


def _texts(session: Session, own: sa.ColumnElement[bool], words: Sequence[str]) -> sa.Select[Any]:
    first, gone = CAPTURE.alias("first"), CAPTURE.alias("gone")
    said = [sa.case((SAID.c.id.in_(texts_with(session, word)), 1), else_=0) for word in words]
    count = sum(said[1:], start=said[0]).label("words")
    return (
        sa.select(
            *(SAID.c.field, SAID.c.text, SAID.c.first_capture_id, SAID.c.gone_capture_id, count),
            *(first.c.at.label("first_at"), gone.c.at.label("gone_at")),
        )
        .join(first, first.c.id == SAID.c.first_capture_id)
        .outerjoin(gone, gone.c.id == SAID.c.gone_capture_id)
        .where(own, sa.or_(*(SAID.c.id.in_(texts_with(session, word)) for word in words)))
        .order_by(count.desc(), _rank(), first.c.at, SAID.c.first_capture_id, SAID.c.id)
    )


def _hit(row: sa.Row[Any], words: Sequence[str], sights: LastSights) -> Hit:
    first = Sight(row.first_at, row.first_capture_id)
    gone = None if row.gone_capture_id is None else Sight(row.gone_at, row.gone_capture_id)
    return Hit(
        field=row.field,
        pieces=marked(row.text, words),
        first=first,
        last=sights.last(first, gone),
        stands=row.gone_capture_id is None,
    )
