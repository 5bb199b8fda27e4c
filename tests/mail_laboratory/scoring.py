"""The scores that SpamAssassin and rspamd give to mails."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from email import message_from_bytes
from http.client import HTTPConnection
from pathlib import Path

from tests.mail_laboratory.recipes import NAME, RSPAMD_PORT, spamassassin

BELIEVED = {"R_SPF_ALLOW", "R_DKIM_ALLOW", "DMARC_POLICY_ALLOW"}
"""The rules by which rspamd says that it believes who wrote."""

_SCORE = re.compile(r"score=(-?[0-9.]+)")
_PLACE = "X-Place"
_SEPARATOR = b"From nobody@example.net Sun Nov 29 12:00:00 2026\n"


def assassin_scores(folder: Path, messages: Sequence[bytes]) -> list[float]:
    """Return SpamAssassin's score of each mail, without what it owes to our own network (ALL_TRUSTED)."""
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


def is_believed(message: bytes) -> bool:
    """Say whether rspamd, which takes longest to start, answers and knows who wrote."""
    with suppress(ConnectionError):
        return _rules(message).keys() >= BELIEVED
    return False


def rspamd_scores(messages: Sequence[bytes]) -> list[float]:
    """Return rspamd's score of each mail."""
    return [sum(_rules(one).values()) for one in messages]


def _rules(message: bytes) -> Mapping[str, float]:
    """Return the rules that a mail meets, each with its score."""
    sender = str(message_from_bytes(message)["Return-Path"]).strip("<>")
    origin = {"IP": "127.0.0.1", "Helo": NAME, "Hostname": NAME, "From": sender}
    connection = HTTPConnection("127.0.0.1", RSPAMD_PORT, timeout=60)
    connection.request("POST", "/checkv2", message, origin)
    answer = json.loads(connection.getresponse().read())
    connection.close()
    return {name: rule["score"] for name, rule in answer["symbols"].items()}
