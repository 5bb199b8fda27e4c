"""The entry point `coopwatch`, where every error ends in one line."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import Abort, TyperException

from cli.commands import Commands
from cli.console import complain, out
from cli.options import Data
from cli.stopping import end_when_told
from scraper.errors import CoopwatchError

app = typer.Typer(
    name="coopwatch",
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        out.print(f"coopwatch {version('coopwatch')}")
        raise typer.Exit


@app.callback()
def coopwatch(
    data: Data = None,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Watch development-cooperation pages: what they say, what changed, who is told.

    Start with [bold]coopwatch demo[/], which shows the whole job on this machine alone.
    """


def main() -> None:
    """Run one command; exit 0 when done, 1 when it failed, 2 when it was used wrongly."""
    end_when_told()
    try:
        code = app(standalone_mode=False)
    except CoopwatchError as error:
        complain(str(error), error.hint)
        sys.exit(1)
    except TyperException as error:
        if error.format_message():  # without a command the help has just been shown
            complain(
                error.format_message(), "coopwatch --help lists the commands, coopwatch COMMAND --help one."
            )
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, Abort):
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output, `head` for one, has seen enough
        sys.stderr.close()
        sys.exit(0)
    sys.exit(code if isinstance(code, int) else 0)
