"""Rebuilding tables with their rows: the one way in SQLite to change what a table demands of them."""

from collections.abc import Callable

import sqlalchemy as sa
from alembic import op


def rebuild(tables: tuple[str, ...], create: Callable[[], None], **added: str) -> None:
    """Drop these tables, let `create` make them anew, and put their rows back.

    Tables that refer to others of them stand behind those; all names come from the migrations. `added` gives
    columns that are new and have no default, as "table.column", and the SQL value that old rows get. Numbers
    given once are not given again.
    """
    connection = op.get_bind()
    for table in tables:
        op.execute(f"CREATE TEMPORARY TABLE kept_{table} AS SELECT * FROM {table}")  # noqa: S608
    highest = {table: _highest(connection, table) for table in tables}
    kept = {table: _columns(connection, table) for table in tables}
    for table in reversed(tables):
        op.drop_table(table)
    create()
    for table in tables:
        new = {name.partition(".")[2]: value for name, value in added.items() if name.startswith(f"{table}.")}
        into = ", ".join((*kept[table], *new))
        values = ", ".join((*kept[table], *new.values()))
        op.execute(f"INSERT INTO {table} ({into}) SELECT {values} FROM kept_{table}")  # noqa: S608
        op.execute(f"DROP TABLE kept_{table}")
        _continue(connection, table, highest[table])


def _columns(connection: sa.Connection, table: str) -> list[str]:
    return [column["name"] for column in sa.inspect(connection).get_columns(table)]


def _highest(connection: sa.Connection, table: str) -> int | None:
    """Return the highest number that the table ever gave to a row; None where it gives none or gave none."""
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :table")
        return connection.execute(query, {"table": table}).scalar()
    sequence = _sequence(connection, table)
    if sequence is None:
        return None
    given = connection.execute(sa.text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608
    return int(given.last_value) if given.is_called else None


def _continue(connection: sa.Connection, table: str, highest: int | None) -> None:
    if highest is None:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :table"), {"table": table})
        query = sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:table, :highest)")
        connection.execute(query, {"table": table, "highest": highest})
        return
    query = sa.text("SELECT setval(:sequence, :highest)")
    connection.execute(query, {"sequence": _sequence(connection, table), "highest": highest})


def _sequence(connection: sa.Connection, table: str) -> str | None:
    if not any(column["name"] == "id" for column in sa.inspect(connection).get_columns(table)):
        return None
    return connection.execute(sa.text(f"SELECT pg_get_serial_sequence('{table}', 'id')")).scalar()
