"""Keeping the database well: a copy before it is changed, and a look at its soundness."""

import sqlite3
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from scraper.errors import DatabaseError
from store.database import Database


def copy_before_migration(url: str) -> Path | None:
    """Copy an SQLite database beside itself and return the copy; None for PostgreSQL and where there is none.

    The copy is consistent even while others write (SQLite's online backup). Raises DatabaseError.
    """
    place = make_url(url)
    if place.get_backend_name() != "sqlite" or not Path(str(place.database)).exists():
        return None
    original = Path(str(place.database))
    copy = _free_name(original)
    try:
        with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    except sqlite3.Error as error:
        copy.unlink(missing_ok=True)
        raise DatabaseError(
            f"{original}: cannot be copied: {error}",
            "Make room beside it, or free it of locks, and try again.",
        ) from error
    return copy


def soundness(db: Database) -> str:
    """Return one sentence on a sound database; raises DatabaseError where its file is damaged."""
    with db.reading() as session:
        if session.dialect.name != "sqlite":
            session.execute(sa.text("SELECT 1"))
            return "answers"
        found = session.execute(sa.text("PRAGMA quick_check(1)")).scalar_one()
    if found != "ok":
        raise DatabaseError(
            f"the database is damaged: {found}", "Keep the file, and restore the last backup."
        )
    return "sound"


def _free_name(original: Path) -> Path:
    names = (original.with_name(f"{original.name}.before-migration-{number}") for number in range(1, 10_000))
    return next(name for name in names if not name.exists())
