"""Running the command line: in this process for its words, in one of its own where that is the point."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from cli.main import main

COOPWATCH = Path(sys.executable).parent / "coopwatch"


@dataclass(frozen=True, slots=True)
class Run:
    """What a command printed, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without any setting of coopwatch, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COOPWATCH_")}
    return kept | {"COLUMNS": "200", **(extra or {})}


def coopwatch(*words: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Run:
    """Run one command to its end, as `coopwatch WORDS…` does."""
    stdout, stderr = io.StringIO(), io.StringIO()
    status = 0
    with _standing(words, environment(env), cwd), redirect_stdout(stdout), redirect_stderr(stderr):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Run(status, stdout.getvalue(), stderr.getvalue())


def coopwatch_process(*words: str | Path, env: Mapping[str, str] | None = None) -> Run:
    """Run one command in a process of its own, at most two minutes."""
    command = [str(COOPWATCH), *map(str, words)]
    run = subprocess.run(
        command, check=False, capture_output=True, text=True, timeout=120, env=environment(env)
    )
    return Run(run.returncode, run.stdout, run.stderr)


@contextmanager
def _standing(words: tuple[str | Path, ...], environ: dict[str, str], cwd: Path | None) -> Iterator[None]:
    """Let this process look as one that was started with these words, environment and folder."""
    argv, before = sys.argv, dict(os.environ)
    sys.argv = ["coopwatch", *map(str, words)]
    os.environ.clear()
    os.environ.update(environ)
    try:
        with chdir(cwd or Path.cwd()):
            yield
    finally:
        sys.argv = argv
        os.environ.clear()
        os.environ.update(before)
