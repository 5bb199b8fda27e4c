"""Putting a backup back: checked first, the present file kept beside, and remembered in the database."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa

from scraper.errors import BackupError, DatabaseError
from store.backups import (
    Advance,
    Manifest,
    digest_of,
    read_manifest,
    remember_backup,
    require_soundness,
    sqlite_file,
    sync_folder,
)
from store.database import Session, migrate_database, open_database
from store.evidence.attest import attest_restoration
from store.keeping_tables import RESTORATION
from store.run_decisions import keep_all_back
from store.run_tables import RUN


def restore(
    url: str, backup: Path, at: datetime, replace: bool = False, advance: Advance = lambda *_: None
) -> Path | None:
    """Put a backup into the place of an SQLite database; return where the file that stood there is now.

    The present database is never lost: without `replace` it is an error that there is one. A backup of an
    earlier schema is migrated on the way. Raises BackupError, and DatabaseError for a file in use.
    """
    original = sqlite_file(url)
    manifest = read_manifest(backup)
    if original.exists() and not replace:
        raise BackupError(
            f"{original}: there is a database already",
            "Add --replace; the present file is then kept beside it.",
        )
    part = original.with_name(f".{original.name}.restore.part")
    with _told_in_one_line(original, part):
        original.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _copy_checked(backup, manifest, part, advance)
        _make_present(part, backup, manifest, at)
        kept = _kept_beside(original) if original.exists() else None
        part.replace(original)
        sync_folder(original.parent)
    return kept


def mark_restored(session: Session, at: datetime, made_at: datetime) -> None:
    """Remember that a state of `made_at` was put back: what was told since then is not known here.

    So nothing that it owes its readers leaves before staff have looked.
    """
    session.execute(sa.insert(RESTORATION).values(at=at, made_at=made_at))
    keep_all_back(session, at)


def last_restoration(session: Session) -> datetime | None:
    """Return when an earlier state was put back last, or when that was noticed."""
    return session.execute(sa.select(sa.func.max(RESTORATION.c.at))).scalar()


def known_upto(session: Session) -> datetime | None:
    """Return the instant up to which this database knows what its runs sent; None before the first run."""
    moved = session.execute(sa.select(sa.func.max(RUN.c.moved_at))).scalar()
    restored = last_restoration(session)
    return max(moved, restored) if moved and restored else moved


def _copy_checked(backup: Path, manifest: Manifest, part: Path, advance: Advance) -> None:
    """Copy the backup, and raise BackupError where it is not what its manifest says."""
    digest, done = sha256(), 0
    with backup.open("rb") as source, part.open("wb") as target:
        part.chmod(0o600)
        while block := source.read(1 << 20):
            digest.update(block)
            target.write(block)
            done += len(block)
            advance(done, manifest.length)
    if (done, digest.hexdigest()) != (manifest.length, manifest.sha256):
        raise BackupError(
            f"{backup} is not what its manifest says", "Take another backup: this one was altered or cut."
        )


def _make_present(part: Path, backup: Path, manifest: Manifest, at: datetime) -> None:
    """Bring the copy to the present schema, and let it and its evidence log say that it was put back.

    It was made before it could know of itself: so this is also where the database learns of its last backup.
    """
    url = f"sqlite:///{part}"
    with closing(sqlite3.connect(part)) as copy:
        require_soundness(copy)
        copy.execute("PRAGMA journal_mode = WAL")  # a backup is one plain file, a database has readers
    migrate_database(url)
    db = open_database(url)
    try:
        with db.writing() as session:
            made_at = datetime.fromisoformat(manifest.made_at)
            remember_backup(session, made_at, backup.resolve(), manifest)
            mark_restored(session, at, made_at)
            attest_restoration(session, at=at, made_at=made_at, sha256=manifest.sha256)
    finally:
        db.close()
    digest_of(part)  # for its fsync


def _kept_beside(original: Path) -> Path:
    """Give the present file a second name; raises DatabaseError where another process has it open."""
    try:
        with closing(sqlite3.connect(original, timeout=1)) as database:
            # Only the last user may leave WAL mode, and doing so makes it one file again.
            database.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise DatabaseError(
            f"{original}: in use by another process", "Stop coopwatch first, then restore again."
        ) from error
    except sqlite3.DatabaseError:
        pass  # damaged: perhaps why a backup is put back
    names = (original.with_name(f"{original.name}.before-restore-{number}") for number in range(1, 10_000))
    kept = next(name for name in names if not name.exists())
    kept.hardlink_to(original)
    for companion in ("-wal", "-shm"):
        side = original.with_name(f"{original.name}{companion}")
        if side.exists():
            shutil.move(side, kept.with_name(f"{kept.name}{companion}"))
    return kept


@contextmanager
def _told_in_one_line(original: Path, part: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise BackupError(
            f"{original} cannot be restored: {error}", "The present database and the backup are intact."
        ) from error
    finally:
        for name in (part.name, f"{part.name}-wal", f"{part.name}-shm"):
            part.with_name(name).unlink(missing_ok=True)
