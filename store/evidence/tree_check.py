"""Checking the log against itself: each entry in its place, and the tree under its signed heads."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from store.database import Session
from store.evidence import merkle
from store.evidence.canonical import instant
from store.evidence.findings import Fault
from store.evidence.log import Fact
from store.evidence.log_tables import CHECKPOINT
from store.evidence.notes import NoteError, TreeHead, VerifierKey, checked_head
from store.evidence.raw_rows import RawRow, all_keys, raw_rows
from store.evidence.seals import SEAL


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A checkpoint to be held against the log; `at` is None for one that somebody else has kept."""

    name: str
    head: TreeHead
    at: datetime | None


class TreeCheck:
    """Grows the tree again from the entries' texts, and remembers its roots at the sizes asked for."""

    def __init__(self, sizes: Iterable[int]) -> None:
        self.roots: dict[int, bytes] = {}
        self.seals: dict[int, Fact] = {}
        self._sizes = set(sizes)
        self._frontier = merkle.Frontier()
        self._whole = True

    def fact(self, index: int, row: RawRow | None) -> Fact | Fault:
        """Return what entry `index` says, or what is wrong with it."""
        if row is None or row.problem:
            self._whole = False
            return Fault(index, "log entry", (row and row.problem) or "is missing")
        if not self._stands(row.values["entry"], row.values["hashes"]):
            self._whole = False
            return Fault(index, "log entry", "is not what was hashed")
        if self._whole and self._frontier.size in self._sizes:
            self.roots[self._frontier.size] = merkle.frontier_root(self._frontier)
        return self._parsed(index, row.values)

    def _stands(self, text: str, hashes: bytes) -> bool:
        leaf = merkle.leaf_hash(text.encode())
        if not self._whole:
            # Behind a first fault the tree cannot be grown on; an entry still has to have its own hash.
            return hashes[: merkle.HASH_SIZE] == leaf
        self._frontier, completed = merkle.extended(self._frontier, leaf)
        return hashes == b"".join(completed)

    def _parsed(self, index: int, values: Mapping[str, str]) -> Fact | Fault:
        try:
            entry = json.loads(values["entry"])
            fact = Fact(entry["kind"], entry["key"], dict(entry["row"]))
            place = entry["index"]
        except (KeyError, TypeError, ValueError):
            return Fault(index, "log entry", "says nothing that can be read")
        if (place, fact.kind, fact.key) != (index, values["kind"], values["key"]):
            return Fault(index, "log entry", "stands in another place or under another name")
        if fact.kind == SEAL:
            self.seals[index] = fact
        return fact


def stored_heads(session: Session, verifiers: tuple[VerifierKey, ...]) -> Iterator[SignedHead | Fault]:
    """Yield the log's own checkpoints, oldest first, or what is wrong with them."""
    keys = sorted(all_keys(session, CHECKPOINT), key=int)
    rows = raw_rows(session, CHECKPOINT, keys)
    for key in keys:
        row, last = rows[key], int(key) - 1
        if row.problem:
            yield Fault(last, f"checkpoint {key}", row.problem)
            continue
        try:
            head = checked_head(row.values["note"], verifiers)
        except NoteError as error:
            yield Fault(last, f"checkpoint {key}", f"cannot be believed: {error}")
            continue
        if head.size == row.values["size"]:
            yield SignedHead(f"checkpoint {key}", head, row.values["at"])
        else:
            yield Fault(head.size - 1, f"checkpoint {key}", f"is signed for {head.size} entries")


def witnessed_heads(notes: Iterable[str], verifiers: tuple[VerifierKey, ...]) -> Iterator[SignedHead | Fault]:
    """Yield the checkpoints that somebody outside has kept, or what is wrong with them."""
    for number, note in enumerate(notes, 1):
        try:
            head = checked_head(note, verifiers)
        except NoteError as error:
            yield Fault(None, f"kept checkpoint {number}", f"cannot be believed: {error}")
            continue
        yield SignedHead(f"kept checkpoint of {head.size} entries", head, None)


def held_against(tree: TreeCheck, heads: Iterable[SignedHead], entries: int) -> Iterator[SignedHead | Fault]:
    """Yield the signed heads that the log bears out, and a fault for each that it does not."""
    agreed = 0
    for signed in sorted(heads, key=lambda signed: signed.head.size):
        size = signed.head.size
        if size > entries:
            yield Fault(entries, "log entry", f"is missing: {signed.name} covers {size} entries")
        elif size not in tree.roots:
            continue  # a fault before it is reported already
        elif tree.roots[size] != signed.head.root:
            yield Fault(
                agreed, f"one of the entries {agreed} to {size - 1}", f"was not so under {signed.name}"
            )
        elif signed.at is not None and not _is_sealed(tree, signed):
            yield Fault(size - 1, signed.name, "has another date than was sealed")
        else:
            agreed = size
            yield signed


def missing_checkpoints(tree: TreeCheck, heads: Iterable[SignedHead | Fault]) -> Iterator[Fault]:
    """Yield a fault for every sealing that has left no checkpoint."""
    known = {
        head.index if isinstance(head, Fault) else head.head.size - 1
        for head in heads
        if isinstance(head, Fault) or head.at is not None
    }
    for index in sorted(set(tree.seals) - known):
        yield Fault(index, f"checkpoint {index + 1}", "is missing")


def _is_sealed(tree: TreeCheck, signed: SignedHead) -> bool:
    seal = tree.seals.get(signed.head.size - 1)
    return seal is not None and signed.at is not None and seal.row.get("at") == instant(signed.at)
