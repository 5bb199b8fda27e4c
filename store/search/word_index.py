"""The one place where SQLite and PostgreSQL differ: who first said which word (FTS5; tsvector and GIN)."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from store.database import Session

CREATE: dict[str, tuple[str, ...]] = {
    # Only whether a word is in a text is asked, so that neither texts nor places are kept a second time.
    "sqlite": (
        "CREATE VIRTUAL TABLE said_words USING fts5"
        "(words, content='', detail=none, columnsize=0, tokenize='unicode61')",
    ),
    "postgresql": (
        "CREATE TABLE said_words (rowid integer PRIMARY KEY, words tsvector NOT NULL)",
        "CREATE INDEX ix_said_words ON said_words USING gin (words)",
    ),
}
"""What makes the index, by dialect; a row's number is that of the text in `said`."""

_WORDS = sa.table("said_words", sa.column("rowid", sa.Integer), sa.column("words", sa.Text))


def add_words(session: Session, texts: Iterable[tuple[int, tuple[str, ...]]]) -> None:
    """Index texts by their numbers; those without words need no entry."""
    rows = [{"rowid": number, "words": " ".join(words)} for number, words in texts if words]
    if not rows:
        return
    # The cast takes the words as they are; to_tsvector would part "1e5" or "a.b" by rules of its own.
    given = sa.cast(sa.bindparam("words"), TSVECTOR) if _is_postgres(session) else sa.bindparam("words")
    session.execute(sa.insert(_WORDS).values(rowid=sa.bindparam("rowid"), words=given), rows)


def first_texts_with(session: Session, word: str) -> sa.Select[int]:
    """Return the query for the numbers of the texts in which somebody first said a word of the index."""
    query = sa.select(_WORDS.c.rowid)
    if _is_postgres(session):
        return query.where(_WORDS.c.words.op("@@")(sa.cast(word, TSQUERY)))
    return query.where(sa.literal_column("said_words").op("MATCH")(f'"{word}"'))


def remove_words(session: Session, texts: Iterable[tuple[int, tuple[str, ...]]]) -> None:
    """Take texts out again; their words must be those with which they were added."""
    rows = [{"rowid": number, "words": " ".join(words)} for number, words in texts if words]
    if not rows:
        return
    if _is_postgres(session):
        gone = sa.text("DELETE FROM said_words WHERE rowid = :rowid")
    else:  # an index without texts of its own cannot know their words
        gone = sa.text("INSERT INTO said_words (said_words, rowid, words) VALUES ('delete', :rowid, :words)")
    session.execute(gone, rows if not _is_postgres(session) else [{"rowid": row["rowid"]} for row in rows])


def clear_words(session: Session) -> None:
    """Empty the index."""
    if _is_postgres(session):
        session.execute(sa.delete(_WORDS))
    else:
        session.execute(sa.text("INSERT INTO said_words (said_words) VALUES ('delete-all')"))


def _is_postgres(session: Session) -> bool:
    return session.dialect.name == "postgresql"
