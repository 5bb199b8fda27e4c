"""Fixtures that many tests share: a fresh database each, SQLite or both kinds."""

import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from hypothesis import HealthCheck, settings
from psycopg import sql

from store import (
    bounce_tables,  # noqa: F401  (declares its tables, which the migrations make)
    keeping_tables,  # noqa: F401  (the same)
    mail_tables,  # noqa: F401  (the same)
    run_tables,  # noqa: F401  (the same)
    subscriber_tables,  # noqa: F401  (the same)
)
from store.database import Database, create_database, open_database
from store.evidence import log_tables  # noqa: F401  (the same)
from store.staff import staff_tables  # noqa: F401  (the same, and those of the reviews)
from tests.postgres import Postgres, PostgresUnavailableError

settings.register_profile("small", max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("soak", max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("soak" if os.environ.get("COOPWATCH_SOAK") else "small")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A running PostgreSQL server; skips where its binaries cannot run at all."""
    server = Postgres()
    try:
        server.start()
        create_database(server.url("template1")).close()
        yield server
    except PostgresUnavailableError as error:
        pytest.skip(f"no PostgreSQL here: {error}")
    finally:
        server.stop()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file without rows, to be copied."""
    path = tmp_path_factory.mktemp("empty") / "coopwatch.db"
    create_database(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite_url(empty_sqlite: Path, tmp_path: Path) -> str:
    """The address of a fresh SQLite database."""
    return f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'coopwatch.db')}"


@pytest.fixture
def sqlite_db(sqlite_url: str) -> Iterator[Database]:
    """A fresh SQLite database, open."""
    db = open_database(sqlite_url)
    yield db
    db.close()


@pytest.fixture(scope="session")
def postgres_database(postgres: Postgres) -> Callable[[], str]:
    """Make another database on the server, migrated, and return its address."""
    numbers = count(1)

    def make() -> str:
        name = f"test{next(numbers)}"
        with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return postgres.url(name)

    return make


@pytest.fixture(params=["sqlite", "postgres"])
def db_url(request: pytest.FixtureRequest) -> str:
    """The address of a fresh database, of each kind in turn."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return str(request.getfixturevalue("postgres_database")())


@pytest.fixture
def db(db_url: str) -> Iterator[Database]:
    """A fresh database, open, of each kind in turn."""
    database = open_database(db_url)
    yield database
    database.close()
