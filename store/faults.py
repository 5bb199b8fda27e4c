"""What a database driver's error means for a person: the one place that knows drivers' codes."""

import sqlite3

import psycopg
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from scraper.errors import DatabaseError, DatabaseFullError, DatabaseMissingError

FULL = (
    "the database cannot grow: the disk, or a limit set on it, is full",
    "Free some space and try again; what was stored before is intact.",
)
BUSY = (
    "the database is locked by another process",
    "Try again in a moment; if it lasts, look for a coopwatch that hangs.",
)
READ_ONLY = (
    "the database is read-only",
    "Give this user the right to write the database file and its folder, or the tables of the server.",
)
ALIEN = ("this is not a coopwatch database", "Name another file, or move this one away.")
DAMAGED = ("the database is damaged", "Stop coopwatch, keep the file, and restore the last backup.")
FAILING = (
    "the disk fails to read or write the database",
    "Look into the system's log; keep the file, and restore the last backup on another disk.",
)
CLOSED = (
    "the database cannot be opened",
    "Check that the place exists and that this user may read and write it.",
)
UNREACHABLE = (
    "the database server cannot be reached or refuses us",
    "Check that it runs, and its address, user and password in the settings.",
)

SQLITE = {
    sqlite3.SQLITE_FULL: FULL,
    # Limits on file size (RLIMIT_FSIZE, quotas) show as a failed write rather than as a full disk.
    sqlite3.SQLITE_IOERR_WRITE: FULL,
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
    sqlite3.SQLITE_IOERR: FAILING,
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_NOTADB: ALIEN,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_PERM: CLOSED,
    sqlite3.SQLITE_AUTH: CLOSED,
}

POSTGRESQL = {
    "53100": FULL,  # disk_full
    "55P03": BUSY,  # lock_not_available
    "57014": BUSY,  # query_canceled: a time limit passed
    "40P01": BUSY,  # deadlock_detected
    "25006": READ_ONLY,  # read_only_sql_transaction
    "42501": READ_ONLY,  # insufficient_privilege
}


def database_error(error: DBAPIError, url: URL) -> DatabaseError | None:
    """Return what a person should read instead of `error`; None for a fault of our own."""
    cause = error.orig
    if isinstance(cause, sqlite3.Error):
        # The low byte is the class of the error, the rest its detail (sqlite.org/rescode.html).
        code = getattr(cause, "sqlite_errorcode", 0)
        known = SQLITE.get(code) or SQLITE.get(code & 0xFF)
    elif isinstance(cause, psycopg.Error):
        if _no_such_database(cause):
            return missing_error(url)
        known = POSTGRESQL.get(cause.sqlstate or "")
        if known is None and (error.connection_invalidated or _not_connected(cause)):
            known = UNREACHABLE
    else:
        return None
    if known is None:
        return None
    message, hint = known
    kind = DatabaseFullError if known is FULL else DatabaseError
    return kind(f"{shown(url)}: {message}", hint)


def missing_error(url: URL) -> DatabaseMissingError:
    """Return the error for a place where no database is yet."""
    return DatabaseMissingError(
        f"{shown(url)}: there is no database yet", "The first `coopwatch check` creates one."
    )


def alien_error(url: URL) -> DatabaseError:
    """Return the error for somebody else's file or tables."""
    message, hint = ALIEN
    return DatabaseError(f"{shown(url)}: {message}", hint)


def shown(url: URL) -> str:
    """Return the file name of an SQLite database, or a server's address without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.render_as_string(hide_password=True)


def _not_connected(cause: psycopg.Error) -> bool:
    return isinstance(cause, psycopg.OperationalError) and cause.sqlstate is None


def _no_such_database(cause: psycopg.Error) -> bool:
    # While connecting libpq hands on no SQLSTATE, only the server's words (invalid_catalog_name, 3D000).
    return cause.sqlstate == "3D000" or ("database" in str(cause) and "does not exist" in str(cause))
