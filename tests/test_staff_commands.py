"""The commands about staff accounts, as an operator uses them at the machine itself."""

import io
import json
import sys
from pathlib import Path

import pytest

from store.database import Database, open_database
from store.staff.deeds import deeds
from store.staff.sign_in import begin_attempt
from tests.clocks import FakeClock
from tests.commands import Run, coopwatch
from tests.staff_accounts import PASSWORD


def with_input(data: Path, *words: str, typed: str = PASSWORD + "\n") -> Run:
    """Run a staff command with this on its standard input."""
    terminal, sys.stdin = sys.stdin, io.StringIO(typed)
    try:
        return coopwatch("staff", *words, "--data", data)
    finally:
        sys.stdin = terminal


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one account, of an editor called maria."""
    run = with_input(tmp_path / "data", "add", "maria", "--role", "editor")
    assert (run.returncode, run.stdout) == (0, "maria can sign in as editor.\n"), run.stderr
    return tmp_path / "data"


def database(data: Path) -> Database:
    """Open the database of a data folder."""
    return open_database(f"sqlite:///{data / 'coopwatch.db'}")


def test_an_account_is_made_and_listed(data: Path) -> None:
    """The first command makes the database; the list names role and dates, never a hash."""
    (listed,) = json.loads(coopwatch("staff", "list", "--json", "--data", data).stdout)
    assert (listed["name"], listed["role"], listed["disabled"]) == ("maria", "editor", None)
    assert set(listed) == {"name", "role", "since", "disabled"}
    assert "maria" in coopwatch("staff", "list", "--data", data).stdout


def test_no_command_takes_a_password_as_an_argument() -> None:
    """Arguments can be read by everybody on the machine."""
    for command in ("add", "password"):
        assert "--password" not in coopwatch("staff", command, "--help").stdout
    assert coopwatch("staff", "add", "maria", PASSWORD, "--role", "editor").returncode == 2


@pytest.mark.parametrize(
    ("words", "typed", "said"),
    [
        (("add", "anna", "--role", "editor"), "corta\n", "12 to 200 characters"),
        (("add", "anna", "--role", "editor"), "", "12 to 200 characters"),
        (("add", "maria", "--role", "auditor"), PASSWORD, "already"),
        (("add", "Anna Rossi", "--role", "auditor"), PASSWORD, "no name for an account"),
        (("password", "anna"), PASSWORD, "no account 'anna'"),
        (("disable", "anna"), "", "no account 'anna'"),
    ],
)
def test_what_cannot_be_is_said_in_a_line(data: Path, words: tuple[str, ...], typed: str, said: str) -> None:
    """A weak password, a taken or odd name, an unknown account: one line, a hint, status 1."""
    run = with_input(data, *words, typed=typed)
    assert run.returncode == 1 and said in run.stderr and "hint: " in run.stderr
    assert "Traceback" not in run.stderr and len(json.loads(accounts(data))) == 1


def accounts(data: Path) -> str:
    """Return the list of accounts as JSON."""
    return coopwatch("staff", "list", "--json", "--data", data).stdout


def test_an_unknown_role_is_wrong_usage(data: Path) -> None:
    """The roles are named in the error, and the status says that the command was used wrongly."""
    run = with_input(data, "add", "anna", "--role", "boss")
    assert run.returncode == 2 and "auditor" in run.stderr


def test_disabling_and_a_new_password_take_effect(data: Path) -> None:
    """The password changes, the account shuts and opens, and each is an entry of the evidence log."""
    at = FakeClock().now()
    db = database(data)
    with db.writing() as session:
        before = begin_attempt(session, "maria", "127.0.0.1", at)
    assert with_input(data, "password", "maria", typed="cinque parole nuove e lunghe\n").returncode == 0
    with db.writing() as session:
        after = begin_attempt(session, "maria", "127.0.0.1", at)
    assert before and after and before.password and after.password and before.password != after.password
    assert with_input(data, "disable", "maria").returncode == 0
    with db.writing() as session:
        shut = begin_attempt(session, "maria", "127.0.0.1", at)
    assert shut is not None and shut.member is None
    assert json.loads(accounts(data))[0]["disabled"] is not None
    assert with_input(data, "enable", "maria").returncode == 0
    with db.reading() as session:
        done = [deed.action for deed in deeds(session, 10)]
    assert done == ["account: enable", "account: disable", "account: password", "account: add editor"]
    db.close()
