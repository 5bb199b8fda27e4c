"""The commands by name, and where each lives: its module is imported when somebody asks for it.

To import all of them costs a second that no command alone needs.
"""

from collections import UserDict
from importlib import import_module
from typing import Any

from typer.core import TyperGroup
from typer.main import get_group

LIVES_IN = {
    "demo": "cli.demo.run",
    "check": "cli.visiting",
    "run": "cli.running",
    "parse": "cli.reading",
    "replay": "cli.reading",
    "projects": "cli.asking",
    "changes": "cli.asking",
    "history": "cli.asking",
    "diff": "cli.differing",
    "search": "cli.finding",
    "explain": "cli.explaining",
    "review": "cli.reviewing",
    "tracks": "cli.reviewing",
    "deliver": "cli.mailing",
    "outbox": "cli.outboxing",
    "digest": "cli.digests",
    "staff": "cli.staffing",
    "subscribers": "cli.subscribing",
    "migrate": "cli.keeping",
    "reread": "cli.keeping",
    "doctor": "cli.keeping",
    "import": "cli.importing",
    "backup": "cli.safekeeping",
    "restore": "cli.safekeeping",
    "retention": "cli.retiring",
    "verify": "cli.proving",
    "export": "cli.proving",
}
"""Every command, in the order in which `coopwatch --help` lists them."""


class _Imported(UserDict[str, Any]):
    def __getitem__(self, name: str) -> Any:
        return get_group(import_module(self.data[name]).app).commands[name]


class Commands(TyperGroup):
    """The commands of `coopwatch`."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Imported(LIVES_IN)
