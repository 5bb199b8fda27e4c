"""The key by which our return paths are known to be ours, in a file that its owner alone can read."""

import os
import secrets
import stat
from pathlib import Path

from scraper.errors import SettingsError

_SIZE = 32


def mark_key(path: Path) -> bytes:
    """Return the key in that file, made where there is none; raises SettingsError where it cannot be used.

    With another key all reports about mails that are out already count as forged.
    """
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(f"{secrets.token_hex(_SIZE)}\n")
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise SettingsError(
                f"{path}: other users can read or write the key of return paths", f"Run `chmod 600 {path}`."
            )
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{path}: the key of return paths cannot be used: {error}",
            "Restore it, or remove it for a new one.",
        ) from error
    if len(key) != _SIZE:
        raise SettingsError(f"{path}: the key of return paths is cut short", "Restore it, or remove it.")
    return key
