"""Processes of their own that the store's tests start together, wait for, or kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


def python(script: str, *arguments: str, path: Path = ROOT) -> subprocess.Popen[str]:
    """Run a script in a process of its own, with the modules of `path` first."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(path), str(ROOT)))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def finished(process: subprocess.Popen[str]) -> str:
    """Wait for a process that must end well, and return what it printed."""
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return printed.strip()


def together(processes: Sequence[subprocess.Popen[str]]) -> list[str]:
    """Let processes that print "ready" and wait for a line go at one instant; return what they print."""
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "ready"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    return [finished(process) for process in processes]


def killed_at_its_word(process: subprocess.Popen[str]) -> None:
    """Wait for the first line that a process prints, then kill it where it stands."""
    with process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "now"
        process.send_signal(signal.SIGKILL)
        process.wait()
