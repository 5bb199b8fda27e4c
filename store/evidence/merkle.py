"""The Merkle tree of RFC 9162 section 2.1 with SHA-256: roots, proofs and their verification, all pure.

A node is named (level, index): the root of the complete subtree over the leaves from `index * 2**level` on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()

NodeHash = Callable[[int, int], bytes]
"""Gives the hash of the node (level, index) from wherever it is kept."""


@dataclass(frozen=True, slots=True)
class Frontier:
    """All of a tree that growing it takes: its size, and its complete subtrees' roots, largest first."""

    size: int = 0
    peaks: tuple[bytes, ...] = ()


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf; the prefix keeps leaves and nodes from being taken for each other."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of the node above two others."""
    return sha256(b"\x01" + left + right).digest()


def extended(frontier: Frontier, leaf: bytes) -> tuple[Frontier, tuple[bytes, ...]]:
    """Return the frontier with one more leaf, and the hashes of the nodes which that leaf completes.

    These are the nodes of levels 0, 1, 2 … whose last leaf it is.
    """
    peaks = list(frontier.peaks)
    completed = [leaf]
    while frontier.size >> (len(completed) - 1) & 1:
        completed.append(node_hash(peaks.pop(), completed[-1]))
    return Frontier(frontier.size + 1, (*peaks, completed[-1])), tuple(completed)


def frontier_root(frontier: Frontier) -> bytes:
    """Return the root of the tree."""
    return _folded(frontier.peaks) if frontier.peaks else EMPTY_ROOT


def peaks(start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the complete subtrees over the leaves `start` to `end`, largest first, as nodes."""
    while start < end:
        level = (end - start).bit_length() - 1
        yield level, start >> level
        start += 1 << level


def root(node: NodeHash, size: int) -> bytes:
    """Return the root of the tree's first `size` leaves."""
    return _range_root(node, 0, size) if size else EMPTY_ROOT


def inclusion_proof(node: NodeHash, index: int, size: int) -> tuple[bytes, ...]:
    """Return the proof that leaf `index` is in the tree of `size` leaves (RFC 9162 section 2.1.3.1)."""
    start, end = 0, size
    path: list[bytes] = []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_range_root(node, middle, end))
            end = middle
        else:
            path.append(_range_root(node, start, middle))
            start = middle
    return tuple(reversed(path))


def consistency_proof(node: NodeHash, old: int, new: int) -> tuple[bytes, ...]:
    """Return the proof that the tree of `new` leaves begins with that of `old` >= 1 (section 2.1.4.1)."""
    if old == new:
        return ()
    start, end = 0, new
    path: list[bytes] = []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_root(node, middle, end))
            end = middle
        else:
            path.append(_range_root(node, start, middle))
            start = middle
    if start:
        path.append(_range_root(node, start, end))
    return tuple(reversed(path))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root_hash: bytes) -> bool:
    """Say whether the proof shows that the leaf is number `index` of the tree (section 2.1.3.2)."""
    if not 0 <= index < size or len(leaf) != HASH_SIZE:
        return False
    place, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and found == root_hash


def is_consistent(old: int, new: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes) -> bool:
    """Say whether the proof shows that the tree of `new` leaves begins with that of `old` (2.1.4.2).

    A tree begins with itself, without a proof. That it begins with the empty tree says nothing about it, so
    this is refused (as the transparency-dev vectors have it).
    """
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = (old_root, *proof) if old & (old - 1) == 0 else tuple(proof)
    return bool(path) and _leads_to_both(old, new, path, old_root, new_root)


def _leads_to_both(old: int, new: int, path: tuple[bytes, ...], old_root: bytes, new_root: bytes) -> bool:
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_found = new_found = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _split(count: int) -> int:
    """Return the largest power of two below `count`: how many leaves stand left of the middle."""
    return 1 << (count - 1).bit_length() - 1


def _range_root(node: NodeHash, start: int, end: int) -> bytes:
    return _folded([node(level, index) for level, index in peaks(start, end)])


def _folded(hashes: Sequence[bytes]) -> bytes:
    found = hashes[-1]
    for left in reversed(hashes[:-1]):
        found = node_hash(left, found)
    return found
