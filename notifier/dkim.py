"""Signing mails so that receivers can tell them from forged ones: DKIM (RFC 6376, RFC 8301), and its key."""

import os
import re
import stat
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path
from textwrap import wrap

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from notifier.headers import Field
from scraper.errors import SettingsError

KEY_BITS = 2048
"""RFC 8301 asks for 1024 at least and advises 2048; a longer key does not fit into one DNS answer of old."""

OVERSIGNED = ("From", "To", "Subject", "Date")
"""Fields signed once more than they stand there, so that nobody can put a second one on top."""

_WIDTH = 72
_FOLD = "\r\n\t"
_FOLDS = re.compile(r"[ \t\r\n]+")
_BLANKS = re.compile(rb"[ \t]+")
_LINE_ENDS = re.compile(rb"[ \t]+(?=\r\n|\Z)")


@dataclass(frozen=True, slots=True)
class DkimKey:
    """The key of a domain under a selector, which names the DNS record that holds its public half."""

    domain: str
    selector: str
    private: rsa.RSAPrivateKey = field(repr=False)

    @property
    def record_name(self) -> str:
        """The name of the DNS record (TXT) that receivers look up."""
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        """The text of that record, in one piece; name servers cut it into strings of 255 bytes."""
        public = self.private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; h=sha256; k=rsa; p={b64encode(public).decode()}"


def create_dkim_key(path: Path, domain: str, selector: str) -> DkimKey:
    """Make a key in a file that its owner alone can read; raises SettingsError."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
    text = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(text)
    except OSError as error:
        raise SettingsError(
            f"{path}: no key for mails could be made: {error.strerror}", "Look at the data folder's rights."
        ) from error
    return DkimKey(domain, selector, key)


def read_dkim_key(path: Path, domain: str, selector: str) -> DkimKey:
    """Return the key in a file; raises SettingsError where it is none, or where others can read it too."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                f"{path}: other users can read or write the key that signs mails", f"Run `chmod 600 {path}`."
            )
        key = load_pem_private_key(path.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(
            f"{path}: the key that signs mails cannot be used: {error}",
            "Restore it, or move it away for a new one, whose DNS record `coopwatch doctor` prints.",
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise SettingsError(f"{path}: the key that signs mails is no RSA key", "Move it away for a new one.")
    return DkimKey(domain, selector, key)


def relaxed_body(pieces: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return a body, in pieces of whole lines, as it is hashed (RFC 6376, 3.4.4): blanks hardly count."""
    *others, last = (_BLANKS.sub(b" ", _LINE_ENDS.sub(b"", piece)) for piece in pieces)
    words = last.rstrip(b"\r\n")  # empty lines at the end do not count
    return (*others, words + b"\r\n" if words else b"")


def signature_field(key: DkimKey, fields: Sequence[Field], body_sha256: bytes, at: datetime) -> bytes:
    """Return the DKIM-Signature field of a message with these fields, each named once, and this relaxed body.

    Every field given is signed. The same arguments make the same bytes, as PKCS #1 v1.5 leaves no choice.
    """
    told = {
        "v": "1",
        "a": "rsa-sha256",
        "c": "relaxed/relaxed",
        "d": key.domain,
        "s": key.selector,
        "t": str(int(at.timestamp())),
        "h": _signed_names(tuple(name for name, _ in fields)),
        "bh": b64encode(body_sha256).decode(),
        "b": "",
    }
    bare = f";{_FOLD}".join(f"{tag}={value}" for tag, value in told.items())
    signed = b"".join(_relaxed_field(*one) for one in [*fields, ("DKIM-Signature", bare)])[: -len(b"\r\n")]
    signature = b64encode(key.private.sign(signed, padding.PKCS1v15(), SHA256())).decode()
    folded = _FOLD.join(signature[i : i + _WIDTH] for i in range(0, len(signature), _WIDTH))
    return f"DKIM-Signature: {bare}{folded}\r\n".encode("ascii")


@cache
def _signed_names(present: tuple[str, ...]) -> str:
    """Return the names of the signed fields, some once more than they stand there, in folded lines."""
    names = ": ".join((*present, *(name for name in OVERSIGNED if name in present)))
    return _FOLD.join(wrap(names, _WIDTH, break_on_hyphens=False))


def _relaxed_field(name: str, value: str) -> bytes:
    """Return a field as it is signed (RFC 6376, 3.4.2)."""
    return f"{name.lower()}:{_FOLDS.sub(' ', value).strip()}\r\n".encode()
