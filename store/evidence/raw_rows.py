"""Rows as the database really holds them: one that cannot be read, or is spelt oddly, is told, not raised.

A flipped bit may leave text that is no date, no known word or no UTF-8, or a date that reads the same
although it is spelt otherwise (SQLite keeps dates as text). Ordinary reading fails over the first
and overlooks the second.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect

from store.database import Session


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row's values by column; `problem` says what is wrong with the row as such, `values` is then empty."""

    values: Mapping[str, Any]
    problem: str | None = None


def row_key(table: sa.Table, values: Mapping[str, Any]) -> str:
    """Return the name of a row within its table: its primary key, parts joined by a slash."""
    return "/".join(str(values[column.name]) for column in table.primary_key.columns)


def raw_rows(session: Session, table: sa.Table, keys: Iterable[str]) -> dict[str, RawRow]:
    """Return the rows of these keys; missing ones are left out."""
    wanted = list(keys)
    try:
        return _read(session, table, wanted)
    except (sa.exc.DBAPIError, ValueError) as error:
        if len(wanted) == 1:
            return {wanted[0]: RawRow({}, f"cannot be read: {_reason(error)}")}
    # Halved until the row that cannot be read stands alone.
    middle = len(wanted) // 2
    return raw_rows(session, table, wanted[:middle]) | raw_rows(session, table, wanted[middle:])


def all_keys(session: Session, table: sa.Table) -> Iterable[str]:
    """Yield the keys of all rows of a table."""
    rows = session.execute(sa.select(*table.primary_key.columns).execution_options(yield_per=1000))
    return (row_key(table, row._asdict()) for row in rows)


def _read(session: Session, table: sa.Table, keys: list[str]) -> dict[str, RawRow]:
    dialect = session.dialect
    raw = [sa.type_coerce(column, sa.types.NullType()).label(column.name) for column in table.columns]
    found = {}
    for row in session.execute(sa.select(*raw).where(_is_one_of(table, keys))):
        found[row_key(table, row._asdict())] = _checked(table, row._asdict(), dialect)
    return found


def _checked(table: sa.Table, raw: Mapping[str, Any], dialect: Dialect) -> RawRow:
    values = {}
    for column in table.columns:
        try:
            values[column.name] = _value(column, raw[column.name], dialect)
        except (ValueError, LookupError, TypeError):
            return RawRow({}, f"holds in {column.name} what was never written there")
    return RawRow(values)


def _value(column: sa.Column[Any], raw: Any, dialect: Dialect) -> Any:
    """Return the value that a stored one stands for; raises where it is not spelt as it would be written."""
    if isinstance(raw, bytes) and isinstance(column.type, sa.LargeBinary):
        return raw
    kind = column.type.dialect_impl(dialect)
    read, write = kind.result_processor(dialect, None), kind.bind_processor(dialect)
    value = read(raw) if read else raw
    spelt = write(value) if write else value
    if dialect.name == "sqlite" and (type(spelt), spelt) != (type(raw), raw):
        raise ValueError(f"{column} is spelt oddly")
    return value


def _is_one_of(table: sa.Table, keys: Iterable[str]) -> sa.ColumnElement[bool]:
    columns = list(table.primary_key.columns)
    typed = [
        tuple(
            int(part) if isinstance(column.type, sa.Integer) else part
            for column, part in zip(columns, parts, strict=True)
        )
        for parts in (key.rsplit("/", len(columns) - 1) for key in keys)
    ]
    if len(columns) == 1:
        return columns[0].in_([key[0] for key in typed])
    return sa.tuple_(*columns).in_(typed)


def _reason(error: Exception) -> str:
    cause = error.orig if isinstance(error, sa.exc.DBAPIError) else error
    return str(cause).splitlines()[0][:200]
