"""The commands about subscribers: a list is rehearsed before it is used, and nothing about it gets lost."""

import json
from io import StringIO
from pathlib import Path

import pytest

from store.database import Database, create_database, open_database
from store.deliveries import deliveries
from store.kinds import SignUpForm, SuppressionReason
from store.subscriptions import Subscription, confirm, subscriptions, unsubscribe
from store.suppressions import suppress
from tests.commands import coopwatch
from tests.store_visits import day

LIST = """address;origin;language;frequency;countries
ong@example.org;assemblea del 3 marzo;it;monthly;GM|ET
ONG+progetti@Example.ORG;biglietto da visita;;;
nessun indirizzo;fiera;;;
altra@example.org;;;;
terza@example.org;modulo cartaceo del 2024;de;;

quarta@example.org;modulo cartaceo;fr;;XX
lasciata@example.org;vecchio elenco;;;
quinta@example.org;città «nuova»;;;
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with a database, in which one address has been erased before."""
    folder = tmp_path / "data"
    create_database(f"sqlite:///{folder / 'coopwatch.db'}").close()
    with db_of(folder).writing() as session:
        suppress(session, "lasciata@example.org", SuppressionReason.ERASED, day(0))
    return folder


def db_of(data: Path) -> Database:
    """Open the folder's database."""
    return open_database(f"sqlite:///{data / 'coopwatch.db'}")


def readers(data: Path) -> list[Subscription]:
    """Return every subscription."""
    with db_of(data).reading() as session:
        return list(subscriptions(session))


def test_a_list_is_rehearsed_then_used(data: Path, tmp_path: Path) -> None:
    """Each line has its outcome and reason; only --apply writes; doing it again asks nobody twice."""
    file = tmp_path / "ngos.csv"
    file.write_bytes(LIST.encode("windows-1252"))
    rehearsed = coopwatch("subscribers", "import", file, "--data", data, "--json")
    assert rehearsed.returncode == 1 and readers(data) == []
    report = {one["line"]: (one["outcome"], one["why"]) for one in json.loads(rehearsed.stdout)}
    assert {line: outcome for line, (outcome, _) in report.items()} == {
        2: "asked",
        3: "unusable",
        4: "unusable",
        5: "unusable",
        6: "unusable",
        8: "unusable",
        9: "suppressed",
        10: "asked",
    }
    assert "line 2" in report[3][1] and "origin" in report[5][1] and "'de'" in report[6][1]
    assert "'XX'" in report[8][1]

    applied = coopwatch("subscribers", "import", file, "--data", data, "--apply", "--by", "maria", "--json")
    assert [one["outcome"] for one in json.loads(applied.stdout)] == [one for one, _ in report.values()]
    first, second = readers(data)
    assert (first.address, first.frequency, first.filters.countries) == (
        "ong@example.org",
        "monthly",
        ("GM", "ET"),
    )
    assert (first.state, first.sign_up.form) == ("pending", SignUpForm.IMPORT)
    assert second.sign_up.origin == "città «nuova»" and second.sign_up.member is not None
    again = coopwatch("subscribers", "import", file, "--data", data, "--apply", "--json")
    assert [one["outcome"] for one in json.loads(again.stdout)].count("waiting") == 2
    with db_of(data).reading() as session:
        mails = deliveries(session)
    assert [mail.kind for mail in mails] == ["confirmation"] * 2
    assert b"ha ricevuto questo indirizzo" in mails[1].message.replace(b"=\r\n", b"")


@pytest.mark.parametrize("text", ["", "address\nong@example.org\n", "address,origin,telefono\n"])
def test_what_is_no_list_is_refused_whole(data: Path, tmp_path: Path, text: str) -> None:
    """Without the columns there is nothing to go by."""
    file = tmp_path / "ngos.csv"
    file.write_text(text)
    run = coopwatch("subscribers", "import", file, "--data", data, "--apply")
    assert run.returncode == 1 and "column" in run.stderr and "hint:" in run.stderr
    assert coopwatch("subscribers", "import", tmp_path / "none.csv", "--data", data).returncode == 1


def test_one_reader_from_adding_to_erasing(data: Path) -> None:
    """Added with an origin, asked, suspended, resumed, exported and erased; each deed stands in the log."""
    add = ("subscribers", "add", "ong@example.org", "--data", data)
    assert coopwatch(*add).returncode == 2
    assert coopwatch(*add, "--origin", "assemblea").returncode == 0
    again = coopwatch(*add, "--origin", "assemblea")
    assert again.returncode == 1 and "asked already" in again.stderr
    assert coopwatch("subscribers", "suspend", "ong@example.org", "--data", data).returncode == 1
    with db_of(data).writing() as session:
        confirm(session, readers(data)[0].id, day(1))
    for command, state in (("suspend", "suspended"), ("resume", "active")):
        assert coopwatch("subscribers", command, "ONG@example.org", "--data", data).returncode == 0
        assert coopwatch("subscribers", command, "ong@example.org", "--data", data).returncode == 1
        listed = coopwatch("subscribers", "list", "--state", state, "--data", data, "--json")
        assert [one["address"] for one in json.loads(listed.stdout)] == ["ong@example.org"]
    held = json.loads(coopwatch("subscribers", "export", "ong@example.org", "--data", data).stdout)
    assert held["subscriptions"][0]["origin"] == "assemblea" and held["consents"][0]["form"] == "staff"
    assert coopwatch("subscribers", "erase", "ong@example.org", "--yes", "--data", data).returncode == 0
    assert (
        readers(data) == []
        and coopwatch("subscribers", "export", "ong@example.org", "--data", data).returncode == 1
    )
    refused = coopwatch(*add, "--origin", "di nuovo")
    assert refused.returncode == 1 and "only its owner" in refused.stderr


def test_who_has_left_is_not_asked_again(data: Path) -> None:
    """From the moment of leaving on staff cannot put somebody on the list: only their own sign-up can."""
    add = ("subscribers", "add", "ong@example.org", "--origin", "assemblea", "--data", data)
    assert coopwatch(*add).returncode == 0
    with db_of(data).writing() as session:
        confirm(session, readers(data)[0].id, day(1))
    with db_of(data).writing() as session:
        unsubscribe(session, readers(data)[0].id, day(2))
    refused = coopwatch(*add)
    assert refused.returncode == 1 and "only its owner" in refused.stderr
    assert [one.state for one in readers(data)] == ["ended"]


@pytest.mark.parametrize(("answer", "status"), [("", 1), ("n\n", 1), ("y\n", 0)])
def test_only_a_yes_erases(data: Path, monkeypatch: pytest.MonkeyPatch, answer: str, status: int) -> None:
    """An end of the input is no yes, and the command says that nothing was erased."""
    coopwatch("subscribers", "add", "ong@example.org", "--origin", "assemblea", "--data", data)
    monkeypatch.setattr("sys.stdin", StringIO(answer))
    run = coopwatch("subscribers", "erase", "ong@example.org", "--data", data)
    assert run.returncode == status
    assert ("nothing was erased" in run.stderr) is bool(status) is bool(readers(data))


def test_what_is_no_address_is_one_line(data: Path) -> None:
    """A wrong address is an error with a hint, in every command that takes one."""
    for command in (
        ("add", "x y", "--origin", "z"),
        ("export", "x"),
        ("erase", "x", "--yes"),
        ("suspend", "x"),
    ):
        run = coopwatch("subscribers", *command, "--data", data)
        assert run.returncode == 1 and run.stderr.count("\n") == 2 and "name@example.org" in run.stderr
