"""The commands that ask history: search, comparison and lives, over the watched page's history of 2018."""

import json
from pathlib import Path

import pytest

from store.database import create_database
from tests.commands import coopwatch
from tests.test_cli import complaint
from tests.watched_history import watched_2018


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the history of 2018."""
    data = tmp_path_factory.mktemp("house")
    db = create_database(f"sqlite:///{data / 'coopwatch.db'}")
    watched_2018(db)
    db.close()
    return data


def test_search_says_who_said_it_and_when(house: Path) -> None:
    """Each project with the visits that first and last showed the words, which are marked."""
    run = coopwatch("search", "cartagine", "avvio", "--data", house)
    assert run.returncode == 0
    assert "torino/4" in run.stdout and "»avvio«" in run.stdout and "»Cartagine«" in run.stdout
    assert "first appeared 20 Aug 2018 06:30 (capture 1)" in run.stdout
    assert "last seen 19 Sep 2018 06:30 (capture 6)" in run.stdout
    assert coopwatch("search", "nessuno", "--data", house).stdout == "Nobody ever said that.\n"


def test_search_answers_machines(house: Path) -> None:
    """The JSON has the same words, instants in UTC and numbers of captures."""
    answer = json.loads(coopwatch("search", "gambia", "--data", house, "--json").stdout)
    (found,) = answer["answers"]
    assert (answer["total"], found["project"], found["page"], found["stands"]) == (1, "torino/5", None, True)
    assert found["first_appeared"] == {"at": "2018-11-13T04:30:00Z", "capture": 7}
    assert found["last_seen"] == {"at": "2019-01-28T04:30:00Z", "capture": 15}
    assert found["texts"][0]["found"] == ["GAMBIA"]


def test_search_lists_no_more_than_asked_for(house: Path) -> None:
    """A long list says that it is one."""
    run = coopwatch("search", "progetti", "--limit", "2", "--data", house)
    assert "2 of 5; --limit shows more." in run.stdout


def test_search_needs_a_word(house: Path) -> None:
    """Signs alone are no question."""
    run = coopwatch("search", "«»", "--data", house)
    assert run.returncode == 2 and "there is no word in '«»'" in complaint(run.stderr)
