"""Sealing: a day's signed head of the log, which nobody can move the log's past away from."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from scraper.errors import DatabaseError
from store.database import Session, insert_new
from store.evidence.canonical import instant
from store.evidence.log import Fact, append, log_root, log_size
from store.evidence.log_tables import CHECKPOINT, LOG_HEAD, TIMESTAMP
from store.evidence.notes import NoteError, SignerKey, TreeHead, checkpoint, parse_tree_head

SEAL = "seal"
"""The last entry under every checkpoint: it says when, so that the signature covers the time too."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed head over the first `size` entries; `timestamp` is an authority's RFC 3161 answer about it."""

    size: int
    at: datetime
    note: str
    timestamp: bytes | None = None


def seal(session: Session, signer: SignerKey, at: datetime) -> Checkpoint:
    """Sign all entries so far, and return the checkpoint.

    Raises DatabaseError where the entries under the last checkpoint no longer have the root that it signed:
    a log never signs two pasts.
    """
    last = last_checkpoint(session)
    if last is not None:
        _require_continuity(session, last, signer)
    append(session, [Fact(SEAL, instant(at), {"at": instant(at), "after": last.size if last else 0})])
    size = log_size(session)
    made = Checkpoint(size, at, checkpoint(TreeHead(signer.name, size, log_root(session, size)), signer))
    session.execute(sa.insert(CHECKPOINT).values(size=made.size, at=made.at, note=made.note))
    session.execute(sa.update(LOG_HEAD).values(sealed=size))
    return made


def seal_is_due(session: Session, at: datetime) -> bool:
    """Say whether no checkpoint was made yet on the day (UTC) of `at`."""
    last = last_checkpoint(session)
    return last is None or last.at.astimezone(UTC).date() < at.astimezone(UTC).date()


def last_checkpoint(session: Session) -> Checkpoint | None:
    """Return the newest checkpoint; None before the first."""
    row = session.execute(_checkpoints().order_by(CHECKPOINT.c.size.desc()).limit(1)).first()
    return _checkpoint(row) if row else None


def checkpoints(session: Session) -> tuple[Checkpoint, ...]:
    """Return every checkpoint, oldest first."""
    return tuple(_checkpoint(row) for row in session.execute(_checkpoints().order_by(CHECKPOINT.c.size)))


def keep_timestamp(session: Session, size: int, response: bytes, at: datetime) -> bool:
    """Keep an authority's answer about the checkpoint of that size; False where there is one already."""
    row = {"size": size, "at": at, "response": response}
    return insert_new(session, TIMESTAMP, row) is not None


def _require_continuity(session: Session, last: Checkpoint, signer: SignerKey) -> None:
    try:
        head = parse_tree_head(last.note.partition("\n\n")[0] + "\n")
    except NoteError as error:
        raise _rewritten(last) from error
    if head.origin != signer.name:
        raise DatabaseError(
            f"the log is named {head.origin}, the signing key {signer.name}", "Use the key of this log."
        )
    if head.size != last.size or log_root(session, head.size) != head.root:
        raise _rewritten(last)


def _rewritten(last: Checkpoint) -> DatabaseError:
    return DatabaseError(
        f"the evidence log no longer agrees with its checkpoint of {last.at:%Y-%m-%d}",
        "Nothing was signed. Run `coopwatch verify` to see what was altered, and keep the database.",
    )


def _checkpoints() -> sa.Select[Any]:
    joined = CHECKPOINT.outerjoin(TIMESTAMP, TIMESTAMP.c.size == CHECKPOINT.c.size)
    return sa.select(CHECKPOINT, TIMESTAMP.c.response).select_from(joined)


def _checkpoint(row: sa.Row[Any]) -> Checkpoint:
    return Checkpoint(row.size, row.at, row.note, row.response)
