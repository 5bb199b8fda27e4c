"""Checkpoints that somebody kept: read from a note or a mail, and held against the log of today."""

import base64
import binascii
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.policy import default

from scraper.errors import EvidenceError, UnreadableError
from store.database import Session
from store.evidence.log import consistency_proofs, log_root
from store.evidence.merkle import HASH_SIZE, is_consistent
from store.evidence.notes import NoteError, TreeHead, VerifierKey, checked_head, parse_tree_head
from store.evidence.seals import last_checkpoint

_LINE = re.compile(r"(?<!\d)([1-9]\d{0,14})(?!\d)[^\d]{1,60}?(?<![A-Za-z0-9+/])([A-Za-z0-9+/]{43}=)")
"""How a digest names a checkpoint, in whatever language: a number of entries, and soon after it a root."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """That the log, `size` entries sealed at `at`, begins with the `kept` ones, and the proof of it."""

    kept: TreeHead
    size: int
    at: datetime
    proof: tuple[bytes, ...]


def head_line(head: TreeHead) -> str:
    """Return a head in one line, as digests carry it: log, number of entries, root."""
    return f"{head.origin}, {head.size}, {base64.b64encode(head.root).decode()}"


def last_head_line(session: Session) -> str:
    """Return the line of the last checkpoint; nothing before the first."""
    last = last_checkpoint(session)
    return "" if last is None else head_line(parse_tree_head(last.note.partition("\n\n")[0] + "\n"))


def kept_head(content: bytes, verifiers: Iterable[VerifierKey], origin: str) -> TreeHead:
    """Return the head that a kept file states: a signed note, a saved mail, or any text with a digest's line.

    A note's signature must hold. Raises UnreadableError for a file that states none.
    """
    text = content.decode("utf-8", "replace").replace("\r\n", "\n")
    if text.lstrip().startswith(f"{origin}\n"):
        try:
            return checked_head(text.strip() + "\n", verifiers)
        except NoteError as error:
            raise UnreadableError(f"the checkpoint cannot be believed: {error}") from error
    found = _LINE.search(text) or _LINE.search(_mail_text(content))
    root = _decoded(found.group(2)) if found else b""
    if found is None or len(root) != HASH_SIZE:
        raise UnreadableError(
            "there is no checkpoint in this file",
            "Save the page /checkpoint, or a digest with its last lines.",
        )
    return TreeHead(origin, int(found.group(1)), root)


def agreement(session: Session, kept: TreeHead, verifiers: Iterable[VerifierKey]) -> Agreement:
    """Return the proof that the log only grew since a kept head; raises EvidenceError where it did not.

    This proves the log's tree alone; that the tables are as logged is for `verify`.
    """
    last = last_checkpoint(session)
    if last is None:
        raise EvidenceError("the evidence log was never sealed", "A kept checkpoint is of another log.")
    try:
        head = checked_head(last.note, verifiers)
    except NoteError as error:
        raise _rewritten(f"its last checkpoint cannot be believed: {error}") from error
    if log_root(session, head.size) != head.root:
        raise _rewritten("its entries no longer have the root that was signed last")
    if kept.size > head.size:
        raise _rewritten(f"it has {head.size} sealed entries, the kept checkpoint covers {kept.size}")
    proof = consistency_proofs(session, [kept.size], head.size)[kept.size]
    if not is_consistent(kept.size, head.size, proof, kept.root, head.root):
        raise _rewritten(f"its first {kept.size} entries are not those of the kept checkpoint")
    return Agreement(kept, head.size, last.at, proof)


def _mail_text(content: bytes) -> str:
    """Return the words of a saved mail, whose lines and letters its encoding may have taken apart."""
    body = message_from_bytes(content, policy=default).get_body(("plain", "html"))
    return str(body.get_content()) if body is not None else ""


def _decoded(root: str) -> bytes:
    try:
        return base64.b64decode(root, validate=True)
    except binascii.Error:
        return b""


def _rewritten(problem: str) -> EvidenceError:
    return EvidenceError(
        f"the evidence log does not continue the kept checkpoint: {problem}",
        "Keep both: history was rewritten, or a backup put back. `coopwatch verify` says more.",
    )
