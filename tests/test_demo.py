"""The demo, as a newcomer runs it: a process of its own, its mailbox read afterwards."""

import random
import re
import signal
import subprocess
import time
from pathlib import Path

from cli.demo.mailbox import Letter, letters
from tests.commands import COOPWATCH, coopwatch, coopwatch_process, environment


def mails(data: Path) -> tuple[Letter, ...]:
    """Return what arrived in the demo's mailbox."""
    return letters(data / "demo" / "mailbox")


def text_of(letter: Letter) -> str:
    """Return the plain-text part of a mail."""
    body = letter.message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def table_of(output: str) -> str:
    """Return the printed tables without what depends on the time of the run."""
    return re.sub(r"\d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d", "WHEN", output.split("The mailbox:", maxsplit=1)[0])


def test_the_demos_digests_tell_what_changed_and_nothing_else(tmp_path: Path) -> None:
    """Two mails: MC2CM's five changes with the project in Gambia, and later one conclusion."""
    run = coopwatch_process("demo", "--once", "--data", tmp_path)

    assert run.returncode == 0, run.stderr
    first, second = mails(tmp_path)
    told = text_of(first)
    for words in (
        "Mediterranean City to City Migration",
        "PROGETTO MC2CM - seconda fase",
        "in fase di avvio",
        "in corso",
        "AREA MEDITERRANEA",
        "Commissione europea",
        "stakeholder",
        "RAGAZZI IN GAMBIA",
    ):
        assert words in told, told
    assert "2021" not in told
    assert "Plastica" not in told
    assert "100% Plastica" in text_of(second)
    assert "MC2CM" not in text_of(second)


def test_a_finished_demo_starts_anew_and_tells_the_same(tmp_path: Path) -> None:
    """A second run prints the same tables and leaves the same subjects in the mailbox."""
    first = coopwatch("demo", "--once", "--data", tmp_path)
    subjects = [str(letter.message["Subject"]) for letter in mails(tmp_path)]
    second = coopwatch("demo", "--once", "--data", tmp_path)

    assert table_of(first.stdout) == table_of(second.stdout)
    assert [str(letter.message["Subject"]) for letter in mails(tmp_path)] == subjects


def test_a_running_demo_keeps_its_folder(tmp_path: Path) -> None:
    """A second one is refused with a hint, and the first one goes on undisturbed."""
    command = [str(COOPWATCH), "demo", "--once", "--data", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment()) as first:
        while not (tmp_path / "demo" / "coopwatch.db").exists() and first.poll() is None:
            time.sleep(0.05)
        second = coopwatch("demo", "--once", "--data", tmp_path)
    assert second.returncode == 1
    assert "a demo is running in" in second.stderr and "--data" in second.stderr
    assert first.returncode == 0 and len(mails(tmp_path)) == 2


def test_a_demo_killed_at_any_moment_resumes_and_loses_nothing(tmp_path: Path) -> None:
    """After kills at random instants every digest is there; a repeated one is the same message."""
    whole = tmp_path / "whole"
    assert coopwatch("demo", "--once", "--data", whole).returncode == 0
    dice = random.Random(20181112)
    killed = tmp_path / "killed"
    for _ in range(12):
        process = subprocess.Popen(
            [COOPWATCH, "demo", "--once", "--data", killed],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment(),
        )
        time.sleep(dice.uniform(0.8, 2.5))
        process.send_signal(signal.SIGKILL)
        process.wait()
        if (killed / "demo" / "finished").exists():
            break
    last = coopwatch_process("demo", "--once", "--data", killed)

    assert last.returncode == 0, last.stderr
    arrived = {str(letter.message["Message-ID"]): letter.raw for letter in mails(killed)}
    assert len(arrived) == len(mails(whole))
    for letter in mails(killed):
        assert letter.raw == arrived[str(letter.message["Message-ID"])]
