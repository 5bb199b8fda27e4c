"""Verifying everything: the log against its signed heads, and the covered tables against the log."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa
from cryptography import x509

from scraper.errors import TimestampError
from store.database import Session
from store.evidence.findings import Fault, Findings
from store.evidence.log import Fact
from store.evidence.log_tables import CHECKPOINT, LOG_ENTRY, LOG_HEAD, TIMESTAMP
from store.evidence.notes import VerifierKey
from store.evidence.raw_rows import RawRow, all_keys, raw_rows
from store.evidence.row_check import REMOVAL, Removed, RowCheck, removals
from store.evidence.stamps import checked_timestamp
from store.evidence.tree_check import (
    SignedHead,
    TreeCheck,
    held_against,
    missing_checkpoints,
    stored_heads,
    witnessed_heads,
)

BATCH = 500


def verify(
    session: Session,
    verifiers: Iterable[VerifierKey],
    witnessed: Iterable[str] = (),
    authorities: Iterable[x509.Certificate] = (),
    advance: Callable[[int], None] = lambda _: None,
) -> Findings:
    """Check the whole database against its log, and the log against its checkpoints.

    `witnessed` are checkpoints that were kept elsewhere (in a digest, on paper): only they reveal that the
    newest entries were cut off together with everything about them. Time stamps are checked where the
    root certificates of their `authorities` are given. `advance` hears of every batch of entries done.
    Nothing that was altered makes this raise.
    """
    keys = tuple(verifiers)
    heads = [*stored_heads(session, keys), *witnessed_heads(witnessed, keys)]
    signed = [head for head in heads if isinstance(head, SignedHead)]
    tree = TreeCheck(head.head.size for head in signed)
    removed = removals(_removal_facts(session))
    rows = RowCheck(session, removed)
    entries, faults = _length(session)
    faults += [head for head in heads if isinstance(head, Fault)]
    for facts in _facts(session, tree, entries):
        faults += [fact for _, fact in facts if isinstance(fact, Fault)]
        faults += rows.faults([(index, fact) for index, fact in facts if isinstance(fact, Fact)])
        advance(len(facts))
    faults += rows.closing_faults()
    outcome = list(held_against(tree, signed, entries))
    faults += [head for head in outcome if isinstance(head, Fault)]
    faults += missing_checkpoints(tree, heads)
    stamps = list(_stamps(session, tuple(authorities)))
    faults += [stamp for stamp in stamps if isinstance(stamp, Fault)]
    agreed = [head for head in outcome if isinstance(head, SignedHead) and head.at is not None]
    stamped = sum(not isinstance(stamp, Fault) for stamp in stamps)
    return _findings(session, entries, agreed, stamped, removed, faults)


def _findings(
    session: Session,
    entries: int,
    agreed: list[SignedHead],
    stamped: int,
    removed: Removed,
    faults: list[Fault],
) -> Findings:
    sealed = agreed[-1].head.size if agreed else 0
    told = session.execute(sa.select(LOG_HEAD.c.sealed)).scalar()
    if not faults and told != sealed:
        faults.append(Fault(told, "log_head", f"says that {told} entries are sealed, but {sealed} are"))
    return Findings(
        entries=entries,
        sealed=sealed,
        sealed_at=agreed[-1].at if agreed else None,
        checkpoints=len(agreed),
        stamped=stamped,
        removals=_counted(removed),
        faults=tuple(sorted(faults, key=lambda fault: (fault.index is None, fault.index or 0))),
    )


def _counted(removed: Removed) -> dict[str, int]:
    """Return how many things of each sort are gone on purpose."""
    sorts = Counter(
        f"{table} row" if what == "row" else f"{table} {what}"
        for table, keys in removed.items()
        for whats in keys.values()
        for what in whats
    )
    return dict(sorted(sorts.items()))


def _stamps(session: Session, authorities: tuple[x509.Certificate, ...]) -> Iterator[datetime | Fault]:
    """Yield when each stamped checkpoint was seen by its authority, or what is wrong with the stamp."""
    keys = sorted(all_keys(session, TIMESTAMP), key=int) if authorities else []
    stamps, stamped = raw_rows(session, TIMESTAMP, keys), raw_rows(session, CHECKPOINT, keys)
    for key in keys:
        stamp, checkpoint = stamps[key], stamped.get(key, RawRow({}, "is missing"))
        try:
            if problem := stamp.problem or checkpoint.problem:
                yield Fault(int(key) - 1, f"time stamp of checkpoint {key}", problem)
            else:
                yield checked_timestamp(stamp.values["response"], checkpoint.values["note"], authorities)
        except TimestampError as error:
            yield Fault(int(key) - 1, f"checkpoint {key}", str(error))


def _length(session: Session) -> tuple[int, list[Fault]]:
    """Return how many entries can be checked in a row, and what is wrong with the log's end."""
    told = session.execute(sa.select(LOG_HEAD.c.size)).scalar() or 0
    last = session.execute(sa.select(sa.func.max(LOG_ENTRY.c.leaf_index))).scalar()
    found = 0 if last is None else int(last) + 1
    if found < told:
        return found, [Fault(found, "log entry", f"is missing: there were {told}")]
    if found > told:
        return told, [Fault(told, "log entry", f"stands behind the end of the log: there were {told}")]
    return found, []


def _facts(session: Session, tree: TreeCheck, entries: int) -> Iterator[list[tuple[int, Fact | Fault]]]:
    """Yield what the entries say, or what is wrong with them, in batches."""
    for start in range(0, entries, BATCH):
        indexes = range(start, min(start + BATCH, entries))
        rows = raw_rows(session, LOG_ENTRY, [str(index) for index in indexes])
        yield [(index, tree.fact(index, rows.get(str(index)))) for index in indexes]


def _removal_facts(session: Session) -> Iterator[Fact]:
    query = sa.select(LOG_ENTRY.c.leaf_index).where(LOG_ENTRY.c.kind == REMOVAL)
    keys = [str(index) for index in session.execute(query).scalars()]
    for row in raw_rows(session, LOG_ENTRY, keys).values() if keys else ():
        try:
            entry = json.loads(row.values["entry"])
            yield Fact(REMOVAL, entry["key"], entry["row"])
        except (KeyError, ValueError):
            continue  # an entry that is no longer what was hashed is told in its turn
