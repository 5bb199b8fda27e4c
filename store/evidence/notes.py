"""Signed notes and tree heads as text: C2SP signed-note and tlog-checkpoint, with Ed25519, all pure.

The texts of keys are those of C2SP (public) and of Go's sumdb/note (private), so that other tools read them.
"""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ED25519 = b"\x01"
"""The signature type that the specification assigns to plain Ed25519."""

KEY_SIZE = 32
ID_SIZE = 4
LONGEST = 1_000_000
"""No note that we wrote comes near this many characters; a longer one is refused unread."""

PRIVATE = "PRIVATE+KEY"


class NoteError(ValueError):
    """A note, key or checkpoint is not what the specification says, or its signature does not hold."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What a reader needs: the log's name and its public key, 32 bytes as in RFC 8032."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """The four bytes by which a signature line names its key."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:ID_SIZE]


@dataclass(frozen=True, slots=True)
class SignerKey:
    """What the log alone has: its name and its private key, 32 bytes as in RFC 8032; never shown."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(self.name, _private(self.seed).public_key().public_bytes_raw())


@dataclass(frozen=True, slots=True)
class TreeHead:
    """What a checkpoint says: which log, how many entries, and the root over them."""

    origin: str
    size: int
    root: bytes


def new_signer(name: str) -> SignerKey:
    """Return a new key for a log of that name; raises NoteError for a name that no note can carry."""
    return SignerKey(_checked_name(name), Ed25519PrivateKey.generate().private_bytes_raw())


def signer_text(key: SignerKey) -> str:
    """Return the private key as one line of text."""
    encoded = base64.b64encode(ED25519 + key.seed).decode()
    return f"{PRIVATE}+{key.name}+{key.verifier.id.hex()}+{encoded}"


def parse_signer(text: str) -> SignerKey:
    """Read what `signer_text` wrote; raises NoteError."""
    if not text.startswith(f"{PRIVATE}+"):
        raise NoteError("this is not a private key of a log")
    name, key_id, seed = _key_parts(text.removeprefix(f"{PRIVATE}+"))
    key = SignerKey(name, seed)
    if key.verifier.id != key_id:
        raise NoteError("the private key does not fit its own name")
    return key


def verifier_text(key: VerifierKey) -> str:
    """Return the public key as one line of text (a "vkey")."""
    return f"{key.name}+{key.id.hex()}+{base64.b64encode(ED25519 + key.public).decode()}"


def parse_verifier(text: str) -> VerifierKey:
    """Read what `verifier_text` wrote; raises NoteError."""
    name, key_id, public = _key_parts(text)
    key = VerifierKey(name, public)
    if key.id != key_id:
        raise NoteError("the public key does not fit its own name")
    return key


def public_pem(key: VerifierKey) -> str:
    """Return the public key in the form that `openssl` reads."""
    public = Ed25519PublicKey.from_public_bytes(key.public)
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signed_note(text: str, signer: SignerKey) -> str:
    """Return a note of that text, which must end in a newline, with one signature."""
    if not text.endswith("\n") or not _is_plain(text):
        raise NoteError("a note's text ends in a newline and has no control characters")
    signature = _private(signer.seed).sign(text.encode())
    encoded = base64.b64encode(signer.verifier.id + signature).decode()
    return f"{text}\n— {signer.name} {encoded}\n"


def note_text(note: str, verifiers: Iterable[VerifierKey]) -> str:
    """Return the text of a note that one of the keys has signed.

    Raises NoteError where none has, or where a signature under one of their names and ids does not hold.
    Signatures of others are passed over.
    """
    text, lines = _parted(note)
    known = {(key.name, key.id): key for key in verifiers}
    holding = 0
    for line in lines:
        name, key_id, signature = _signature(line)
        if key := known.get((name, key_id)):
            _check(key, signature, text)
            holding += 1
    if not holding:
        raise NoteError("no known key has signed this note")
    return text


def tree_head_text(head: TreeHead) -> str:
    """Return the text of a checkpoint."""
    return f"{_checked_name(head.origin)}\n{head.size}\n{base64.b64encode(head.root).decode()}\n"


def parse_tree_head(text: str) -> TreeHead:
    """Read a checkpoint's text; raises NoteError. Extension lines are refused: this log writes none."""
    lines = text.split("\n")
    if len(lines) != 4 or not lines[0] or lines[3]:
        raise NoteError("a checkpoint has three lines: origin, size, root")
    origin, size, root = lines[:3]
    if not (size.isascii() and size.isdigit()) or str(int(size)) != size:
        raise NoteError(f"{size[:40]!r} is not a tree size")
    root_hash = _decoded(root)
    if len(root_hash) != KEY_SIZE:
        raise NoteError("the root hash is not 32 bytes long")
    return TreeHead(origin, int(size), root_hash)


def checkpoint(head: TreeHead, signer: SignerKey) -> str:
    """Return the signed note of a tree head."""
    return signed_note(tree_head_text(head), signer)


def checked_head(note: str, verifiers: Iterable[VerifierKey]) -> TreeHead:
    """Return the tree head that a checkpoint states, its signature checked; raises NoteError."""
    known = tuple(verifiers)
    head = parse_tree_head(note_text(note, known))
    if head.origin not in {key.name for key in known}:
        raise NoteError(f"the checkpoint is of another log: {head.origin}")
    return head


def _private(seed: bytes) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seed)


def _key_parts(text: str) -> tuple[str, bytes, bytes]:
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise NoteError("a key has a name, an id and its material, joined by +")
    name, key_id, material = parts
    decoded = _decoded(material)
    if decoded[:1] != ED25519 or len(decoded) != 1 + KEY_SIZE:
        raise NoteError("this is not an Ed25519 key")
    try:
        return _checked_name(name), bytes.fromhex(key_id), decoded[1:]
    except ValueError as error:
        raise NoteError(f"the key is malformed: {error}") from error


def _checked_name(name: str) -> str:
    if not name or "+" in name or any(character.isspace() for character in name) or not _is_plain(name):
        raise NoteError("a log's name is not empty and has neither spaces nor +")
    return name


def _is_plain(text: str) -> bool:
    return all(character >= " " or character == "\n" for character in text)


def _parted(note: str) -> tuple[str, list[str]]:
    if len(note) > LONGEST or not _is_plain(note):
        raise NoteError("this is not a note")
    text, gap, signatures = note.rpartition("\n\n")
    if not gap or not signatures.endswith("\n"):
        raise NoteError("a note has a text, an empty line and signatures")
    return f"{text}\n", signatures[:-1].split("\n")


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = line.split(" ")
    if len(parts) != 3 or parts[0] != "—" or not parts[1]:
        raise NoteError("a signature line is malformed")
    decoded = _decoded(parts[2])
    if len(decoded) <= ID_SIZE:
        raise NoteError("a signature is too short")
    return parts[1], decoded[:ID_SIZE], decoded[ID_SIZE:]


def _check(key: VerifierKey, signature: bytes, text: str) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(signature, text.encode())
    except InvalidSignature as error:
        raise NoteError(f"the signature of {key.name} does not hold") from error


def _decoded(text: str) -> bytes:
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteError("this is not base64") from error
    # The last character may carry bits that mean nothing: only one spelling is taken.
    if base64.b64encode(decoded).decode() != text:
        raise NoteError("this is not canonical base64")
    return decoded
