"""The open database."""

import pytest
import sqlalchemy as sa

from store.database import Database


def test_reading_refuses_writes(db: Database) -> None:
    """A session for reading cannot write."""
    with pytest.raises(Exception, match=r"(?i)read.?only"), db.reading() as session:
        session.execute(sa.text("INSERT INTO source (name, title, since) VALUES ('a', 'b', '2020-01-01')"))
