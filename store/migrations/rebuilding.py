"""Rebuilding tables with their rows: the one way in SQLite to change what a table demands of them."""

import re
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import AddConstraint, CreateColumn

NAMES = {"ck": "ck_%(table_name)s_%(constraint_name)s"}
"""How CHECKs are named, as the declared tables name them."""


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


def widen(table: str, columns: list[tuple[sa.Column[Any], str]]) -> None:
    """Add columns, with the SQL value that old rows get in each; vocabularies bring their CHECK along."""
    connection = op.get_bind()
    owner = sa.Table(table, sa.MetaData(naming_convention=NAMES), *(column for column, _ in columns))
    checks = [one for one in owner.constraints if isinstance(one, sa.CheckConstraint)]
    if connection.dialect.name != "sqlite":
        for column, value in columns:
            op.execute(f"ALTER TABLE {table} ADD COLUMN {_declared(connection, column, null=True)}")
            op.execute(f"UPDATE {table} SET {column.name} = {value}")  # noqa: S608
            if not column.nullable:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column.name} SET NOT NULL")
        for check in checks:
            op.execute(f"ALTER TABLE {table} ADD {_constraint(connection, check)}")
        return
    own, *others = _statements(connection, table)
    head, _, rest = own.partition("(")
    lines = [f"{_declared(connection, column)}, " for column, _ in columns]
    last = "".join(f", \n\t{_constraint(connection, check)}" for check in checks)
    wider = head + "(" + "".join(f"\n\t{line}" for line in lines) + rest.rstrip()[:-1].rstrip() + last + "\n)"

    def create() -> None:
        for statement in (wider, *others):
            connection.exec_driver_sql(statement)

    rebuild((table,), create, **{f"{table}.{column.name}": value for column, value in columns})


def require(table: str, column: str) -> None:
    """Let a column be NULL no more, once no row has a NULL there."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        op.alter_column(table, column, nullable=False)
        return
    own, *others = _statements(connection, table)
    stricter = re.sub(rf"(\n\s*{column} \w+(\(\d+\))?)", r"\1 NOT NULL", own)

    def create() -> None:
        for statement in (stricter, *others):
            connection.exec_driver_sql(statement)

    rebuild((table,), create)


def _statements(connection: sa.Connection, table: str) -> list[str]:
    """Return the statements that made a table of SQLite and its indexes, the table first."""
    query = (
        "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql NOT NULL ORDER BY type = 'table' DESC"
    )
    return list(connection.execute(sa.text(query), {"table": table}).scalars())


def _declared(connection: sa.Connection, column: sa.Column[Any], null: bool = False) -> str:
    text = str(CreateColumn(column).compile(dialect=connection.dialect)).strip()
    return text.removesuffix(" NOT NULL") if null else text


def _constraint(connection: sa.Connection, check: sa.CheckConstraint) -> str:
    text = str(AddConstraint(check).compile(dialect=connection.dialect))
    return text[text.index("CONSTRAINT") :].strip()


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
