"""Backups: one consistent file made while others write, checked as a whole, with a manifest beside it."""

import fcntl
import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import make_url

from scraper.errors import BackupError
from store.database import Session, open_database
from store.evidence.canonical import instant
from store.evidence.log import log_root, log_size
from store.evidence.notes import NoteError, VerifierKey, checked_head
from store.evidence.seals import last_checkpoint
from store.keeping_tables import BACKUP

FORMAT = "coopwatch backup 1"
STEP = 2_000
"""Pages of the database that are copied between two reports of progress."""

Advance = Callable[[int, int], None]
"""Hears how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is: `sha256` and `length` (bytes) of its file, its schema, and what is in it.

    `entries` is the length of the evidence log, `checkpoint` its last signed head ("" before the first),
    `rows` the number of rows of each table.
    """

    format: str
    made_at: str
    schema: str
    length: int
    sha256: str
    entries: int
    checkpoint: str
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class BackupEntry:
    """A backup that was made, as the database remembers it."""

    at: datetime
    place: Path
    length: int
    sha256: str


def back_up(
    url: str, to: Path, at: datetime, verifier: VerifierKey | None = None, advance: Advance = lambda *_: None
) -> Manifest:
    """Write a backup of an SQLite database to `to`, its manifest beside it, and return the manifest.

    Others may write meanwhile. The file stands at its place only once it was checked; whatever ends this
    before leaves none. `verifier` is the evidence log's key: the last signed head must hold under it. Signing
    keys are not in the database, hence in no backup. Raises BackupError.
    """
    original = sqlite_file(url)
    open_database(url).close()  # of the present schema, or its own error
    if to.exists():
        raise BackupError(f"{to}: there is a file already", "Name another file: coopwatch backup FILE.")
    with _told_in_one_line(to), _scratch(to.parent) as part:
        schema, rows = _copied(original, part, advance)
        manifest = _checked(part, at, schema, rows, verifier)
        _write_durably(manifest_place(to), json.dumps(asdict(manifest), indent=1).encode())
        part.replace(to)
        sync_folder(to.parent)
    return manifest


def read_manifest(backup: Path) -> Manifest:
    """Return the manifest beside a backup; raises BackupError."""
    place = manifest_place(backup)
    try:
        manifest = Manifest(**json.loads(place.read_text("utf-8")))
        datetime.fromisoformat(manifest.made_at)
    except (OSError, ValueError, TypeError) as error:
        raise BackupError(
            f"{place}: there is no manifest of a backup", "A backup is two files: FILE and FILE.json."
        ) from error
    if manifest.format != FORMAT:
        raise BackupError(f"{place}: {manifest.format!r} is no backup that this version knows")
    return manifest


def manifest_place(backup: Path) -> Path:
    """Return where the manifest of a backup lies."""
    return backup.with_name(f"{backup.name}.json")


def remember_backup(session: Session, at: datetime, place: Path, manifest: Manifest) -> None:
    """Remember that a backup was made and checked."""
    row = {"at": at, "place": str(place), "length": manifest.length, "sha256": manifest.sha256}
    session.execute(sa.insert(BACKUP).values(row))


def last_backup(session: Session) -> BackupEntry | None:
    """Return the newest backup that is remembered."""
    row = session.execute(sa.select(BACKUP).order_by(BACKUP.c.at.desc(), BACKUP.c.id.desc()).limit(1)).first()
    return None if row is None else BackupEntry(row.at, Path(row.place), row.length, row.sha256)


def sqlite_file(url: str) -> Path:
    """Return the file of an SQLite database; raises BackupError for a server's, which has its own tools."""
    place = make_url(url)
    if place.get_backend_name() != "sqlite":
        name = place.database or "coopwatch"
        raise BackupError(
            "a PostgreSQL database is backed up by its own tools",
            f"Run `pg_dump --format=custom --file=coopwatch.dump {name}`, and `pg_restore` to put it back.",
        )
    return Path(str(place.database))


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlast a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """Yield a file to work in; one backup at a time, so that what a killed one left is written over."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = folder / ".coopwatch-backup.part"
    handle = os.open(part, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if not part.exists() or not os.path.samestat(os.fstat(handle), part.stat()):
            raise BlockingIOError  # another backup has just ended here
        _drop(part.with_name(f"{part.name}-journal"))  # before the file that it would be rolled back into
        os.ftruncate(handle, 0)
        yield part
    except BlockingIOError as error:
        raise BackupError(f"another backup into {folder} is under way", "Wait until it has ended.") from error
    except BaseException:
        _drop(part, part.with_name(f"{part.name}-journal"))
        raise
    finally:
        os.close(handle)


def _drop(*files: Path) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _copied(original: Path, part: Path, advance: Advance) -> tuple[str, dict[str, int]]:
    """Copy the database as it stands at one instant; return its schema and how many rows each table has."""
    with closing(sqlite3.connect(original)) as source, closing(sqlite3.connect(part)) as target:
        source.execute("BEGIN")  # one state from here on: otherwise each write begins the copy anew
        rows = _row_counts(source)
        schema = source.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        source.backup(target, pages=STEP, progress=lambda _, left, total: advance(total - left, total))
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without companions
    return str(schema), rows


def _checked(
    part: Path, at: datetime, schema: str, rows: Mapping[str, int], verifier: VerifierKey | None
) -> Manifest:
    with closing(sqlite3.connect(part)) as copy:
        require_soundness(copy)
        if _row_counts(copy) != rows:
            raise BackupError("the copy has other rows than the database", "Run the backup again.")
    db = open_database(f"sqlite:///{part}")
    try:
        with db.reading() as session:
            entries, note = log_size(session), _signed_head(session, verifier)
    finally:
        db.close()
    length, digest = digest_of(part)
    return Manifest(FORMAT, instant(at), schema, length, digest, entries, note, rows)


def require_soundness(database: sqlite3.Connection) -> None:
    """Raise BackupError unless SQLite finds every page, index and reference in order."""
    found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
    loose = database.execute("PRAGMA foreign_key_check").fetchone()
    if found != "ok" or loose is not None:
        problem = found if found != "ok" else f"a row of {loose[0]} refers to one of {loose[2]} that is gone"
        raise BackupError(
            f"the database is damaged: {problem}", "Keep the file, and restore the last good backup."
        )


def digest_of(file: Path) -> tuple[int, str]:
    """Return a file's length and SHA-256, once it is safely on the disk."""
    digest, length = sha256(), 0
    with file.open("rb") as content:
        os.fsync(content.fileno())
        while block := content.read(1 << 20):
            digest.update(block)
            length += len(block)
    return length, digest.hexdigest()


def _signed_head(session: Session, verifier: VerifierKey | None) -> str:
    """Return the log's last checkpoint; raises BackupError where the log does not bear it out."""
    last = last_checkpoint(session)
    if last is None or verifier is None:
        return "" if last is None else last.note
    try:
        head = checked_head(last.note, [verifier])
        if head.root == log_root(session, head.size):
            return last.note
        problem = "its entries have another root"
    except NoteError as error:
        problem = str(error)
    raise BackupError(
        f"the evidence log no longer agrees with its last checkpoint: {problem}",
        "Run `coopwatch verify` to see what was altered, and keep the database.",
    )


def _row_counts(database: sqlite3.Connection) -> dict[str, int]:
    # A virtual table (the search's index) need not be countable; the tables that it keeps its rows in are.
    names = database.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND sql NOT LIKE 'CREATE VIRTUAL TABLE%' ORDER BY name"
    ).fetchall()
    count = "SELECT count(*) FROM "
    return {name: database.execute(f'{count}"{name}"').fetchone()[0] for (name,) in names}


def _write_durably(place: Path, content: bytes) -> None:
    part = place.with_name(f".{place.name}.part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)


@contextmanager
def _told_in_one_line(to: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{to} cannot be written: {error}",
            "Make room there, or name a file on another disk. The database is intact, no backup was left.",
        ) from error
