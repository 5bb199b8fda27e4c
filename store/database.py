"""The open database: one engine, transactions that read and transactions that write, versions checked."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from scraper.errors import DatabaseError, DatabaseNewerError, DatabaseOlderError
from store.faults import alien_error, database_error, missing_error, shown

__all__ = [
    "Database",
    "Session",
    "create_database",
    "insert_all_new",
    "insert_new",
    "migrate_database",
    "open_database",
]

BUSY_SECONDS = 30
"""How long a writer waits for another (SQLite's lock is not fair: 5 s were exceeded under load)."""


Session = Connection
"""One transaction, in which every function of this room works.

The store writes its statements itself; the ORM's session only stood between, for a fifth of the time.
"""


class Database:
    """A database at the present schema; make it with `open_database` or `create_database`.

    Reading and writing have connections of their own: one that reads cannot write, whatever it is asked.
    """

    def __init__(self, url: URL) -> None:
        self.url = url
        self._reader = _engine(url, reading=True)
        self._writer = _engine(url, reading=False)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Yield a session that sees one consistent state and refuses to write."""
        with self._errors(), self._reader.connect() as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Yield a session whose work is committed as one transaction on exit, or not at all on an error.

        In SQLite it is the only writer from its first statement on. In PostgreSQL the functions of this
        room lock the rows that they decide on.
        """
        with self._errors(), self._writer.begin() as session:
            yield session

    def scrub(self) -> None:
        """Let what was deleted vanish from SQLite's files, too, as far as no reader holds it open.

        Deleted rows are overwritten at once, but their pages stand in the write-ahead log until it is
        folded into the file. PostgreSQL keeps its own house: its vacuum removes them.
        """
        if self._writer.dialect.name == "sqlite":
            with self._errors(), self._writer.connect() as connection:
                driver = connection.connection.driver_connection
                assert driver is not None
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self._writer.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        with _people_errors(self.url):
            yield


def create_database(url: str) -> Database:
    """Create the tables where there are none, and open the database; it is no error if they are there."""
    place = _place(url)
    if place.get_backend_name() == "sqlite" and place.database:
        Path(place.database).parent.mkdir(parents=True, exist_ok=True)
    if _standing(place) is None:
        _upgrade(place)
    return open_database(url)


def open_database(url: str) -> Database:
    """Open a database at the present schema.

    Raises DatabaseMissingError, DatabaseOlderError, DatabaseNewerError, or DatabaseError with its reason.
    """
    place = _place(url)
    standing = _standing(place)
    if standing is None:
        raise missing_error(place)
    scripts = ScriptDirectory.from_config(_alembic())
    if standing not in {script.revision for script in scripts.walk_revisions()}:
        raise DatabaseNewerError(
            f"{shown(place)}: written by a later version of coopwatch (schema {standing})",
            "Update coopwatch, or name another database.",
        )
    if standing != scripts.get_current_head():
        raise DatabaseOlderError(
            f"{shown(place)}: written by an earlier version of coopwatch (schema {standing})",
            "Run `coopwatch migrate`; it keeps a copy of the file first.",
        )
    return Database(place)


def migrate_database(url: str) -> None:
    """Bring an older database to the present schema, in one transaction; raises as `open_database` does."""
    try:
        open_database(url).close()
    except DatabaseOlderError:
        _upgrade(_place(url))


def insert_new(session: Session, table: sa.Table, values: dict[str, Any]) -> sa.Row[Any] | None:
    """Insert a row and return its key; None where a unique index says that it is there already."""
    return next(iter(insert_all_new(session, table, [values])), None)


def insert_all_new(
    session: Session, table: sa.Table, rows: Sequence[dict[str, Any]], *also: sa.Column[Any]
) -> Sequence[sa.Row[Any]]:
    """Insert rows, each with the same columns, and return the keys of those that were not there already.

    With each key come the columns named in `also`.
    """
    if not rows:
        return ()
    dialect = postgresql if session.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table).on_conflict_do_nothing()
    return session.execute(insert.returning(*table.primary_key, *also), rows).all()


_KINDS = "Write sqlite:///file, or postgresql+psycopg://user@host/name."


def _place(url: str) -> URL:
    try:
        place = make_url(url)
    except ArgumentError as error:
        raise DatabaseError(f"{url!r} is no database address", _KINDS) from error
    if place.get_backend_name() not in {"sqlite", "postgresql"}:
        raise DatabaseError(f"{place.get_backend_name()} is no database that coopwatch can use", _KINDS)
    if place.drivername == "postgresql":
        return place.set(drivername="postgresql+psycopg")
    return place


def _engine(url: URL, *, reading: bool) -> Engine:
    """Return an engine for transactions that see one state and refuse to write, or for those that write."""
    if url.get_backend_name() != "sqlite":
        if not reading:
            return sa.create_engine(url)
        options = {"postgresql_readonly": True}
        return sa.create_engine(url, isolation_level="REPEATABLE READ", execution_options=options)
    patience = {} if "timeout" in url.query else {"timeout": BUSY_SECONDS}
    engine = sa.create_engine(url, connect_args=patience)
    sa.event.listen(engine, "connect", _prepare_sqlite)
    if reading:
        sa.event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA query_only = ON"))
    begin = "BEGIN" if reading else "BEGIN IMMEDIATE"
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Without this pysqlite opens transactions itself, too late: 7,092 of 9,609 updates of four processes
    # were lost without an error.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is erased must not linger in free pages
    connection.execute("PRAGMA synchronous = FULL")  # a mail that was accepted must stay accepted


@contextmanager
def _people_errors(url: URL) -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        told = database_error(error, url)
        if told is None:
            raise
        raise told from error


def _alembic() -> Config:
    config = Config()
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _standing(place: URL) -> str | None:
    """Return the schema's revision, or None where there are no tables; never creates a file."""
    if place.get_backend_name() == "sqlite" and not Path(str(place.database)).exists():
        return None
    engine = _engine(place, reading=True)
    try:
        with _people_errors(place), engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
            if revision is None and sa.inspect(connection).get_table_names():
                raise alien_error(place)
            return revision
    finally:
        engine.dispose()


def _upgrade(place: URL) -> None:
    """Run the migrations that are missing, all or none."""
    engine = _engine(place, reading=False)
    try:
        with _people_errors(place), engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                _set_sqlite(connection, "PRAGMA journal_mode = WAL", "PRAGMA foreign_keys = OFF")
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def _set_sqlite(connection: Connection, *pragmas: str) -> None:
    # Neither pragma works inside a transaction, and SQLAlchemy begins one before its first statement.
    driver = connection.connection.driver_connection
    assert driver is not None
    end = monotonic() + BUSY_SECONDS
    for pragma in pragmas:
        while True:
            try:
                driver.execute(pragma)
                break
            except sqlite3.OperationalError:  # SQLite itself does not wait where two switch to WAL at once
                if monotonic() > end:
                    raise
                sleep(0.05)
