"""Subjects before a decoder that shares nothing with Python's: libmime, on Node."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from notifier.headers import subject_value
from tests.test_mail_checks import subjects

pytestmark = pytest.mark.browser

DECODER = Path(__file__).parent.parent.parent / ".venv" / "npm" / "node_modules" / "libmime"
SCRIPT = Path(__file__).parent / "decode_subjects.js"


def decoded(values: list[str]) -> list[str]:
    """Return what libmime reads in header values."""
    if not DECODER.exists():
        pytest.skip("no libmime: `make test-browser` installs it")
    command = ["node", str(SCRIPT), str(DECODER)]
    run = subprocess.run(command, input=json.dumps(values), check=True, capture_output=True, text=True)
    return [str(one) for one in json.loads(run.stdout)]


def test_check_04_subjects_survive_an_independent_decoder() -> None:
    """All 50,000 come out letter by letter as they were meant."""
    made = list(subjects(50_000))
    meant = [" ".join(re.sub("[\u200b-\u200f\u202a-\u202e]", "", one).split()) for one in made]
    told = decoded([subject_value(one) for one in made])
    wrong = [pair for pair in zip(told, meant, strict=True) if pair[0] != pair[1]]
    assert (len(wrong), wrong[:3]) == (0, [])


def test_the_decoder_would_see_a_lost_blank() -> None:
    """The check above can fail: this is how Python's newer writer loses one."""
    assert decoded(["=?utf-8?q?citt=C3=A0?=\r\n =?utf-8?q?nuova?="]) == ["cittànuova"]
