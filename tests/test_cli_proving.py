"""The commands that prove, over the history that a demo leaves behind."""

import json
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from tests.commands import coopwatch

SCRIPT = Path(__file__).parent.parent / "docs" / "verify_package.py"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a finished demo."""
    data = tmp_path_factory.mktemp("proving")
    assert coopwatch("demo", "--once", "--data", data).returncode == 0
    return data / "demo"


def test_after_a_demo_all_is_well(watched: Path) -> None:
    """Every entry is under a signed checkpoint or counted as not yet sealed, and the key is private."""
    run = coopwatch("verify", "--data", watched)
    found = json.loads(coopwatch("verify", "--data", watched, "--json").stdout)

    assert (run.returncode, run.stderr) == (0, "")
    assert "All is well" in run.stdout
    assert found["faults"] == []
    assert found["checkpoints"] > 1
    assert found["entries"] == found["sealed"] + found["not_yet_sealed"] > 0
    assert (watched / "keys" / "log.key").stat().st_mode & 0o077 == 0


def test_one_flipped_bit_is_named(watched: Path, tmp_path: Path) -> None:
    """In a copy whose second capture was altered, verification fails with that entry."""
    copy = tmp_path / "copy"
    shutil.copytree(watched, copy)
    with closing(sqlite3.connect(copy / "coopwatch.db")) as connection, connection:
        triggers = connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        connection.execute("UPDATE capture SET status = status | 1 WHERE id = 2")

    run = coopwatch("verify", "--data", copy)

    assert run.returncode == 1
    assert run.stdout.startswith("First bad: entry ")
    assert "capture 2" in run.stdout.splitlines()[0]


def test_a_package_convinces_an_outsider(watched: Path, tmp_path: Path) -> None:
    """The script in docs/, with the log's public key, finds nothing wrong with an exported package."""
    packed = tmp_path / "page.zip"
    run = coopwatch("export", "evidence", "1", "--to", packed, "--data", watched)
    key = (watched / "keys" / "log.key.pub").read_text("utf-8").strip()
    command = [sys.executable, "-I", "-S", str(SCRIPT), str(packed), "--key", key]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)

    assert (run.returncode, run.stderr) == (0, "")
    assert checked.returncode == 0, checked.stdout


def test_an_archive_holds_every_visit(watched: Path, tmp_path: Path) -> None:
    """The WARC of a source has a record for each visit beside its own description."""
    (watched / "sources").mkdir(exist_ok=True)
    archive = tmp_path / "torino.warc.gz"
    run = coopwatch("export", "warc", "torino", "--to", archive, "--data", watched)
    visits = json.loads(coopwatch("history", "1", "--data", watched, "--json").stdout)

    assert (run.returncode, run.stderr) == (0, "")
    with archive.open("rb") as file:
        kinds = [record.rec_type for record in ArchiveIterator(file)]
    assert kinds[0] == "warcinfo"
    assert len(kinds) == len(visits) + 1


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["export", "evidence", "99", "--to", "x.zip"], "99"),
        (["export", "evidence", "1", "--to", "none/x.zip"], "none/x.zip"),
        (["export", "warc", "nobody", "--to", "x.warc.gz"], "nobody"),
        (["verify", "--kept", "none.txt"], "none.txt"),
    ],
)
def test_what_cannot_be_proven_is_one_line(
    watched: Path, tmp_path: Path, words: list[str], expected: str
) -> None:
    """Each failure names what was wrong, with a hint, and leaves no file behind."""
    run = coopwatch(*words, "--data", watched, cwd=tmp_path)

    assert run.returncode == 1
    first, hint = run.stderr.strip().splitlines()
    assert first.startswith("error: ")
    assert expected in first
    assert hint.startswith("hint: ")
    assert list(tmp_path.iterdir()) == []


def test_a_lost_key_is_told_and_not_replaced(watched: Path, tmp_path: Path) -> None:
    """A log that was signed before is not signed with another key."""
    copy = tmp_path / "copy"
    shutil.copytree(watched, copy)
    (copy / "keys" / "log.key").unlink()

    run = coopwatch("migrate", "--data", copy)

    assert run.returncode == 1
    assert "signing key cannot be used" in run.stderr
    assert not (copy / "keys" / "log.key").exists()
