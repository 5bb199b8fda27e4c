"""Tables in a narrow terminal or a pipe: addresses and dates stay whole."""

from pathlib import Path

import pytest

from cli.printed import local
from notifier.words import LANGUAGES
from store.database import open_database
from store.digest_runs import begin_run
from store.subscriptions import Frequency
from tests.commands import coopwatch, coopwatch_process
from tests.store_visits import day
from tests.test_review_commands import kept
from tests.test_reviews import TORN
from tests.watched_history import ADDRESS, FIRST

READER = "segreteria.cooperazione.internazionale@associazione-esempio.example.org"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with one long address, one run and one review."""
    folder = kept(tmp_path_factory.mktemp("narrow"), FIRST, TORN)
    add = coopwatch(
        "subscribers", "add", READER, "--origin", "fiera", "--language", LANGUAGES[0], "--data", folder
    )
    assert add.returncode == 0, add.stderr
    db = open_database(f"sqlite:///{folder / 'coopwatch.db'}")
    with db.writing() as session:
        begin_run(session, Frequency.MONTHLY, "2026-10", day(400), day(400))
    db.close()
    return folder


def cells(printed: str) -> list[str]:
    """Return the cells of a table of one row, each joined from the lines that it goes over."""
    lines = [line.strip("│").split("│") for line in printed.splitlines() if line.startswith("│")]
    return ["".join(part.strip() for part in column) for column in zip(*lines, strict=True)]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("subscribers", "list"), READER),
        (("review", "list"), ADDRESS),
        (("digest", "runs"), local(day(400)).replace(" ", "")),
    ],
    ids=["subscribers", "reviews", "runs"],
)
def test_what_does_not_fit_goes_on_in_the_next_line(
    data: Path, words: tuple[str, ...], expected: str
) -> None:
    """An address that is cut cannot be copied, and a date that is cut says nothing."""
    run = coopwatch_process(*words, "--data", data, env={"COLUMNS": "40"})

    assert expected in [cell.replace(" ", "") for cell in cells(run.stdout)], run.stdout
    assert "…" not in run.stdout
