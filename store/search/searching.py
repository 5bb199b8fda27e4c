"""Asking what was ever said: who said these words, in which texts, first and last seen when."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

import sqlalchemy as sa

from store.database import Session
from store.pages import PageEntry, page
from store.search.saying import FIELDS
from store.search.search_tables import SAID
from store.search.stemming import index_words, marked
from store.search.word_index import first_texts_with
from store.sights import Sight, last_sight, last_sights_before
from store.tables import CAPTURE
from store.tracks import ProjectEntry, project_entries

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

    `first` and `last` are the visits that first and last showed any of them, `stands` whether any still
    stands, `more` the number of hits not listed. Of `project` and `page` one is None.
    """

    project: ProjectEntry | None
    page: PageEntry | None
    hits: tuple[Hit, ...]
    more: int
    first: Sight
    last: Sight
    stands: bool


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
    speakers = [_Speaker(row.source, row.number, row.page_id) for row in rows]
    return Found(rows[0].total if rows else 0, _answers(session, speakers, words))


class _Speaker(NamedTuple):
    """Who said something: a project by its source and number, or a page."""

    source: str
    number: int | None
    page_id: int | None


class _Line(NamedTuple):
    """One text of a speaker, and how many of the words it has."""

    found: int
    row: sa.Row[Any]


def _speakers(session: Session, words: Sequence[str]) -> sa.Select[Any]:
    """Return the query for those who said all the words.

    Only numbers decide the order: databases sort texts each in its own way.
    """
    found = (
        first_texts_with(session, word).add_columns(sa.literal(place).label("place"))
        for place, word in enumerate(words)
    )
    hit = sa.union_all(*found).subquery("hit")
    own = (SAID.c.source, SAID.c.number, SAID.c.page_id)
    rank = sa.func.min(sa.case({field: place for place, field in enumerate(FIELDS)}, value=SAID.c.field))
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


def _answers(session: Session, speakers: Sequence[_Speaker], words: Sequence[str]) -> tuple[Answer, ...]:
    texts: dict[_Speaker, list[_Line]] = defaultdict(list)
    for row in session.execute(_texts(speakers)):
        if found := len(set(words).intersection(index_words(row.text))):
            texts[_Speaker(row.source, row.number, row.page_id)].append(_Line(found, row))
    ranked = {speaker: _ranked(lines, len(words)) for speaker, lines in texts.items()}
    gone = {row.gone_capture_id for rows in ranked.values() for row in (*rows[:_TEXTS], max(rows, key=_end))}
    before = last_sights_before(session, gone - {None})
    numbers = [(speaker.source, speaker.number) for speaker in speakers if speaker.number is not None]
    known: dict[tuple[str, int | None], ProjectEntry] = {}
    known |= {(entry.source, entry.number): entry for entry in project_entries(session, numbers)}
    return tuple(
        _answer(
            session, speaker, known.get((speaker.source, speaker.number or 0)), ranked[speaker], before, words
        )
        for speaker in speakers
    )


def _texts(speakers: Sequence[_Speaker]) -> sa.Select[Any]:
    first, gone = CAPTURE.alias("first"), CAPTURE.alias("gone")
    projects = [(speaker.source, speaker.number) for speaker in speakers if speaker.page_id is None]
    pages = [speaker.page_id for speaker in speakers if speaker.page_id is not None]
    own = (SAID.c.source, SAID.c.number, SAID.c.page_id)
    return (
        sa.select(
            *(*own, SAID.c.id, SAID.c.field, SAID.c.text, SAID.c.first_capture_id, SAID.c.gone_capture_id),
            *(first.c.at.label("first_at"), gone.c.at.label("gone_at")),
        )
        .join(first, first.c.id == SAID.c.first_capture_id)
        .outerjoin(gone, gone.c.id == SAID.c.gone_capture_id)
        .where(sa.tuple_(SAID.c.source, SAID.c.number).in_(projects) | SAID.c.page_id.in_(pages))
    )


def _ranked(lines: Iterable[_Line], asked: int) -> list[sa.Row[Any]]:
    """Return the texts with the best first.

    Where one text has all the words it is what was meant; texts with some would date it wrongly.
    """
    known = list(lines)
    meant = [line for line in known if line.found == asked] or known
    meant.sort(key=lambda line: (-line.found, FIELDS.index(line.row.field), line.row.first_at, line.row.id))
    return [line.row for line in meant]


def _end(row: sa.Row[Any]) -> datetime:
    """Return when a text went; at the end of all time where it stands."""
    return row.gone_at or datetime.max.replace(tzinfo=UTC)


def _answer(
    session: Session,
    speaker: _Speaker,
    project: ProjectEntry | None,
    rows: Sequence[sa.Row[Any]],
    before: Mapping[int, Sight],
    words: Sequence[str],
) -> Answer:
    watched = page(session, speaker.page_id) if speaker.page_id is not None else None
    standing = last_sight(session, project.page_id if project else speaker.page_id or 0)

    def last(row: sa.Row[Any]) -> Sight:
        first = Sight(row.first_at, row.first_capture_id)
        found = standing if row.gone_capture_id is None else before.get(row.gone_capture_id)
        return found if found and found.at > first.at else first

    hits = tuple(
        Hit(
            field=row.field,
            pieces=marked(row.text, words),
            first=Sight(row.first_at, row.first_capture_id),
            last=last(row),
            stands=row.gone_capture_id is None,
        )
        for row in rows[:_TEXTS]
    )
    first, latest = min(rows, key=lambda row: row.first_at), max(rows, key=_end)
    return Answer(
        project=project,
        page=watched,
        hits=hits,
        more=len(rows) - len(hits),
        first=Sight(first.first_at, first.first_capture_id),
        last=last(latest),
        stands=latest.gone_capture_id is None,
    )
