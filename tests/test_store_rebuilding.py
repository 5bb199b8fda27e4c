"""Older databases keep their readers and mails through the migrations that rebuild those tables."""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

from store.database import migrate_database, open_database
from store.deliveries import DeliveryKind, deliveries, owe
from store.subscriptions import subscriptions

MIGRATIONS = Path(__file__).parent.parent / "store" / "migrations"
AT = "'2026-01-01 00:00:00+00:00'"
OLD_ROWS = (
    "INSERT INTO subscription (id, address, language, frequency, filters, wish_sha256, state, cursor,"
    f" requested_at) VALUES (7, 'ong@Example.ORG', 'it', 'weekly', '{{}}', 'x', 'active', 3, {AT})",
    f"INSERT INTO token (sha256, subscription_id, purpose, created_at) VALUES ('t', 7, 'unsubscribe', {AT})",
    *(
        "INSERT INTO delivery (kind, recipient, subscription_id, message_id, message, state, attempts,"
        " next_at, created_at)"
        f" VALUES ('alert', 'ong@Example.ORG', 7, '<{n}@x>', :message, 'ready', 0, {AT}, {AT})"
        for n in (1, 2, 3)
    ),
    "DELETE FROM delivery WHERE message_id = '<3@x>'",
)


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database as the fourth step left it, with two deliveries and the number of a third."""
    url = empty_url(request, tmp_path)
    grown(url, "0004", OLD_ROWS)
    return url


def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = str(request.getfixturevalue("postgres_database")())
        engine = sa.create_engine(driver(url))
        with engine.begin() as connection:  # its databases are born migrated
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        engine.dispose()
    return url


def driver(url: str) -> str:
    """Return the address with the driver that we use."""
    return url.replace("postgresql:", "postgresql+psycopg:")


def grown(url: str, step: str, statements: Iterable[str]) -> None:
    """Let the database grow to a step, and then run statements in it."""
    engine = sa.create_engine(driver(url))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, step)
        for statement in statements:
            connection.execute(sa.text(statement), {"message": b"hello"} if ":message" in statement else {})
    engine.dispose()


def test_rebuilt_tables_keep_their_rows(old_url: str) -> None:
    """After the migration everything is there, in its lane, and no number is given a second time."""
    migrate_database(old_url)
    db = open_database(old_url)
    with db.reading() as session:
        assert [(one.id, one.address, one.cursor) for one in subscriptions(session)] == [
            (7, "ong@Example.ORG", 3)
        ]
        assert [(one.id, one.message, one.lane) for one in deliveries(session)] == [
            (2, b"hello", "example.org"),
            (1, b"hello", "example.org"),
        ]
    with db.writing() as session:
        number = owe(
            session,
            kind=DeliveryKind.ALERT,
            recipient="staff@example.org",
            message_id="<4@x>",
            message=b"hello",
            at=datetime(2026, 1, 2, tzinfo=UTC),
        )
    db.close()
    assert number == 4


@pytest.fixture(params=["sqlite", "postgres"])
def crowded_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of the seventh step, in which one mailbox has several subscriptions in several spellings."""
    url = empty_url(request, tmp_path)
    spelt = [
        (1, "Ong@Example.ORG", "active"),
        (2, "ong@example.org", "active"),
        (3, "ONG@example.org", "active"),
        (4, "ong@example.org", "pending"),
        (5, "altra@example.org", "active"),
        (6, "ong@EXAMPLE.org", "ended"),
    ]
    rows = (
        "INSERT INTO subscription (id, address, language, frequency, filters, wish_sha256, state, cursor,"
        f" requested_at) VALUES ({number}, '{address}', 'it', 'weekly', '{{}}', 'wish{number}', '{state}', 3,"
        f" '2026-01-0{number} 00:00:00+00:00')"
        for number, address, state in spelt
    )
    grown(url, "0007", rows)
    return url


def test_of_several_subscriptions_of_a_mailbox_the_newest_stands(crowded_url: str) -> None:
    """The older ones end as of their sign-up; what waits, had ended or is another's is left as it was."""
    migrate_database(crowded_url)
    db = open_database(crowded_url)
    with db.reading() as session:
        found = {one.id: (one.mailbox, one.state.value) for one in subscriptions(session)}
        ended = {one.id: one.ended_at for one in subscriptions(session) if one.id in {1, 2}}
    db.close()
    assert found == {
        1: ("ong@example.org", "ended"),
        2: ("ong@example.org", "ended"),
        3: ("ong@example.org", "active"),
        4: ("ong@example.org", "pending"),
        5: ("altra@example.org", "active"),
        6: ("ong@example.org", "ended"),
    }
    assert ended == {1: datetime(2026, 1, 1, tzinfo=UTC), 2: datetime(2026, 1, 2, tzinfo=UTC)}
