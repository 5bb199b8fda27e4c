"""Keeping the index of what was said: row by row as history grows, or anew from all of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from scraper.compare import SourceState
from scraper.records import Decision
from store.bodies import body_content
from store.captured import SNAPSHOT_JSON
from store.database import Session
from store.search.saying import Shift, Speaker, Text, page_texts, project_texts, shift, shifts
from store.search.search_tables import SAID
from store.search.stemming import index_words
from store.search.word_index import add_words, clear_words, remove_words
from store.tables import CAPTURE, PAGE, SNAPSHOT, VERDICT, VERSION
from store.tracks import PROJECT


def index_move(
    session: Session, source: str, capture_id: int, before: SourceState, after: SourceState
) -> None:
    """Index what is newly said, and note what is no longer, since the state moved on with this capture."""
    for moved in shifts(source, before, after):
        _write(session, moved, capture_id)


def rebuild(session: Session) -> int:
    """Make the whole index anew from history, and return the number of its texts."""
    clear_words(session)
    session.execute(sa.delete(SAID))
    return _build(session, None)


def rebuild_source(session: Session, source: str) -> int:
    """Make the index of one source anew from its history, and return the number of its texts."""
    remove_words(session, first_words(session, source))
    session.execute(sa.delete(SAID).where(SAID.c.source == source))
    return _build(session, source)


def _build(session: Session, source: str | None) -> int:
    rows: dict[tuple[Speaker, Text], dict[str, object]] = {}
    for moved, capture_id, page_id in (*_project_shifts(session, source), *_page_shifts(session, source)):
        for text in moved.come:
            fresh = {**_row(moved.speaker, page_id, text), "first_capture_id": capture_id}
            rows.setdefault((moved.speaker, text), fresh)["gone_capture_id"] = None
        for text in moved.gone:
            rows[moved.speaker, text]["gone_capture_id"] = capture_id
    if rows:
        session.execute(sa.insert(SAID), list(rows.values()))
    add_words(session, first_words(session, source))
    return len(rows)


def first_words(session: Session, source: str | None = None) -> list[tuple[int, tuple[str, ...]]]:
    """Return the number of every text (of a source) with the words that its speaker had not said before."""
    own = (SAID.c.source, SAID.c.number, SAID.c.page_id)
    known: dict[tuple[object, ...], set[str]] = defaultdict(set)
    chosen = sa.true() if source is None else SAID.c.source == source
    kept = session.execute(sa.select(SAID.c.id, SAID.c.text, *own).where(chosen).order_by(SAID.c.id))
    return [(row.id, _fresh(row.text, known[row.source, row.number, row.page_id])) for row in kept]


def _write(session: Session, moved: Shift, capture_id: int) -> None:
    page_id = None if moved.speaker.address is None else _page_id(session, moved.speaker)
    if page_id is None and moved.speaker.number is None:
        return  # an address that no page is watched at
    own = _own(moved.speaker, page_id)
    known = dict(
        session.execute(
            sa.select(SAID.c.sha256, SAID.c.id).where(
                own, SAID.c.sha256.in_([text.sha256 for text in (*moved.come, *moved.gone)])
            )
        ).all()
    )
    _set_gone(session, [known[text.sha256] for text in moved.gone if text.sha256 in known], capture_id)
    _set_gone(session, [known[text.sha256] for text in moved.come if text.sha256 in known], None)
    new = [text for text in moved.come if text.sha256 not in known]
    said = session.execute(sa.select(SAID.c.text).where(own)).scalars() if new else ()
    words = {word for text in said for word in index_words(text)}
    for text in new:
        row = {**_row(moved.speaker, page_id, text), "first_capture_id": capture_id}
        number = session.execute(sa.insert(SAID).values(row).returning(SAID.c.id)).scalar_one()
        add_words(session, [(number, _fresh(text.words, words))])


def _fresh(text: str, known: set[str]) -> tuple[str, ...]:
    """Return the words of a text that its speaker had not said before, and make them known.

    Who said a word is thus found in one place for each speaker, however many versions repeat it.
    """
    fresh = tuple(word for word in index_words(text) if word not in known)
    known.update(fresh)
    return fresh


def _own(speaker: Speaker, page_id: int | None) -> sa.ColumnElement[bool]:
    if speaker.number is None:
        return SAID.c.page_id == page_id
    return (SAID.c.source == speaker.source) & (SAID.c.number == speaker.number)


def _set_gone(session: Session, numbers: Sequence[int], capture_id: int | None) -> None:
    if numbers:
        session.execute(sa.update(SAID).where(SAID.c.id.in_(numbers)).values(gone_capture_id=capture_id))


def _row(speaker: Speaker, page_id: int | None, text: Text) -> dict[str, object]:
    return {
        "source": speaker.source,
        "number": speaker.number,
        "page_id": page_id,
        "field": text.field,
        "text": text.words,
        "sha256": text.sha256,
    }


def _page_id(session: Session, speaker: Speaker) -> int | None:
    query = sa.select(PAGE.c.id).where(PAGE.c.source == speaker.source, PAGE.c.address == speaker.address)
    return session.execute(query).scalar()


def _project_shifts(session: Session, source: str | None) -> Iterator[tuple[Shift, int, None]]:
    """Yield every move of what a project says, project by project, as its versions in order of time show."""
    said: dict[Speaker, tuple[Text, ...]] = {}
    columns = (VERSION.c.source, VERSION.c.number, VERSION.c.capture_id, VERSION.c.present, VERSION.c.project)
    chosen = sa.true() if source is None else VERSION.c.source == source
    for row in session.execute(sa.select(*columns).where(chosen).order_by(VERSION.c.at, VERSION.c.id)):
        speaker = Speaker(row.source, row.number)
        now = project_texts(PROJECT.validate_json(row.project)) if row.present else ()
        for moved in shift(speaker, said.get(speaker, ()), now):
            yield moved, row.capture_id, None
        said[speaker] = now


def _page_shifts(session: Session, source: str | None) -> Iterator[tuple[Shift, int, int]]:
    """Yield every move of what a page says outside its projects, as its accepted versions show."""
    said: dict[Speaker, tuple[Text, ...]] = {}
    newest = sa.select(sa.func.max(SNAPSHOT.c.id)).where(SNAPSHOT.c.capture_id == CAPTURE.c.id)
    accepted = sa.select(VERDICT.c.capture_id).where(VERDICT.c.decision == Decision.ACCEPTED)
    query = (
        sa.select(PAGE.c.source, PAGE.c.address, PAGE.c.id, SNAPSHOT.c.capture_id, SNAPSHOT.c.content_sha256)
        .select_from(PAGE)
        .join(CAPTURE, CAPTURE.c.page_id == PAGE.c.id)
        .join(SNAPSHOT, SNAPSHOT.c.id == newest.correlate(CAPTURE).scalar_subquery())
        .where(CAPTURE.c.id.in_(accepted), sa.true() if source is None else PAGE.c.source == source)
        .order_by(PAGE.c.id, CAPTURE.c.at, CAPTURE.c.id)
    )
    for row in session.execute(query).all():
        speaker = Speaker(row.source, address=row.address)
        now = page_texts(SNAPSHOT_JSON.validate_json(body_content(session, row.content_sha256)))
        for moved in shift(speaker, said.get(speaker, ()), now):
            yield moved, row.capture_id, row.id
        said[speaker] = now
