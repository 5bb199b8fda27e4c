"""Running the command line as a person does: a process of its own, its output and its exit status."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

COOPWATCH = Path(sys.executable).parent / "coopwatch"


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment without any setting of coopwatch, and with `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COOPWATCH_")}
    return kept | {"COLUMNS": "200", **(extra or {})}


def coopwatch(
    *words: str | Path, env: Mapping[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end, at most a minute."""
    return subprocess.run(
        [COOPWATCH, *map(str, words)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
        env=environment(env),
        cwd=cwd,
    )
