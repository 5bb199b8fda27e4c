"""Runs the migrations on the connection that `store.database` hands over, in one transaction."""

import sqlalchemy as sa
from alembic import context

from store.tables import Row


def migrate(connection: sa.Connection) -> None:
    """Run all missing steps, or none: in SQLite, too, DDL belongs to the transaction."""
    context.configure(
        connection=connection,
        target_metadata=Row.metadata,
        render_as_batch=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Two processes that start at once: the second waits, and finds nothing left to do.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('coopwatch migrations'))")
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            check_references(connection)


def check_references(connection: sa.Connection) -> None:
    """Refuse to commit rows that point nowhere: foreign keys are off while tables are rebuilt."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"the migration would break {len(broken)} references, the first in {broken[0][0]}")


migrate(context.config.attributes["connection"])
