"""SpamAssassin's scores, of many mails in one go."""

import re
import shutil
import subprocess
from collections.abc import Sequence
from email import message_from_bytes
from pathlib import Path

from tests.mail_laboratory.recipes import spamassassin

_SCORE = re.compile(r"score=(-?[0-9.]+)")
_PLACE = "X-Place"
_SEPARATOR = b"From nobody@example.net Sun Nov 29 12:00:00 2026\n"


def scores(folder: Path, messages: Sequence[bytes]) -> list[float]:
    """Return the score of each mail, without what it owes to our own network (ALL_TRUSTED)."""
    rules = folder / "spamassassin"
    if not rules.exists():
        rules.mkdir()
        for file in Path("/etc/spamassassin").glob("*.pre"):
            shutil.copy(file, rules)
        (rules / "local.cf").write_text(spamassassin())
    done = subprocess.run(
        ["spamassassin", "--test-mode", "--mbox", "--nocreate-prefs", f"--siteconfigpath={rules}"],
        input=b"\n".join(_numbered(number, one) for number, one in enumerate(messages)),
        capture_output=True,
        check=True,
    )
    found = dict(_score(one) for one in done.stdout.split(_SEPARATOR)[1:])  # in no order
    return [found[number] for number in range(len(messages))]


def _numbered(number: int, message: bytes) -> bytes:
    """Return a mail as part of an mbox, under a field of its own by which it is known again."""
    plain = message.replace(b"\r\n", b"\n").replace(b"\nFrom ", b"\n>From ")
    return _SEPARATOR + f"{_PLACE}: {number}\n".encode() + plain


def _score(message: bytes) -> tuple[int, float]:
    fields = message_from_bytes(message)
    status = str(fields["X-Spam-Status"])
    found = _SCORE.search(status)
    assert found is not None, status
    return int(fields[_PLACE]), float(found.group(1))
