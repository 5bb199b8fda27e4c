"""What a command imports before it does anything: its own module, and not the whole house."""

import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer import Typer
from typer.main import get_group

import cli
from cli.commands import LIVES_IN
from tests.commands import coopwatch, environment

IMPORTED = """
import sys
from cli.main import main
sys.argv[0] = "coopwatch"
try:
    main()
except SystemExit:
    print(*{name.partition(".")[0] for name in sys.modules}, file=sys.stderr)
"""
WEB = {"fastapi", "starlette", "uvicorn"}
PARSERS = {"bs4", "lxml", "httpx", "jinja2"}


def test_every_command_is_found_where_it_lives() -> None:
    """The list holds every command of every module, and no other."""
    modules = ["cli.demo.run", *(f"cli.{one.name}" for one in pkgutil.iter_modules(cli.__path__))]
    found = {
        command: module
        for module in modules
        if module != "cli.main" and isinstance(app := getattr(import_module(module), "app", None), Typer)
        for command in get_group(app).commands
    }
    assert found == LIVES_IN


def test_a_command_that_is_nearly_right_is_guessed() -> None:
    """Whoever mistypes a command is told the one that may be meant."""
    run = coopwatch("projcts")
    assert run.returncode == 2 and "Did you mean 'projects'?" in run.stderr


@pytest.mark.parametrize(
    ("command", "unneeded"),
    [
        ("--version", WEB | PARSERS | {"sqlmodel", "apscheduler", "pydantic"}),
        ("parse --help", WEB | {"sqlmodel", "apscheduler", "alembic"}),
        ("projects", WEB | PARSERS),
        ("check", WEB),
        ("deliver", WEB),
    ],
)
def test_a_command_imports_only_what_it_needs(command: str, unneeded: set[str], tmp_path: Path) -> None:
    """A plain question waits for no web server and no page reader; each import is paid at every start."""
    run = subprocess.run(
        [sys.executable, "-c", IMPORTED, *command.split()],
        env=environment({"COOPWATCH_DATA": str(tmp_path)}),
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parent.parent,
    )
    imported = set(run.stderr.splitlines()[-1].split())
    assert "typer" in imported and imported & unneeded == set()
