"""Backups: consistent beside a writer, checked, whole or not there, and put back without any loss."""

import json
import re
import sqlite3
from base64 import b64encode
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from scraper.errors import BackupError, CoopwatchError, DatabaseError
from store.backups import Manifest, back_up, last_backup, manifest_place, read_manifest, remember_backup
from store.database import Database, create_database, open_database
from store.evidence.log_tables import LOG_ENTRY
from store.evidence.seals import checkpoints
from store.evidence.verification import verify
from store.restoring import last_restoration, restore
from tests.commands import coopwatch, coopwatch_process
from tests.evidence_world import SIGNER, VERIFIERS, history, visit
from tests.store_processes import finished, killed_at_its_word, python
from tests.store_visits import day

KEY = SIGNER.verifier


def url_of(file: Path) -> str:
    """Return the address of an SQLite file."""
    return f"sqlite:///{file}"


@pytest.fixture
def backup(sqlite_url: str, sqlite_db: Database, tmp_path: Path) -> Path:
    """A backup of a small sealed history."""
    history(sqlite_db)
    to = tmp_path / "safe" / "copy.db"
    back_up(sqlite_url, to, day(10), KEY)
    sqlite_db.close()
    return to


def test_a_backup_verifies_like_the_database(backup: Path) -> None:
    """All rows and the evidence log come along: the copy opens, and verification finds nothing."""
    copy = open_database(url_of(backup))
    with copy.reading() as session:
        found = verify(session, VERIFIERS)
    copy.close()

    assert found.faults == ()
    assert found.checkpoints == 2
    assert sorted(path.name for path in backup.parent.iterdir()) == ["copy.db", "copy.db.json"]
    assert backup.stat().st_mode & 0o077 == 0


def test_the_manifest_says_what_the_backup_holds(backup: Path, sqlite_db: Database) -> None:
    """Digest, rows of each table, the log's length and its last signed head stand beside the file."""
    manifest = read_manifest(backup)

    with sqlite_db.reading() as session:
        assert manifest.checkpoint == checkpoints(session)[-1].note
        logged = session.execute(sa.select(sa.func.count()).select_from(LOG_ENTRY)).scalar_one()
    assert manifest.rows["log_entry"] == manifest.entries == logged
    assert manifest.rows["capture"] == 6


def test_no_signing_key_is_in_a_backup(backup: Path) -> None:
    """Neither as bytes nor as text does the key that signs the log stand in what a backup writes."""
    written = backup.read_bytes() + manifest_place(backup).read_bytes()

    assert SIGNER.seed not in written
    assert b64encode(b"\x01" + SIGNER.seed) not in written
    assert SIGNER.seed.hex().encode() not in written


WRITER = """
import sys
from store.database import open_database
from tests.evidence_world import visit
from scraper.records import Project
db = open_database(sys.argv[1])
print("ready", flush=True)
for number in range(100, 160):
    with db.writing() as session:
        visit(session, 1, number, {1: Project(title=f"Gambia {number}")})
"""


def test_a_backup_beside_a_writer_is_one_state(sqlite_url: str, sqlite_db: Database, tmp_path: Path) -> None:
    """Each backup made while another process records visits holds whole visits, all of them logged."""
    history(sqlite_db)
    writer = python(WRITER, sqlite_url)
    assert writer.stdout is not None
    assert writer.stdout.readline().strip() == "ready"
    sizes: list[int] = []
    while writer.poll() is None or not sizes:
        to = tmp_path / f"copy{len(sizes)}.db"
        sizes.append(back_up(sqlite_url, to, day(10), KEY).entries)
        copy = open_database(url_of(to))
        with copy.reading() as session:
            assert verify(session, VERIFIERS).faults == ()
        copy.close()
    finished(writer)

    assert sizes == sorted(sizes)


KILLED = """
import sys
from pathlib import Path
from store.backups import back_up
from tests.store_visits import day
seen = []
def advance(done, total):
    seen.append(done)
    if len(seen) == 2:
        print("now", flush=True)
        sys.stdin.readline()
import store.backups
store.backups.STEP = 5
back_up(sys.argv[1], Path(sys.argv[2]), day(10), None, advance)
"""


def test_a_killed_backup_leaves_none_and_the_next_one_works(
    sqlite_url: str, sqlite_db: Database, tmp_path: Path
) -> None:
    """kill -9 in the middle leaves no file that looks like a backup, and nothing in the way of another."""
    history(sqlite_db)
    to = tmp_path / "safe" / "copy.db"
    killed_at_its_word(python(KILLED, sqlite_url, str(to)))

    assert all(path.name.startswith(".coopwatch-backup.part") for path in to.parent.iterdir())
    back_up(sqlite_url, to, day(10), KEY)
    assert sorted(path.name for path in to.parent.iterdir()) == ["copy.db", "copy.db.json"]
    with sqlite_db.reading() as session:
        assert verify(session, VERIFIERS).faults == ()


RESTORING = """
import sys
from pathlib import Path
from store.restoring import restore
from tests.store_visits import day
def advance(done, total):
    print("now", flush=True)
    sys.stdin.readline()
restore(sys.argv[1], Path(sys.argv[2]), day(12), replace=True, advance=advance)
"""


def test_a_killed_restoration_leaves_the_database_and_the_next_one_works(
    backup: Path, sqlite_url: str, tmp_path: Path
) -> None:
    """kill -9 in the middle leaves the present database in its place, and nothing in the way of another."""
    before = (tmp_path / "coopwatch.db").read_bytes()
    killed_at_its_word(python(RESTORING, sqlite_url, str(backup)))

    assert (tmp_path / "coopwatch.db").read_bytes() == before
    restore(sqlite_url, backup, day(12), replace=True)
    db = open_database(sqlite_url)
    with db.reading() as session:
        assert verify(session, VERIFIERS).faults == ()
    db.close()
    assert not list(tmp_path.glob(".*restore*"))


FULL = """
import resource, sys
from pathlib import Path
from scraper.errors import BackupError
from store.backups import back_up
from tests.store_visits import day
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    back_up(sys.argv[1], Path(sys.argv[2]), day(10))
except BackupError as error:
    print(error, "|", error.hint)
"""


def test_a_full_disk_during_a_backup_is_one_clear_error(
    sqlite_url: str, sqlite_db: Database, tmp_path: Path
) -> None:
    """No room for the copy: it says so, leaves nothing half written, and the database is intact."""
    history(sqlite_db)
    to = tmp_path / "safe" / "copy.db"

    assert "Make room there" in finished(python(FULL, sqlite_url, str(to)))
    assert list(to.parent.iterdir()) == []
    with sqlite_db.reading() as session:
        assert verify(session, VERIFIERS).faults == ()


FULL_RESTORING = """
import os, resource, sys
from pathlib import Path
from scraper.errors import BackupError
from store.restoring import restore
from tests.store_visits import day
room = os.path.getsize(sys.argv[2]) // 2
resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))
try:
    restore(sys.argv[1], Path(sys.argv[2]), day(12), replace=True)
except BackupError as error:
    print(error, "|", error.hint)
"""


def test_a_full_disk_during_a_restoration_is_one_clear_error(
    backup: Path, sqlite_url: str, tmp_path: Path
) -> None:
    """No room for the copy: it says so, and the present database stays as it is."""
    before = (tmp_path / "coopwatch.db").read_bytes()

    said = finished(python(FULL_RESTORING, sqlite_url, str(backup)))
    assert "cannot be restored" in said and "intact" in said
    assert (tmp_path / "coopwatch.db").read_bytes() == before
    assert not list(tmp_path.glob(".*restore*"))


def test_a_log_that_was_rewritten_is_not_backed_up_in_silence(
    sqlite_url: str, sqlite_db: Database, tmp_path: Path
) -> None:
    """Where the entries no longer have the root that was signed, there is no backup but an error."""
    history(sqlite_db)
    with closing(sqlite3.connect(tmp_path / "coopwatch.db")) as database:
        database.execute("DROP TRIGGER log_entry_no_update")
        database.execute("UPDATE log_entry SET hashes = zeroblob(length(hashes))")
        database.commit()

    with pytest.raises(CoopwatchError, match="no longer agrees"):
        back_up(sqlite_url, tmp_path / "copy.db", day(10), KEY)
    assert not (tmp_path / "copy.db").exists()


def test_a_file_that_is_there_is_not_written_over(backup: Path, sqlite_url: str) -> None:
    """A backup never takes the place of another file."""
    before = backup.read_bytes()

    with pytest.raises(BackupError, match="there is a file already"):
        back_up(sqlite_url, backup, day(11), KEY)
    assert backup.read_bytes() == before


def test_a_backup_put_back_is_the_history_of_its_day(backup: Path, sqlite_url: str, tmp_path: Path) -> None:
    """What came later is gone from the database but kept beside; database and log say what was done."""
    db = open_database(sqlite_url)
    with db.writing() as session:
        visit(session, 1, 11, {})
    db.close()
    with pytest.raises(BackupError, match="there is a database already"):
        restore(sqlite_url, backup, day(12))

    kept = restore(sqlite_url, backup, day(12), replace=True)

    assert kept == tmp_path / "coopwatch.db.before-restore-1"
    for url, captures, restored in ((sqlite_url, 6, day(12)), (url_of(kept), 7, None)):
        db = open_database(url)
        with db.reading() as session:
            assert verify(session, VERIFIERS).faults == ()
            assert session.execute(sa.text("SELECT count(*) FROM capture")).scalar() == captures
            assert last_restoration(session) == restored
            known = last_backup(session)
            assert (known and (known.at, known.place)) == (restored and (day(10), backup))
            told = session.execute(sa.select(LOG_ENTRY.c.key).where(LOG_ENTRY.c.kind == "restoration"))
            assert len(told.all()) == (restored is not None)
        db.close()


def test_a_backup_goes_into_an_empty_place(backup: Path, tmp_path: Path) -> None:
    """After the loss of a disk nothing has to be there, and the database works as before (WAL)."""
    place = tmp_path / "new" / "coopwatch.db"

    assert restore(url_of(place), backup, day(12)) is None
    db = open_database(url_of(place))
    with db.reading() as session:
        assert session.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
    db.close()


@pytest.mark.parametrize("spoil", ["altered", "cut", "no manifest"])
def test_a_spoilt_backup_is_not_put_back(backup: Path, tmp_path: Path, spoil: str) -> None:
    """One flipped bit, a missing end or a missing manifest: nothing is put anywhere."""
    content = bytearray(backup.read_bytes())
    if spoil == "altered":
        content[len(content) // 2] ^= 1
        backup.write_bytes(content)
    elif spoil == "cut":
        backup.write_bytes(content[:-1])
    else:
        manifest_place(backup).unlink()
    place = tmp_path / "new" / "coopwatch.db"

    with pytest.raises(BackupError):
        restore(url_of(place), backup, day(12))
    assert not place.parent.exists() or list(place.parent.iterdir()) == []


def test_a_database_in_use_is_not_replaced(backup: Path, sqlite_url: str) -> None:
    """While another has the database open it stays where it is."""
    db = open_database(sqlite_url)
    with db.reading() as session:
        session.execute(sa.text("SELECT count(*) FROM capture"))
        with pytest.raises(DatabaseError, match="in use"):
            restore(sqlite_url, backup, day(12), replace=True)
        assert session.execute(sa.text("SELECT count(*) FROM capture")).scalar() == 6
    db.close()


def test_a_damaged_database_can_be_replaced(backup: Path, sqlite_url: str, tmp_path: Path) -> None:
    """A file that SQLite cannot read is the very case for a backup; it is kept beside all the same."""
    place = tmp_path / "damaged.db"
    place.write_bytes(b"nothing of a database" * 1000)

    kept = restore(url_of(place), backup, day(12), replace=True)

    assert kept is not None
    assert kept.read_bytes().startswith(b"nothing of a database")
    open_database(url_of(place)).close()


def test_backups_are_remembered(db: Database) -> None:
    """The database knows its newest backup: when, where, how large, with which digest."""
    manifest = Manifest("", "", "", 5_000_000_000, "0" * 64, 0, "", {})
    with db.writing() as session:
        assert last_backup(session) is None
        remember_backup(session, day(1), Path("/safe/one.db"), manifest)
        remember_backup(session, day(2), Path("/safe/two.db"), manifest)
        newest = last_backup(session)

    assert newest is not None
    assert (newest.at, newest.place, newest.length) == (day(2), Path("/safe/two.db"), 5_000_000_000)


def test_postgresql_has_its_own_tools(tmp_path: Path) -> None:
    """A backup of a server's database is refused, with the command that makes one."""
    with pytest.raises(BackupError) as refused:
        back_up("postgresql+psycopg://coopwatch@127.0.0.1/house", tmp_path / "copy.db", day(1))

    assert "pg_dump" in refused.value.hint
    assert "house" in refused.value.hint


def test_the_commands_make_a_backup_and_put_it_back(tmp_path: Path) -> None:
    """`backup` writes into backups/ of the data folder, `restore` refuses and then replaces."""
    create_database(url_of(tmp_path / "coopwatch.db")).close()
    made = coopwatch_process("backup", "--json", "--data", tmp_path)
    assert made.returncode == 0, made.stderr
    file = Path(json.loads(made.stdout)["file"])
    assert re.fullmatch(r"coopwatch-\d{8}T\d{6}Z\.db", file.name)
    assert file.parent == tmp_path / "backups"

    refused = coopwatch("restore", file, "--data", tmp_path)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    done = coopwatch("restore", file, "--replace", "--data", tmp_path)
    assert done.returncode == 0, done.stderr
    assert "before-restore-1" in done.stdout
    wrong = coopwatch("restore", tmp_path / "nothing.db", "--data", tmp_path)
    assert wrong.returncode == 1
    assert "manifest" in wrong.stderr
