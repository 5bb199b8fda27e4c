"""The command that takes old captures into history, with their own dates: archives and saved files."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import House, open_house
from cli.options import Data, Json
from cli.printed import counted
from cli.wiring import log_signer
from exports.archives import archive_files, read_archive
from schedules.catching_up import Compared, compare_imported
from schedules.jobs import enrol_sources, seal_daily
from schedules.present import Present
from schedules.taking_in import Imported, LeftOut, take_in
from scraper.archived import Archived, Damage
from scraper.sources import Source, choose_source

app = typer.Typer()

SHOWN = 20
"""As many addresses that no page has, or damaged records, as are listed one by one."""


@dataclass(slots=True)
class _Report:
    """What an import came to; `left_out` counts reasons and addresses."""

    taken: int = 0
    known: int = 0
    left_out: Counter[tuple[str, str]] = field(default_factory=Counter)
    damaged: list[Damage] = field(default_factory=list)
    compared: dict[str, Compared] = field(default_factory=dict)

    def count(self, imported: Imported) -> None:
        """Take one record into account."""
        if isinstance(imported, Damage):
            self.damaged.append(imported)
        elif isinstance(imported, LeftOut):
            self.left_out[imported.reason, imported.archived.capture.url] += 1
        else:
            self.taken += imported.new
            self.known += not imported.new


@app.command(
    "import",
    epilog="Examples: coopwatch import archive.warc.gz · coopwatch import old-pages/ --source torino",
)
def import_(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH…", help="WARC archives, manifests of saved files, or folders of them."),
    ],
    source: Annotated[str | None, typer.Option(help="Only for the pages of this source.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Take old captures of watched pages into history, as of their own dates; nobody is told.

    Nothing is taken twice, and an interrupted import goes on where it stopped when it is started again.
    """
    files = archive_files(paths)
    house = open_house(data, create=True)
    chosen = house.sources if source is None else (choose_source(house.sources, source),)
    enrol_sources(house.db, chosen, Present())
    report = _Report()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        _take_in(house, chosen, files, report, progress)
        task = progress.add_task("comparing", total=len(chosen))
        for each in chosen:
            compared = compare_imported(house.db, each, Present())
            if compared.captures:
                report.compared[each.name] = compared
            progress.advance(task)
    seal_daily(house.db, Present(), log_signer(house.settings, house.db))
    if as_json:
        print_json(_shape(report))
    else:
        _show(report)
    if report.damaged:
        raise typer.Exit(1)


def _take_in(
    house: House, chosen: tuple[Source, ...], files: tuple[Path, ...], report: _Report, progress: Progress
) -> None:
    largest = max(source.largest for source in chosen)
    for file in files:
        task = progress.add_task(f"reading {file.name}", total=file.stat().st_size)

        def found(file: Path = file, task: Any = task) -> Iterator[Archived | Damage]:
            for piece in read_archive(file, largest):
                progress.update(task, completed=piece.read)
                yield piece.found

        for imported in take_in(house.db, chosen, found(), Present()):
            report.count(imported)


def _show(report: _Report) -> None:
    known = counted(report.known, "was", "were")
    out.print(f"{counted(report.taken, 'capture', 'captures')} taken, {known} there already.")
    for name, compared in report.compared.items():
        read = counted(compared.captures, "capture", "captures")
        changes = counted(compared.changes, "change", "changes")
        out.print(f"{name}: {read} compared, {changes} recorded in history; nobody is told.")
    _list("left out", [f"{url} ({number}): {why}" for (why, url), number in report.left_out.items()])
    _list("damaged", [f"{each.archive}, {each.record}: {each.problem}" for each in report.damaged])


def _list(what: str, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        out.print(f"{what}: {line}", markup=False, soft_wrap=True)
    if len(lines) > SHOWN:
        out.print(f"{what}: {len(lines) - SHOWN} more")


def _shape(report: _Report) -> dict[str, Any]:
    return {
        "taken": report.taken,
        "known": report.known,
        "compared": {name: one.captures for name, one in report.compared.items()},
        "changes": {name: one.changes for name, one in report.compared.items()},
        "left_out": [
            {"url": url, "captures": number, "reason": why} for (why, url), number in report.left_out.items()
        ],
        "damaged": [
            {"archive": each.archive, "record": each.record, "problem": each.problem}
            for each in report.damaged
        ],
    }
