"""The log's signing key in a file of its own, outside the database, that nobody but its owner can read."""

import os
import stat
from pathlib import Path

from scraper.errors import SettingsError
from store.evidence.notes import (
    NoteError,
    SignerKey,
    VerifierKey,
    new_signer,
    parse_signer,
    parse_verifier,
    signer_text,
    verifier_text,
)


def create_key(path: Path, origin: str) -> SignerKey:
    """Make a key for the log of that name, and beside it, as `.pub`, the public half for readers.

    `origin` is an address without its scheme ("coopwatch.example.org/log") and stays the log's name for
    ever. Raises SettingsError where there is a key already or the name is no good.
    """
    try:
        key = new_signer(origin)
        path.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(f"{signer_text(key)}\n")
        public_path(path).write_text(f"{verifier_text(key.verifier)}\n", "utf-8")
    except FileExistsError as error:
        raise SettingsError(
            f"{path}: there is a signing key already", "A log keeps its key: move it away first."
        ) from error
    except (NoteError, OSError) as error:
        raise SettingsError(f"{path}: no signing key could be made: {error}") from error
    return key


def read_key(path: Path) -> SignerKey:
    """Return the key that `create_key` made; raises SettingsError where others can read it too."""
    try:
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                f"{path}: other users can read or write the signing key", f"Run `chmod 600 {path}`."
            )
        return parse_signer(path.read_text("utf-8").strip())
    except (NoteError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{path}: the signing key cannot be used: {error}", "Restore it from where you keep it safe."
        ) from error


def read_verifier(path: Path) -> VerifierKey:
    """Return the public key in a file; raises SettingsError."""
    try:
        return parse_verifier(path.read_text("utf-8").strip())
    except (NoteError, OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the public key cannot be used: {error}") from error


def public_path(path: Path) -> Path:
    """Return where the public half of a signing key lies."""
    return path.with_name(f"{path.name}.pub")
