"""Wrong input to the commands about mail: one line, a hint, and the right exit status."""

from pathlib import Path

import pytest

from store.database import create_database
from tests.commands import coopwatch

USAGE = [
    ("digest nothing", "No such command"),
    ("digest runs 7", "unexpected"),
    ("digest preview today", "unexpected"),
    ("digest preview --run x", "valid integer"),
    ("digest hold", "Missing argument"),
    ("digest hold 9", "Missing option '--why'"),
    ("digest hold x --by Anna --why y", "valid integer"),
    ("digest release", "Missing argument"),
    ("digest release x --by Anna --why y", "valid integer"),
    ("digest reject", "Missing argument"),
    ("digest reject x --by Anna --why y", "valid integer"),
    ("digest correct", "Missing argument"),
    ("digest correct x --by Anna --why y --it z", "valid integer"),
    ("digest correct 9 --by Anna --why y", "Missing option '--it'"),
    ("digest send now", "unexpected"),
    ("subscribers nothing", "No such command"),
    ("subscribers list x", "unexpected"),
    ("subscribers list --state gone", "not one of"),
    ("subscribers add", "Missing argument"),
    ("subscribers add a@example.org", "Missing option '--origin'"),
    ("subscribers add a@example.org --origin modulo --language de", "none of it, en, fr"),
    ("subscribers add a@example.org --origin modulo --frequency often", "not one of"),
    ("subscribers import", "Missing argument"),
    ("subscribers export", "Missing argument"),
    ("subscribers erase", "Missing argument"),
    ("subscribers suspend", "Missing argument"),
    ("subscribers resume", "Missing argument"),
    ("deliver now", "unexpected"),
    ("deliver --fast", "No such option"),
]
REFUSED = [
    ("digest preview --run 9", "no run 9"),
    ("digest hold 9 --by Anna --why y", "no run 9"),
    ("digest release 9 --by Anna --why y", "no run 9"),
    ("digest reject 9 --by Anna --why y", "no run 9"),
    ("digest correct 9 --by Anna --why y --it z", "no change 9"),
    ("subscribers add nobody --origin modulo", "@-sign"),
    ("subscribers import nowhere.csv", "nowhere.csv"),
    ("subscribers export nobody@example.org", "nothing is held"),
    ("subscribers erase nobody@example.org --yes", "nothing is held"),
    ("subscribers suspend nobody@example.org", "nothing is held"),
    ("subscribers resume nobody@example.org", "nothing is held"),
    ("subscribers resume nobody", "@-sign"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an empty database."""
    folder = tmp_path_factory.mktemp("data")
    create_database(f"sqlite:///{folder / 'coopwatch.db'}").close()
    return folder


@pytest.mark.parametrize(("words", "said"), USAGE, ids=[words for words, _ in USAGE])
def test_a_command_that_is_used_wrongly_exits_with_2(data: Path, words: str, said: str) -> None:
    """One line names what is wrong, the next says where help is; nothing is printed as if it were data."""
    run = coopwatch(*words.split(), "--data", data)
    assert (run.returncode, run.stdout) == (2, "")
    error, hint = run.stderr.splitlines()
    assert error.startswith("error: ") and said in error and "--help" in hint


@pytest.mark.parametrize(("words", "said"), REFUSED, ids=[words for words, _ in REFUSED])
def test_a_command_about_what_is_not_there_exits_with_1(data: Path, words: str, said: str) -> None:
    """One line names what is missing, the next says what to do."""
    run = coopwatch(*words.split(), "--data", data)
    assert (run.returncode, run.stdout) == (1, "")
    error, hint = run.stderr.splitlines()
    assert error.startswith("error: ") and said in error and hint.startswith("hint: ")


@pytest.mark.parametrize("words", ["digest runs", "digest send", "subscribers list", "deliver"])
def test_without_a_database_it_is_said_so(tmp_path: Path, words: str) -> None:
    """Nothing is created by asking."""
    run = coopwatch(*words.split(), "--data", tmp_path / "none")
    assert (run.returncode, run.stdout) == (1, "") and "there is no database yet" in run.stderr
    assert not (tmp_path / "none" / "coopwatch.db").exists()
