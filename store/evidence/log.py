"""The log itself: entries appended in the caller's transaction, and proofs about them from stored hashes."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import sqlalchemy as sa

from scraper.errors import DatabaseError
from store.database import Session
from store.evidence import merkle
from store.evidence.canonical import Plain, canonical_json
from store.evidence.log_tables import LOG_ENTRY, LOG_HEAD

Key = TypeVar("Key", str, int)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to be logged: `row` is what is so, `kind` and `key` say of what."""

    kind: str
    key: str
    row: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A logged fact; `text` is the canonical JSON that was hashed."""

    index: int
    kind: str
    key: str
    text: str

    @property
    def row(self) -> Mapping[str, Plain]:
        """What is so, as the text says it."""
        row: Mapping[str, Plain] = json.loads(self.text)["row"]
        return row


def append(session: Session, facts: Iterable[Fact]) -> None:
    """Log facts in their order, in the caller's transaction; call it last, for it locks the log's end."""
    new = tuple(facts)
    if not new:
        return
    first = _take_places(session, len(new))
    frontier = _frontier(session, first)
    rows = []
    for index, fact in enumerate(new, first):
        text = entry_text(index, fact)
        frontier, completed = merkle.extended(frontier, merkle.leaf_hash(text.encode()))
        place = {"leaf_index": index, "kind": fact.kind, "key": fact.key}
        rows.append({**place, "entry": text, "hashes": b"".join(completed)})
    session.execute(sa.insert(LOG_ENTRY), rows)


def entry_text(index: int, fact: Fact) -> str:
    """Return the canonical JSON of a fact at its place."""
    return canonical_json({"index": index, "key": fact.key, "kind": fact.kind, "row": fact.row})


def log_size(session: Session) -> int:
    """Return the number of entries."""
    return int(session.execute(sa.select(LOG_HEAD.c.size)).scalar_one())


def log_entries(session: Session, kind: str, keys: Iterable[str]) -> tuple[LogEntry, ...]:
    """Return what is logged of these things, in the order of the log."""
    query = (
        sa.select(LOG_ENTRY)
        .where(LOG_ENTRY.c.kind == kind, LOG_ENTRY.c.key.in_(sa.bindparam("keys", expanding=True)))
        .order_by(LOG_ENTRY.c.leaf_index)
    )
    return tuple(
        LogEntry(row.leaf_index, row.kind, row.key, row.entry)
        for chosen in batches(sorted(set(keys)))
        for row in session.execute(query, {"keys": chosen})
    )


def batches(keys: Sequence[Key], most: int = 500) -> Iterator[Sequence[Key]]:
    """Yield the keys in portions that fit into one statement's parameters."""
    return (keys[start : start + most] for start in range(0, len(keys), most))


def log_root(session: Session, size: int) -> bytes:
    """Return the root over the first `size` entries."""
    return merkle.root(_nodes(session), size)


def inclusion_proofs(session: Session, indexes: Iterable[int], size: int) -> dict[int, tuple[bytes, ...]]:
    """Return for each entry the proof that the tree of `size` entries holds it."""
    nodes = _nodes(session)
    return {index: merkle.inclusion_proof(nodes, index, size) for index in indexes}


def consistency_proofs(session: Session, olds: Iterable[int], new: int) -> dict[int, tuple[bytes, ...]]:
    """Return for each earlier size, at least 1, the proof that the tree of `new` entries continues it."""
    nodes = _nodes(session)
    return {old: merkle.consistency_proof(nodes, old, new) for old in olds}


# Every entry takes these, so they are built once.
_TAKE_PLACES = (
    sa.update(LOG_HEAD).values(size=LOG_HEAD.c.size + sa.bindparam("count")).returning(LOG_HEAD.c.size)
)
_HASHES = sa.select(LOG_ENTRY.c.leaf_index, LOG_ENTRY.c.hashes).where(
    LOG_ENTRY.c.leaf_index.in_(sa.bindparam("leaves", expanding=True))
)


def _take_places(session: Session, count: int) -> int:
    return int(session.execute(_TAKE_PLACES, {"count": count}).scalar_one()) - count


def _frontier(session: Session, size: int) -> merkle.Frontier:
    nodes = list(merkle.peaks(0, size))
    last_leaves = [((index + 1) << level) - 1 for level, index in nodes]
    found = {row.leaf_index: row.hashes for row in session.execute(_HASHES, {"leaves": last_leaves})}
    hashes = tuple(_part(found.get(leaf), level) for (level, _), leaf in zip(nodes, last_leaves, strict=True))
    return merkle.Frontier(size, hashes)


def _nodes(session: Session) -> merkle.NodeHash:
    query = sa.select(LOG_ENTRY.c.hashes).where(LOG_ENTRY.c.leaf_index == sa.bindparam("leaf"))

    @cache
    def node(level: int, index: int) -> bytes:
        return _part(session.execute(query, {"leaf": ((index + 1) << level) - 1}).scalar(), level)

    return node


def _part(hashes: bytes | None, level: int) -> bytes:
    start = level * merkle.HASH_SIZE
    part = (hashes or b"")[start : start + merkle.HASH_SIZE]
    if len(part) != merkle.HASH_SIZE:
        raise DatabaseError("the evidence log has a hole", "Run `coopwatch verify` to see where.")
    return part
