"""The command line as a person uses it: what it prints, and what it says to wrong input."""

import gzip
import json
import socket
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config

import store
from cli.demo.past import HISTORY
from cli.demo.site import serving_replica
from tests.commands import coopwatch

TORINO = "http://www.cittametropolitana.torino.it/cms/progetti"
COMMANDS = (
    *("demo", "check", "run", "parse", "replay", "projects", "changes", "history", "search", "diff"),
    *("deliver", "migrate", "doctor", "verify", "export"),
)
CONTACT = {"COOPWATCH_CONTACT": "operator@example.org"}
SOURCE = """
name = "here"
title = "Qui"
publisher = "Comune di Qui"
gap = 0
deadline = 3
private = ["127.0.0.1"]
default = true
[[pages]]
address = "{address}"
"""


def watching(data: Path, address: str) -> Path:
    """Make a data folder whose default source watches one address, and return it."""
    (data / "sources").mkdir(parents=True, exist_ok=True)
    (data / "sources" / "here.toml").write_text(SOURCE.format(address=address), "utf-8")
    return data


def older_database(file: Path) -> None:
    """Make a database as the first version of the schema left it."""
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    engine = sa.create_engine(f"sqlite:///{file}")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    engine.dispose()


def complaint(stderr: str) -> str:
    """Return the error line of a command that failed, after seeing that it has a hint and no traceback."""
    assert "Traceback" not in stderr, stderr
    first, *rest = stderr.strip().splitlines()
    assert first.startswith("error: "), stderr
    assert any(line.startswith("hint: ") for line in rest), stderr
    return first


@pytest.fixture
def page_file(tmp_path: Path) -> Path:
    """A saved answer: the demo's first version of the page."""
    file = tmp_path / "page.html"
    file.write_bytes(HISTORY[0].body())
    return file


@pytest.mark.parametrize("words", [("check",), ("projects",), ("doctor",)])
def test_a_schedule_that_cannot_be_kept_stops_every_command(tmp_path: Path, words: tuple[str, ...]) -> None:
    """A source's mistyped schedule is named at once, not first by the scheduler."""
    data = watching(tmp_path, "http://127.0.0.1:9/")
    with (data / "sources" / "here.toml").open("r+", encoding="utf-8") as file:
        rest = file.read()
        file.seek(0)
        file.write('schedule = "30 6 * * 1"\n' + rest)
    run = coopwatch(*words, "--data", data, env=CONTACT)

    assert run.returncode == 1
    assert "source here: schedule '30 6 * * 1': '1' is no day of the week" in run.stdout + run.stderr


def test_parse_prints_the_contract_s_json(page_file: Path) -> None:
    """Every project has exactly the keys of the command-line contract."""
    run = coopwatch("parse", page_file, "--url", TORINO, "--json")

    report = json.loads(run.stdout)
    assert run.returncode == 0
    assert list(report) == ["page_state", "reason", "projects", "unread", "warnings"]
    assert report["page_state"] == "ok"
    assert set(report["projects"][0]) == {
        *("title", "acronym", "area", "programmes", "status", "role", "countries", "partners"),
        *("start", "end", "amount", "currency", "link", "note", "cup", "section"),
    }


def test_parse_reads_a_compressed_answer(page_file: Path, tmp_path: Path) -> None:
    """A body saved as it travelled is inflated as a visit would."""
    packed = tmp_path / "packed.html"
    packed.write_bytes(gzip.compress(page_file.read_bytes()))

    plain = coopwatch("parse", page_file, "--url", TORINO, "--json")
    inflated = coopwatch("parse", packed, "--url", TORINO, "--header", "Content-Encoding: gzip", "--json")

    assert inflated.stdout == plain.stdout


def test_replay_prints_one_entry_per_capture(tmp_path: Path) -> None:
    """Saved answers are compared in their order; a failure and a maintenance page bring no changes."""
    entries = []
    for number, version in enumerate(HISTORY):
        (tmp_path / f"v{number}.html").write_bytes(version.body())
        at = version.at.isoformat().replace("+00:00", "Z")
        entries.append({"path": f"v{number}.html", "url": TORINO, "at": at, "status": 200})
    entries.insert(1, {"path": None, "url": TORINO, "at": "2018-09-01T00:00:00Z", "error": "timed out"})
    (tmp_path / "SEQUENCE.json").write_text(json.dumps({"captures": entries}), "utf-8")

    run = coopwatch("replay", tmp_path / "SEQUENCE.json", "--json")

    reports = json.loads(run.stdout)
    verdicts = " ".join(report["verdict"] for report in reports)
    assert verdicts == "accepted failed unchanged held accepted accepted accepted unchanged"
    assert [len(report["changes"]) for report in reports[:4]] == [0, 0, 0, 0]
    assert {change["kind"] for change in reports[4]["changes"]} == {"retitled", "changed", "added"}


def test_check_keeps_what_it_saw(tmp_path: Path) -> None:
    """A visit of a real server is stored, and projects, history and changes answer from the store."""
    with serving_replica() as replica:
        replica.show(HISTORY[0])
        data = watching(tmp_path, replica.source.pages[0].address)
        first = coopwatch("check", "--data", data, "--json", env=CONTACT)
        replica.show(HISTORY[3])
        second = coopwatch("check", "--data", data, "--json", env=CONTACT)
    projects = coopwatch("--data", data, "projects", "--json")
    history = coopwatch("history", "1", "--data", data, "--json")
    changes = coopwatch("changes", "--data", data, "--json")

    assert [json.loads(run.stdout)[0]["verdict"] for run in (first, second)] == ["accepted", "accepted"]
    assert "RAGAZZI IN GAMBIA" in [project["title"] for project in json.loads(projects.stdout)]
    assert [visit["verdict"] for visit in json.loads(history.stdout)] == ["accepted", "accepted"]
    assert len(json.loads(changes.stdout)) == len(json.loads(second.stdout)[0]["changes"])


def test_a_site_that_cannot_be_reached_is_a_recorded_failure(tmp_path: Path) -> None:
    """`check` exits 1, says why, and the failed visit is in the history."""
    with closing(socket.socket()) as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    data = watching(tmp_path, f"http://127.0.0.1:{port}/")

    run = coopwatch("check", "--data", data, env=CONTACT)

    assert run.returncode == 1
    assert "failed" in run.stdout
    assert json.loads(coopwatch("history", "1", "--data", data, "--json").stdout)[0]["verdict"] == "failed"


def test_a_private_address_is_not_visited_unless_the_source_names_it(tmp_path: Path) -> None:
    """A source cannot be used to look into the network that coopwatch runs in."""
    data = watching(tmp_path, "http://127.0.0.1:1/")
    file = data / "sources" / "here.toml"
    file.write_text(file.read_text("utf-8").replace('private = ["127.0.0.1"]', ""), "utf-8")

    run = coopwatch("check", "--data", data, env=CONTACT)

    assert run.returncode == 1
    assert "private" in run.stdout or "public" in run.stdout


def test_nothing_is_visited_without_a_contact(tmp_path: Path) -> None:
    """A polite visitor says who it is, or does not go."""
    run = coopwatch("check", "--data", tmp_path)

    assert run.returncode == 1
    assert "contact" in complaint(run.stderr)


@pytest.mark.parametrize(
    "words",
    [["projects"], ["changes"], ["history", "1"], ["digest", "preview"], ["deliver"]],
    ids=" ".join,
)
def test_a_missing_database_is_named(tmp_path: Path, words: list[str]) -> None:
    """Commands that only ask create nothing and say what would."""
    run = coopwatch(*words, "--data", tmp_path / "none")

    assert run.returncode == 1
    assert "no database" in complaint(run.stderr)
    assert not (tmp_path / "none").exists()


def test_a_file_that_is_no_database_is_left_alone(tmp_path: Path) -> None:
    """Somebody else's file is refused and not changed."""
    file = tmp_path / "coopwatch.db"
    file.write_text("a shopping list, long enough to be looked at\n" * 50, "utf-8")
    before = file.read_bytes()

    run = coopwatch("projects", "--data", tmp_path)

    assert run.returncode == 1
    assert "coopwatch.db" in complaint(run.stderr)
    assert file.read_bytes() == before


def test_a_database_of_a_later_version_is_refused(tmp_path: Path) -> None:
    """An older program does not touch what it cannot know."""
    assert coopwatch("demo", "--once", "--data", tmp_path).returncode == 0
    with closing(sqlite3.connect(tmp_path / "demo" / "coopwatch.db")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")

    run = coopwatch("projects", "--data", tmp_path / "demo")

    assert run.returncode == 1
    assert "later version" in complaint(run.stderr)


def test_an_older_database_is_migrated_only_when_asked_and_after_a_copy(tmp_path: Path) -> None:
    """Commands refuse an older database with the way out; `migrate` keeps it as it was beside the new one."""
    older_database(tmp_path / "coopwatch.db")

    refused = coopwatch("projects", "--data", tmp_path)
    migrated = coopwatch("migrate", "--data", tmp_path)
    asked = coopwatch("projects", "--data", tmp_path, "--json")

    assert refused.returncode == 1
    assert "earlier version" in complaint(refused.stderr)
    assert "coopwatch migrate" in refused.stderr
    assert (migrated.returncode, asked.returncode, asked.stdout.strip()) == (0, 0, "[]")
    with closing(sqlite3.connect(tmp_path / "coopwatch.db.before-migration-1")) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


@pytest.mark.parametrize(
    ("name", "content", "words", "expected"),
    [
        ("sources/bad.toml", "name = ", ["check"], "bad.toml"),
        ("sources/bad.toml", 'name = "x"\n', ["check"], "bad.toml"),
        ("coopwatch.toml", "smtp_port = 'x'", ["projects"], "smtp_port"),
    ],
)
def test_a_broken_file_is_named(
    tmp_path: Path, name: str, content: str, words: list[str], expected: str
) -> None:
    """A broken source or settings file is one line with its name."""
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content, "utf-8")

    run = coopwatch(*words, "--data", tmp_path, env=CONTACT)

    assert run.returncode == 1
    assert expected in complaint(run.stderr)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["chek"], "chek"),
        (["projects", "--as-of", "12/11/2018"], "'--as-of': '12/11/2018' is not a day such as 2018-11-12"),
        (["changes", "--since", "yesterday"], "'--since': 'yesterday' is not a day such as 2018-11-12"),
        (["parse"], "FILE"),
        (["parse", "page.html"], "--url"),
        (["parse", "page.html", "--url", TORINO, "--header", "nonsense"], "nonsense"),
    ],
)
def test_wrong_usage_exits_2_with_one_line(tmp_path: Path, words: list[str], expected: str) -> None:
    """Whoever mistypes a command is told what was wrong and where help is."""
    run = coopwatch(*words, cwd=tmp_path)

    assert run.returncode == 2
    assert expected.lower() in complaint(run.stderr).lower()


@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, "No such file"), ("[]", "SEQUENCE.json"), ('{"captures": [{"url": "x"}]}', "captures.0.at")],
)
def test_a_broken_replay_file_is_named(tmp_path: Path, content: str | None, expected: str) -> None:
    """A replay that cannot be read says which entry is wrong."""
    file = tmp_path / "SEQUENCE.json"
    if content is not None:
        file.write_text(content, "utf-8")

    run = coopwatch("replay", file)

    assert run.returncode == 1
    assert expected in complaint(run.stderr)


def test_a_mail_server_that_is_down_loses_nothing(tmp_path: Path) -> None:
    """`deliver` fails in one line, and what is owed waits."""
    assert coopwatch("demo", "--once", "--data", tmp_path).returncode == 0
    data = tmp_path / "demo"
    with closing(sqlite3.connect(data / "coopwatch.db")) as connection, connection:
        connection.execute("DELETE FROM delivery")
        connection.execute("UPDATE subscription SET cursor = 0")
    closed = {"COOPWATCH_SMTP_PORT": "1"}

    run = coopwatch("deliver", "--data", data, env=closed)
    again = coopwatch("digest", "preview", "--data", data, "--json")

    assert run.returncode == 1
    assert "mail server" in complaint(run.stderr)
    assert json.loads(again.stdout)


def test_help_shows_an_example_for_every_command() -> None:
    """Each command's help ends with a line that can be copied."""
    overview = coopwatch("--help").stdout
    for name in COMMANDS:
        assert name in overview
        assert "Example" in coopwatch(name, "--help").stdout, name


def test_doctor_says_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    """On an empty folder the doctor fails, and each failure has a hint."""
    run = coopwatch("doctor", "--data", tmp_path, "--json")

    failed = [finding for finding in json.loads(run.stdout) if finding["state"] == "failed"]
    assert run.returncode == 1
    assert {finding["of"] for finding in failed} >= {"contact", "database"}
    assert all(finding["hint"] for finding in failed)


@pytest.mark.parametrize(
    ("words", "env", "status", "expected"),
    [
        (["projects", "--as-of", "9999-12-31"], {}, 2, "9999-12-31"),
        (["changes", "--since", "0001-01-01"], {}, 2, "0001-01-01"),
        (["projects", "--source", "nope"], {}, 1, "nope"),
        (["history", "99"], {}, 1, "99"),
        (["projects"], {"COOPWATCH_DATABASE": "foo"}, 1, "foo"),
        (["projects"], {"COOPWATCH_DATABASE": "mysql://x/y"}, 1, "mysql"),
        (["projects"], {"COOPWATCH_CONTACT": "città@comune.it"}, 1, "contact"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    tmp_path: Path, words: list[str], env: dict[str, str], status: int, expected: str
) -> None:
    """A day beyond calendars, an unknown source, a database or contact that cannot be: no traceback."""
    with serving_replica() as replica:
        replica.show(HISTORY[0])
        data = watching(tmp_path, replica.source.pages[0].address)
        assert coopwatch("check", "--data", data, env=CONTACT).returncode == 0

    run = coopwatch(*words, "--data", data, env=env)

    assert run.returncode == status
    assert expected in complaint(run.stderr)


def test_a_source_that_names_an_address_twice_is_refused(tmp_path: Path) -> None:
    """Two pages with one address would be one page with two histories."""
    data = watching(tmp_path, "http://127.0.0.1:1/")
    file = data / "sources" / "here.toml"
    file.write_text(file.read_text("utf-8") + '[[pages]]\naddress = "http://127.0.0.1:1/"\n', "utf-8")

    run = coopwatch("check", "--data", data, env=CONTACT)

    assert run.returncode == 1
    assert "twice" in complaint(run.stderr)
