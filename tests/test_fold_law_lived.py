"""Checks 22, 25, 26, 32 through the database: what mails say, one upon the other, is the published page."""

import os
from pathlib import Path
from shutil import copy

import pytest

from store.database import Database, open_database
from tests.lived_law import Life

SOAK = bool(os.environ.get("COOPWATCH_SOAK"))
LIVES, STEPS = 1000 if SOAK else 6, 50


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(LIVES))
def test_check_25_the_fold_law_is_lived(empty_sqlite: Path, tmp_path: Path, seed: int) -> None:
    """Over sign-ups, switches, rests, partings, holds released late, lost mails and corrections.

    Nothing is told twice or from what nobody knew, nothing of a reader's is missed, nobody is left behind.
    """
    db = open_database(f"sqlite:///{copy(empty_sqlite, tmp_path / 'life.db')}")
    lived(db, seed)
    db.close()


@pytest.mark.parametrize("seed", (2500,))
def test_check_25_the_fold_law_is_lived_on_every_database(db: Database, seed: int) -> None:
    """A few lives on SQLite and on PostgreSQL."""
    lived(db, seed)


def lived(db: Database, seed: int) -> None:
    """Live a life to its end."""
    life = Life(db, seed)
    for _ in range(STEPS):
        life.live()
    life.end()
