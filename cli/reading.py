"""The commands that read saved answers without a database: parse and replay."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer
from rich.markup import escape

from cli.console import out, print_json
from cli.options import Json
from exports.saved_answers import saved_capture, saved_sequence
from scraper.compare import replay as replay_outcomes
from scraper.errors import UnreadableError
from scraper.read import read
from scraper.read.report import parse_report
from scraper.sources import Source, shipped_sources

app = typer.Typer()

NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a capture whose time does not matter: `parse` reads one file, whenever it was saved."""


@app.command(epilog="Example: coopwatch parse page.html --url https://www.example.org/progetti --json")
def parse(
    file: Annotated[Path, typer.Argument(help="One saved answer, its bytes as received.")],
    url: Annotated[str, typer.Option(help="The address that it came from.")],
    content_type: Annotated[str | None, typer.Option(help="Its Content-Type.")] = None,
    header: Annotated[
        list[str] | None, typer.Option(help="One of its headers, 'Name: value'; repeatable.")
    ] = None,
    status: Annotated[int, typer.Option(min=100, max=599, help="Its HTTP status.")] = 200,
    as_json: Json = False,
) -> None:
    """Read one saved answer and print the projects that it states."""
    headers = [_header(line) for line in header or []]
    if content_type:
        headers.insert(0, ("Content-Type", content_type))
    report = parse_report(read(saved_capture(file, url, NO_CLOCK, status, headers), _source_of(url)))
    if as_json:
        print_json(report)
    else:
        _show_reading(report)


@app.command(epilog="Example: coopwatch replay history/SEQUENCE.json --json")
def replay(
    sequence: Annotated[Path, typer.Argument(metavar="SEQUENCE.json", help="Which answers, in which order.")],
    as_json: Json = False,
) -> None:
    """Run saved answers through reading and comparing, as if visited in that order."""
    answers = saved_sequence(sequence)
    captures = [answer.capture(sequence.parent) for answer in answers]
    reports = replay_outcomes(
        (capture, None if capture.body is None else read(capture, _source_of(capture.url)))
        for capture in captures
    )
    if as_json:
        print_json(reports)
        return
    for report in reports:
        out.print(
            f"{report['at']}  [bold]{report['verdict']}[/]  {'; '.join(report['reasons'])}", markup=True
        )
        for change in report["changes"]:
            out.print(f"    {change['kind']}: {change['title']}", markup=False)


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        raise typer.BadParameter(f"{line!r} is not 'Name: value'", param_hint="--header")
    return name.strip(), value.strip()


def _source_of(url: str) -> Source | None:
    """Return the shipped source of that site: its names tell whose page it is."""
    try:
        host = urlsplit(url).hostname
    except ValueError as error:
        raise UnreadableError(f"{url!r} is no web address: {error}", "Give it as https://…") from error
    return next((s for s in shipped_sources() if any(host == page.host for page in s.pages)), None)


def _show_reading(report: dict[str, Any]) -> None:
    """Print a parse report for people: the state, the projects with what is known of each, the rest."""
    out.print(
        f"page state: [bold]{report['page_state']}[/]"
        + (f" ({report['reason']})" if report["reason"] else "")
    )
    for project in report["projects"]:
        out.print(f"\n[bold]{escape(project['title'] or '(title unknown)')}[/]", soft_wrap=True)
        for name, value in project.items():
            if name != "title" and value not in (None, []):
                shown = ", ".join(value) if isinstance(value, list) else value
                out.print(f"  {name}: {shown}", markup=False, soft_wrap=True)
    for name in ("warnings", "unread"):
        for line in report[name]:
            out.print(f"{name}: {line}", markup=False, soft_wrap=True)
