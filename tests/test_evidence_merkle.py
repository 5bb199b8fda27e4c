"""The Merkle tree: against its definition written out naively, against every wrong proof, against vectors."""

import base64
import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.evidence.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    extended,
    frontier_root,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    node_hash,
    root,
)

VECTORS = Path(__file__).parent / "merkle_vectors"
"""The vectors of github.com/transparency-dev/merkle; the README there says which and under what licence."""

SIZES = range(1, 34)
LEAVES = [leaf_hash(str(number).encode()) for number in range(300)]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 9162 section 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = max(1 << power for power in range(10) if 1 << power < len(leaves))
    return sha256(b"\x01" + naive_root(leaves[:split]) + naive_root(leaves[split:])).digest()


def naive_inclusion(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """PATH of RFC 9162 section 2.1.3.1, word for word."""
    if len(leaves) == 1:
        return []
    split = max(1 << power for power in range(10) if 1 << power < len(leaves))
    if index < split:
        return [*naive_inclusion(index, leaves[:split]), naive_root(leaves[split:])]
    return [*naive_inclusion(index - split, leaves[split:]), naive_root(leaves[:split])]


def naive_consistency(old: int, leaves: Sequence[bytes], whole: bool = True) -> list[bytes]:
    """SUBPROOF of RFC 9162 section 2.1.4.1, word for word."""
    if old == len(leaves):
        return [] if whole else [naive_root(leaves)]
    split = max(1 << power for power in range(10) if 1 << power < len(leaves))
    if old <= split:
        return [*naive_consistency(old, leaves[:split], whole), naive_root(leaves[split:])]
    return [*naive_consistency(old - split, leaves[split:], False), naive_root(leaves[:split])]


def node(level: int, index: int) -> bytes:
    """The hash of a node over `LEAVES`."""
    return naive_root(LEAVES[index << level : (index + 1) << level])


def test_the_empty_tree_and_a_single_leaf_have_the_hashes_of_the_rfc() -> None:
    """The root of nothing is SHA-256 of nothing; a leaf is hashed behind 0x00, a node behind 0x01."""
    assert root(node, 0) == EMPTY_ROOT == frontier_root(Frontier())
    assert EMPTY_ROOT.hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert leaf_hash(b"").hex() == "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    assert node_hash(b"a", b"b") == sha256(b"\x01ab").digest()


def test_growing_leaf_by_leaf_gives_the_root_of_the_definition() -> None:
    """A frontier's root is the root of all leaves so far, and each step tells just the nodes it completes."""
    frontier = Frontier()
    known: dict[tuple[int, int], bytes] = {}

    def kept(level: int, index: int) -> bytes:
        return known[level, index]

    for number, leaf in enumerate(LEAVES):
        frontier, completed = extended(frontier, leaf)
        known |= {(level, number >> level): found for level, found in enumerate(completed)}
        assert frontier.size == number + 1
        assert frontier_root(frontier) == root(kept, number + 1)
    assert all(found == node(*name) for name, found in known.items())
    assert frontier_root(frontier) == naive_root(LEAVES)


@pytest.mark.parametrize("size", SIZES)
def test_inclusion_proofs_are_those_of_the_definition(size: int) -> None:
    """For each leaf of a tree the proof is the RFC's, and it convinces for that leaf and place alone."""
    top = naive_root(LEAVES[:size])
    for index in range(size):
        proof = inclusion_proof(node, index, size)
        assert list(proof) == naive_inclusion(index, LEAVES[:size])
        convinced = [
            (leaf, place)
            for leaf in range(size)
            for place in range(size)
            if is_included(LEAVES[leaf], place, size, proof, top)
        ]
        assert convinced == [(index, index)]


@pytest.mark.parametrize("new", SIZES)
def test_consistency_proofs_are_those_of_the_definition(new: int) -> None:
    """For each earlier size the proof is the RFC's, and it convinces for that size alone."""
    top = naive_root(LEAVES[:new])
    for old in range(1, new + 1):
        proof = consistency_proof(node, old, new)
        assert list(proof) == naive_consistency(old, LEAVES[:new])
        before = naive_root(LEAVES[:old])
        assert [size for size in range(new + 2) if is_consistent(size, new, proof, before, top)] == [old]
        assert not is_consistent(new, old, proof, top, before) or old == new


@given(st.integers(1, 300), st.data())
def test_a_proof_with_any_fault_convinces_nobody(size: int, data: st.DataObject) -> None:
    """One flipped bit, a hash left out, doubled or put in makes every proof fail."""
    index = data.draw(st.integers(0, size - 1))
    old = data.draw(st.integers(1, size))
    top, before = naive_root(LEAVES[:size]), naive_root(LEAVES[:old])
    inclusion, consistency = inclusion_proof(node, index, size), consistency_proof(node, old, size)

    assert is_included(LEAVES[index], index, size, inclusion, top)
    assert is_consistent(old, size, consistency, before, top)
    for wrong in faults(inclusion, data):
        assert not is_included(LEAVES[index], index, size, wrong, top)
    for wrong in faults(consistency, data):
        assert not is_consistent(old, size, wrong, before, top)


def faults(proof: tuple[bytes, ...], data: st.DataObject) -> list[tuple[bytes, ...]]:
    """Return spoilt copies of a proof."""
    spoilt = [(*proof, bytes(32)), (bytes(32), *proof)]
    if proof:
        place, bit = data.draw(st.integers(0, len(proof) - 1)), data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(proof[place], "big") ^ 1 << bit).to_bytes(32, "big")
        spoilt += [
            (*proof[:place], flipped, *proof[place + 1 :]),
            (*proof[:place], *proof[place + 1 :]),
            (*proof[:place], proof[place], *proof[place:]),
        ]
    return spoilt


def vectors(kind: str) -> dict[str, Any]:
    """Return the published cases of a kind by their paths."""
    cases: dict[str, Any] = json.loads((VECTORS / f"{kind}.json").read_text("utf-8"))
    assert len(cases) == 98
    return cases


def decoded(text: str | None) -> bytes:
    """Return a hash of a vector."""
    return base64.b64decode(text or "")


def test_the_published_inclusion_vectors_agree() -> None:
    """Every inclusion vector of transparency-dev/merkle is accepted or refused as it says."""
    disagreeing = []
    for name, case in vectors("inclusion").items():
        proof = [decoded(text) for text in case["proof"] or ()]
        where = (case["leafIdx"], case["treeSize"])
        if is_included(decoded(case["leafHash"]), *where, proof, decoded(case["root"])) == case["wantErr"]:
            disagreeing.append(name)
    assert disagreeing == []


def test_the_published_consistency_vectors_agree() -> None:
    """Every consistency vector of transparency-dev/merkle is accepted or refused as it says."""
    disagreeing = []
    for name, case in vectors("consistency").items():
        proof = [decoded(text) for text in case["proof"] or ()]
        roots = (decoded(case["root1"]), decoded(case["root2"]))
        if is_consistent(case["size1"], case["size2"], proof, *roots) == case["wantErr"]:
            disagreeing.append(name)
    assert disagreeing == []
