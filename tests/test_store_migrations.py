"""The migrations lead to the declared schema, and the schema guards history."""

from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from scraper.records import Project
from store.database import Database
from store.tables import HISTORY, IMPORTED, LEDGER_HEAD, RETOLD, Row
from tests.store_visits import day, enrolled, record_visit

SQLITE_CATALOGUE = """
    SELECT name, sql FROM sqlite_master
    WHERE sql IS NOT NULL AND type IN ('table', 'index') AND name NOT LIKE 'sqlite_%'
"""
POSTGRES_CATALOGUE = (
    """SELECT table_name || '.' || column_name,
           concat_ws(' ', data_type, character_maximum_length, is_nullable, column_default)
       FROM information_schema.columns WHERE table_schema = 'public'""",
    """SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
       FROM pg_constraint WHERE conrelid > 0""",
    "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
)


def catalogue(url: str) -> dict[str, str]:
    """Every table, column, constraint and index of a database in the database's own words."""
    engine = sa.create_engine(url)
    queries = (SQLITE_CATALOGUE,) if engine.dialect.name == "sqlite" else POSTGRES_CATALOGUE
    with engine.connect() as connection:
        found = {
            name: "\n".join(sorted(line.strip().rstrip(",") for line in text.splitlines()))
            for query in queries
            for name, text in connection.execute(sa.text(query))
            if "alembic_version" not in name
        }
    engine.dispose()
    return found


def declare(url: str) -> None:
    """Create the declared tables without any migration."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        Row.metadata.create_all(connection)
    engine.dispose()


def test_migrated_equals_declared_in_sqlite(sqlite_url: str, tmp_path: Path) -> None:
    """Whoever migrates has the very tables, constraints and indexes that tables.py declares."""
    declared = f"sqlite:///{tmp_path / 'declared.db'}"
    declare(declared)

    assert catalogue(sqlite_url) == catalogue(declared)


def test_migrated_equals_declared_in_postgresql(postgres_database: Callable[[], str]) -> None:
    """The same in PostgreSQL, by its catalogue."""
    migrated, declared = postgres_database(), postgres_database()
    declare(declared)

    assert catalogue(migrated) == catalogue(declared)


def test_autogenerate_finds_nothing_to_do(db_url: str) -> None:
    """Alembic's own comparison agrees, so that the next generated step starts clean."""
    engine = sa.create_engine(db_url)
    with engine.connect() as connection:
        # The index of words is no table of Alembic's kind; the tests above hold it against the declared one.
        skip = {"include_name": lambda name, kind, _: not (kind == "table" and name.startswith("said_words"))}
        context = MigrationContext.configure(connection, opts=skip)
        assert compare_metadata(context, Row.metadata) == []
    engine.dispose()


def test_there_is_one_line_of_steps() -> None:
    """The migrations have one first step and one last."""
    scripts = ScriptDirectory(str(Path(__file__).parent.parent / "store" / "migrations"))

    assert len(scripts.get_heads()) == len(scripts.get_bases()) == 1


@pytest.mark.parametrize("table", HISTORY, ids=lambda table: table.name)
def test_history_refuses_to_be_rewritten(db: Database, table: sa.Table) -> None:
    """The database itself refuses to change or delete any row of history."""
    with db.writing() as session:
        visit = record_visit(session, enrolled(session), day(1), {1: Project(title="Gambia")})
        brought = {"capture_id": visit, "at": day(2), "archive": "a.warc", "archive_sha256": "0" * 64}
        session.execute(sa.insert(IMPORTED).values(**brought, record="<urn:1>", address="http://a.example/"))
        session.execute(sa.insert(RETOLD).values(pub_seq=1))
    column = table.columns.values()[-1]

    with pytest.raises(sa.exc.DBAPIError, match=f"append-only: {table.name}"), db.writing() as session:
        session.execute(sa.update(table).values({column.name: column}))
    with pytest.raises(sa.exc.DBAPIError, match=f"append-only: {table.name}"), db.writing() as session:
        session.execute(sa.delete(table))
    with db.reading() as session:
        assert session.execute(sa.select(sa.func.count()).select_from(table)).scalar_one() >= 1


@pytest.mark.parametrize("table", HISTORY, ids=lambda table: table.name)
def test_history_refuses_to_be_truncated(postgres_database: Callable[[], str], table: sa.Table) -> None:
    """PostgreSQL's TRUNCATE is no way around."""
    engine = sa.create_engine(postgres_database())
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(sa.text(f"TRUNCATE {table.name} CASCADE"))
    engine.dispose()


def test_history_holds_no_address_of_a_person() -> None:
    """No history table refers to a table that can be erased."""
    erasable = {"subscription", "token", "delivery"}

    assert {key.column.table.name for table in HISTORY for key in table.foreign_keys} & erasable == set()


def test_words_outside_the_vocabulary_are_refused(db: Database) -> None:
    """A CHECK keeps a kind or state that no version knows out of the tables."""
    with pytest.raises(sa.exc.IntegrityError), db.writing() as session:
        session.execute(
            sa.text(
                "INSERT INTO token (sha256, subscription_id, purpose, created_at)"
                " VALUES ('x', 1, 'admin', '2026-01-01 00:00:00+00:00')"
            )
        )


def test_the_ledger_has_one_head(db: Database) -> None:
    """There cannot be two counters."""
    with pytest.raises(sa.exc.IntegrityError), db.writing() as session:
        session.execute(sa.insert(LEDGER_HEAD).values(id=2, pub_seq=0))
