"""Imports that are killed, that run twice at once, or that the disk has no room for."""

import json
from pathlib import Path

import pytest

from cli.demo.past import HISTORY
from schedules.taking_in import Taken
from scraper.errors import DatabaseFullError
from store.database import Database, open_database
from store.history import captures
from store.ledger import entries
from store.tracks import projects
from store.upkeep import soundness
from tests.archives import crawler_archive, enrolled, import_file
from tests.store_processes import finished, killed_at_its_word, python, together

IMPORTING = """
import sys
from pathlib import Path

from store import retellings
from store.database import open_database
from schedules import catching_up, taking_in
from tests.archives import import_file

url, path, stop = sys.argv[1:]
taking_in.AT_ONCE = 2

def dying(where):
    print("now", flush=True)
    sys.stdin.readline()

if stop == "taking":
    log_captures, seen = taking_in.log_captures, []
    def log(session, numbers):
        log_captures(session, numbers)
        seen.append(numbers)
        if len(seen) == 2:
            dying("while the second portion is written")
    taking_in.log_captures = log
if stop == "comparing":
    retellings.attest_visit = lambda session, number: dying("before the commit")
if stop == "together":
    print("ready", flush=True)
    sys.stdin.readline()
found, compared = import_file(open_database(url), Path(path))
print(sum(getattr(each, "new", False) for each in found))
"""


def everything(db: Database) -> tuple[object, ...]:
    """What a house knows, but for its numbers of captures."""
    with db.reading() as session:
        seen = [(one.at, one.sha256, one.decision, one.reasons) for one in captures(session, 1)]
        told = [(one.at, one.change) for one in entries(session)]
        return seen, told, projects(session)


@pytest.fixture
def whole(tmp_path: Path, empty_sqlite: Path) -> tuple[object, ...]:
    """What an import that nothing disturbs makes known."""
    copy = tmp_path / "whole.db"
    copy.write_bytes(empty_sqlite.read_bytes())
    db = open_database(f"sqlite:///{copy}")
    import_file(db, crawler_archive(tmp_path / "crawl.warc.gz"))
    known = everything(db)
    db.close()
    return known


@pytest.mark.parametrize("stop", ["taking", "comparing"])
def test_an_import_that_is_killed_goes_on(
    db: Database, tmp_path: Path, whole: tuple[object, ...], stop: str
) -> None:
    """SIGKILL inside a transaction leaves whole portions alone, no listing of them; the next run ends it."""
    enrolled(db)
    path = crawler_archive(tmp_path / "crawl.warc.gz")
    killed_at_its_word(python(IMPORTING, db.url.render_as_string(hide_password=False), str(path), stop))

    assert everything(db) == ([], [], ())
    found, _ = import_file(db, path)
    kept = 2 if stop == "taking" else len(HISTORY)
    assert sum(isinstance(each, Taken) and each.new for each in found) == len(HISTORY) - kept
    assert everything(db) == whole


def test_two_imports_at_once_make_one_history(
    db: Database, tmp_path: Path, whole: tuple[object, ...]
) -> None:
    """Each capture comes in once, whoever brings it, and is compared once."""
    enrolled(db)
    url, path = db.url.render_as_string(hide_password=False), crawler_archive(tmp_path / "crawl.warc.gz")
    taken = together([python(IMPORTING, url, str(path), "together") for _ in range(2)])

    assert sum(map(int, taken)) == len(HISTORY)
    assert everything(db) == whole


def test_a_full_disk_is_one_clear_error_and_harms_nothing(
    sqlite_url: str, tmp_path: Path, whole: tuple[object, ...]
) -> None:
    """The import stops with what to do; once there is room it goes on."""
    path = crawler_archive(tmp_path / "crawl.warc.gz")
    db = open_database(sqlite_url)
    enrolled(db)
    full = "import resource, signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n" + FULL
    process = python(full, sqlite_url, str(path))
    assert json.loads(finished(process)) == [DatabaseFullError.__name__, True]

    assert soundness(db)
    import_file(db, path)
    assert everything(db) == whole
    db.close()


FULL = """
import json, sys
from pathlib import Path

from scraper.errors import CoopwatchError
from store.database import open_database
from tests.archives import import_file

url, path = sys.argv[1:]
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    import_file(open_database(url), Path(path))
except CoopwatchError as error:
    print(json.dumps([type(error).__name__, bool(error.hint)]))
"""
