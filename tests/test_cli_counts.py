"""Numbers in what commands say: one thing is one thing, and two are things."""

from pathlib import Path

import pytest

from cli.printed import counted
from store.database import create_database
from tests.commands import coopwatch
from tests.watched_history import FIRST, days, enrolled, visited


def house(data: Path, visits: int) -> Path:
    """A data folder in which one page was visited so often."""
    db = create_database(f"sqlite:///{data / 'coopwatch.db'}")
    with db.writing() as session:
        page_id = enrolled(session)
        for number in range(visits):
            visited(session, page_id, days(number), FIRST)
    db.close()
    return data


@pytest.mark.parametrize(("visits", "written"), [(1, "1 visit, 2 records\n"), (2, "2 visits, 3 records\n")])
def test_commands_count_in_the_right_number(tmp_path: Path, visits: int, written: str) -> None:
    """An export says one visit and two visits, and the evidence log one checkpoint."""
    data = house(tmp_path, visits)
    assert coopwatch("migrate", "--data", data).returncode == 0
    shown = coopwatch("export", "warc", "torino", "--to", tmp_path / "torino.warc.gz", "--data", data)
    assert shown.stdout.endswith(written)
    assert "entries, 1 checkpoint that holds, the last: " in coopwatch("verify", "--data", data).stdout


@pytest.mark.parametrize(("number", "words"), [(0, "0 mails"), (1, "1 mail"), (2, "2 mails")])
def test_only_one_is_singular(number: int, words: str) -> None:
    """None are several, as English has it."""
    assert counted(number, "mail", "mails") == words
