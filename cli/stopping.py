"""How a command ends that the machine tells to stop."""

import signal
import sys

TOLD_TO_STOP = 143
"""The exit status of a command that SIGTERM cut short (128 + 15, as shells say it)."""


def end_when_told() -> None:
    """Let SIGTERM end the command as Ctrl-C does: what a visit holds is given back on the way out."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TOLD_TO_STOP))
