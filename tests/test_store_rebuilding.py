"""Older databases keep their readers and mails through the migrations that rebuild those tables."""

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
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.db'}"
    else:
        url = str(request.getfixturevalue("postgres_database")())
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        if request.param == "postgres":  # its databases are born migrated
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0004")
        for statement in OLD_ROWS:
            connection.execute(sa.text(statement), {"message": b"hello"} if ":message" in statement else {})
    engine.dispose()
    return url


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
