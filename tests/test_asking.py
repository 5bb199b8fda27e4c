"""The commands that ask history: search, comparison and lives, over the watched page's history of 2018."""

import json
from pathlib import Path

import pytest

from store.database import create_database
from store.dropping import drop_bodies
from tests.commands import coopwatch
from tests.hostile import serving, whole
from tests.test_cli import complaint
from tests.watched_history import days, watched_2018


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
    assert "torino/4" in run.stdout and "«avvio»" in run.stdout and "«Cartagine»" in run.stdout
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


def test_diff_compares_two_days(house: Path) -> None:
    """A day means what stood at its end: one sentence a project, its fields, the words of prose, the text."""
    run = coopwatch("diff", "progetti", "2018-08-21", "2018-12-01", "--data", house)
    assert run.returncode == 0 and "from capture 2 of" in run.stdout and "to capture 9 of" in run.stdout
    assert "MC2CM: status from “starting” to “ongoing”" in run.stdout
    assert "Progetto [-approvato e-] in [-fase di avvio-] {+corso+}" in run.stdout
    assert "RAGAZZI IN GAMBIA: new project (under evaluation)" in run.stdout
    assert "The text of the page\n±" in run.stdout


def test_diff_takes_numbers_in_any_order_and_answers_machines(house: Path) -> None:
    """The JSON tells each field before and after, and the pieces of its words."""
    one, other = (
        json.loads(coopwatch("diff", "1", *visits, "--data", house, "--json").stdout)
        for visits in (("1", "7"), ("7", "1"))
    )
    assert one == other
    assert (one["from"]["capture"], one["to"]["capture"]) == (1, 7)
    told = {change["project"]: change for change in one["changes"]}
    fields = {field["field"]: field for field in told["torino/4"]["fields"]}
    assert (fields["status"]["before"], fields["status"]["after"]) == ("starting", "ongoing")
    assert {"kind": "removed", "text": "approvato e "} in fields["note"]["words"]
    assert told["torino/5"]["kind"] == "added"


def test_diff_of_equal_versions_says_so(house: Path) -> None:
    """Nothing differs, and that is an answer."""
    run = coopwatch("diff", "1", "8", "9", "--data", house)
    assert "No project differs." in run.stdout and "The text of the page is the same." in run.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("9", "1", "2"), "no page fits '9'"),
        (("1", "1", "99"), "there is no capture 99"),
        (("1", "2018-01-01", "7"), "page 1 had not been read by 2018-01-01"),
        (("1", "1", "yesterday"), "'yesterday' is neither a capture's number nor a day"),
        (("1", "1", "2018-02-30"), "'2018-02-30' is neither"),
        (("1", "1", "99999999999999999999"), "there is no capture 2147483647"),
    ],
)
def test_diff_says_in_one_line_what_it_cannot_compare(house: Path, words: tuple[str, ...], said: str) -> None:
    """Wrong pages, numbers and days are named, with a hint."""
    run = coopwatch("diff", *words, "--data", house)
    assert run.returncode in {1, 2} and said in complaint(run.stderr)


def test_a_life_lists_every_value_with_its_visits(house: Path) -> None:
    """Each value that a project ever had, from when to when, in words and as JSON."""
    life = json.loads(coopwatch("history", "torino/4", "--data", house, "--json").stdout)
    status = [value for value in life["values"] if value["field"] == "status"]
    assert [value["value"] for value in status] == ["starting", "ongoing"]
    assert status[0]["first_shown"] == {"at": "2018-08-20T04:30:00Z", "capture": 1}
    assert status[0]["last_shown"] == {"at": "2018-09-19T04:30:00Z", "capture": 6}
    assert status[0]["gone"] == status[1]["first_shown"] == {"at": "2018-11-13T04:30:00Z", "capture": 7}
    assert status[1]["last_shown"]["capture"] == 15 and status[1]["gone"] is None
    assert "still stands" in coopwatch("history", "torino/4", "--data", house).stdout


def test_diff_tells_what_is_known_where_a_body_was_dropped(tmp_path: Path) -> None:
    """Retention takes the text of old versions; what was read in them is still compared."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    watched_2018(db)
    with db.writing() as session:
        assert drop_bodies(session, days(40), None, days(200), "schedule").names
    db.close()
    run = coopwatch("diff", "1", "1", "7", "--data", tmp_path)
    assert "MC2CM: status from “starting” to “ongoing”" in run.stdout
    assert "The text of one of the two versions is no longer kept." in run.stdout
    assert json.loads(coopwatch("diff", "1", "1", "7", "--data", tmp_path, "--json").stdout)["text"] is None


PAGE = "<h1>Progetti</h1><table><tr><th>Titolo<th>Importo<tr><td>Acqua per Awassa<td>{}</table>"
WATCHED = """
name = "qui"
title = "Qui"
publisher = "Comune di Qui"
gap = 0
private = ["127.0.0.1"]
default = true
[[pages]]
address = "{}"
"""


def test_amounts_are_written_in_one_way(tmp_path: Path) -> None:
    """Every command shows an amount as mails and pages write it; machines get the number."""
    (tmp_path / "sources").mkdir()
    as_who = {"COOPWATCH_CONTACT": "a@example.org"}
    with serving({}) as site:
        (tmp_path / "sources" / "qui.toml").write_text(WATCHED.format(site.url("/")), "utf-8")
        for amount in ("500.000,50 €", "1.283.174 €"):
            site.replies["/"] = whole(PAGE.format(amount).encode(), "Content-Type: text/html; charset=utf-8")
            checked = coopwatch("check", "--data", tmp_path, env=as_who).stdout
    told = "Acqua per Awassa: amount €500,000.50 → €1,283,174"
    assert told in checked and told in coopwatch("changes", "--data", tmp_path).stdout
    life = coopwatch("history", "qui/1", "--data", tmp_path).stdout
    assert "│ €500,000.50 " in life and "│ €1,283,174 " in life and told in life
    assert "  amount: €500,000.50\n" in coopwatch("explain", "1", "--data", tmp_path).stdout
    assert '"after": 1283174.0' in coopwatch("changes", "--json", "--data", tmp_path).stdout
