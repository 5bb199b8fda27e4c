"""What an evidence package takes from the log: the entries about some captures, with their texts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from store.bodies import IS_KEPT, body_content
from store.database import Session
from store.evidence.covered import HISTORY_TABLES, of_captures
from store.evidence.log import LogEntry, batches, consistency_proofs, inclusion_proofs, log_entries
from store.evidence.raw_rows import row_key
from store.evidence.row_check import PACKED, REMOVAL
from store.evidence.seals import Checkpoint, checkpoints
from store.tables import BODY, CAPTURE, SNAPSHOT


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A log entry, its proof under a checkpoint (None: not yet sealed), and the texts it has digests of."""

    entry: LogEntry
    proof: tuple[bytes, ...] | None
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EarlierCheckpoint:
    """A checkpoint that a reader may have kept, and the proof that the log only grew since then."""

    checkpoint: Checkpoint
    proof: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """How a body travelled: whether we stopped reading at our cap, and what its coding was undone from."""

    cut: bool
    coded_sha256: str | None
    coded_length: int | None


def exhibits(session: Session, capture_ids: Iterable[int], size: int) -> tuple[Exhibit, ...]:
    """Return all that is logged of these captures, in the order of the log, proven under `size` entries.

    Where retention has dropped a body of theirs, the entry that says so is among them.
    """
    chosen = sorted(set(capture_ids))
    of_rows = [exhibit for table in HISTORY_TABLES.values() for exhibit in _of_table(session, table, chosen)]
    found = sorted((*of_rows, *_removals(session, chosen)), key=lambda told: told[0].index)
    proofs = inclusion_proofs(session, (entry.index for entry, _ in found if entry.index < size), size)
    return tuple(Exhibit(entry, proofs.get(entry.index), texts) for entry, texts in found)


def earlier_checkpoints(session: Session, last: Checkpoint) -> tuple[EarlierCheckpoint, ...]:
    """Return every checkpoint before `last` with the proof that the log of `last` continues it."""
    earlier = [checkpoint for checkpoint in checkpoints(session) if checkpoint.size < last.size]
    proofs = consistency_proofs(session, (checkpoint.size for checkpoint in earlier), last.size)
    return tuple(EarlierCheckpoint(checkpoint, proofs[checkpoint.size]) for checkpoint in earlier)


def journey(session: Session, capture_id: int) -> Journey:
    """Return how the body of a capture travelled."""
    columns = (CAPTURE.c.cut, CAPTURE.c.coded_sha256, CAPTURE.c.coded_length)
    row = session.execute(sa.select(*columns).where(CAPTURE.c.id == capture_id)).one()
    return Journey(row.cut, row.coded_sha256, row.coded_length)


def _of_table(
    session: Session, table: sa.Table, capture_ids: Sequence[int]
) -> Iterator[tuple[LogEntry, Mapping[str, str]]]:
    for chosen in batches(capture_ids):
        rows = session.execute(sa.select(table).where(of_captures(table, chosen))).all()
        by_key = {row_key(table, row._asdict()): row._asdict() for row in rows}
        for entry in log_entries(session, table.name, by_key):
            yield entry, _texts(session, table, entry, by_key[entry.key])


def _removals(session: Session, capture_ids: Sequence[int]) -> Iterator[tuple[LogEntry, Mapping[str, str]]]:
    dropped = set()
    for chosen in batches(capture_ids):
        query = sa.select(BODY.c.sha256).join(CAPTURE, CAPTURE.c.body_sha256 == BODY.c.sha256)
        dropped |= set(session.execute(query.where(CAPTURE.c.id.in_(chosen), ~IS_KEPT)).scalars())
    for entry in log_entries(session, REMOVAL, [BODY.name]) if dropped else ():
        keys = entry.row["keys"]
        if entry.row["what"] == PACKED and isinstance(keys, list) and dropped & set(map(str, keys)):
            yield entry, {}


def _texts(session: Session, table: sa.Table, entry: LogEntry, row: Mapping[str, Any]) -> dict[str, str]:
    """Return the texts of which the entry has only digests; a reading's content stands among the bodies."""
    logged = entry.row
    texts = {
        name: value
        for name, value in row.items()
        if isinstance(table.c[name].type, sa.Text) and value is not None and logged[name] != value
    }
    if table is SNAPSHOT:
        texts["content_sha256"] = body_content(session, row["content_sha256"]).decode()
    return texts
