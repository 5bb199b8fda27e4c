"""Tampering as somebody would who has the database in hand: guards off, rows changed behind our back."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import sqlalchemy as sa

from store.database import Database, Session
from store.tables import Row


class UndoneError(Exception):
    """Rolls the tampering back."""


@contextmanager
def tampering(db: Database) -> Iterator[Session]:
    """Yield a session in which nothing guards history; all that is done in it is undone at the end."""
    try:
        with db.writing() as session:
            _disarm(session)
            yield session
            raise UndoneError
    except UndoneError:
        pass


def _disarm(session: Session) -> None:
    if session.dialect.name == "postgresql":
        session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        return
    triggers = session.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars()
    for name in triggers.all():
        session.execute(sa.text(f"DROP TRIGGER {name}"))
    # Enough, as nothing is ever committed here.
    session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))
    session.execute(sa.text("PRAGMA ignore_check_constraints = ON"))


@cache
def table(name: str) -> sa.Table:
    """Return the table of that name without its types: values go in and come out as the driver has them."""
    declared = Row.metadata.tables[name]
    return sa.table(name, *(sa.column(column.name) for column in declared.columns))  # type: ignore[return-value]


def key_names(name: str) -> list[str]:
    """Return the names of a table's primary key."""
    return [column.name for column in Row.metadata.tables[name].primary_key.columns]


def rows(session: Session, name: str) -> list[dict[str, Any]]:
    """Return every row of a table as the driver has it, in the order of its key."""
    bare = table(name)
    query = sa.select(bare).order_by(*(bare.c[key] for key in key_names(name)))
    return [row._asdict() for row in session.execute(query)]


def where(name: str, row: dict[str, Any]) -> sa.ColumnElement[bool]:
    """Return the condition that picks this row."""
    return sa.and_(*(table(name).c[key] == row[key] for key in key_names(name)))


def drop(session: Session, name: str, row: dict[str, Any]) -> None:
    """Delete a row."""
    session.execute(sa.delete(table(name)).where(where(name, row)))


def exchange(session: Session, name: str, one: dict[str, Any], other: dict[str, Any]) -> None:
    """Give each of two rows the other's contents, under its own key."""
    keys = key_names(name)
    for row in (one, other):
        drop(session, name, row)
    for row, contents in ((one, other), (other, one)):
        session.execute(sa.insert(table(name)).values({**contents, **{key: row[key] for key in keys}}))


def put(session: Session, name: str, row: dict[str, Any], column: str, value: Any) -> bool:
    """Overwrite one value; False where the database cannot hold the row so (a unique index, a wrong type)."""
    stored = sa.cast(sa.literal(value[0], sa.LargeBinary), sa.Text) if isinstance(value, tuple) else value
    update = sa.update(table(name)).where(where(name, row)).values({column: stored})
    try:
        with session.begin_nested():
            session.execute(update)
    except sa.exc.IntegrityError:
        return False
    return True


def flips(value: Any, every: bool) -> Iterator[Any]:
    """Yield a value with one bit flipped, for some places or for every one; text as a tuple of its bytes."""
    if isinstance(value, int):
        yield from (value ^ 1 << bit for bit in (range(31) if every else (0, 1, 17)))
    elif isinstance(value, str | bytes):
        content = value.encode() if isinstance(value, str) else value
        places = range(len(content) * 8)
        step = 1 if every else max(1, len(places) // 4)
        # A date's last character could be lost unseen; in a body's fifth byte is a bit that zstd ignores.
        header = () if isinstance(value, str) else places[32:40]
        for place in {*places[::step], *places[-8::3], *header}:
            spoilt = bytearray(content)
            spoilt[place // 8] ^= 1 << place % 8
            yield (bytes(spoilt),) if isinstance(value, str) else bytes(spoilt)
