"""The commands that keep the history safe: backup and restore."""

from datetime import UTC
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import make_folder, open_house
from cli.options import Data, Json
from cli.printed import counted
from cli.wiring import log_verifier
from schedules.present import Present
from settings import load_settings
from store.backups import back_up, manifest_place, read_manifest, remember_backup
from store.restoring import restore as put_back

app = typer.Typer()


@app.command(epilog="Examples: coopwatch backup · coopwatch backup /mnt/safe/coopwatch.db")
def backup(
    to: Annotated[
        Path | None,
        typer.Argument(
            metavar="[TO]", help="The file to write, or a folder. Default: backups/ of the data folder."
        ),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Write a checked backup of the database, while all goes on; the signing key is not in it."""
    house, now = open_house(data), Present().now()
    place = (to or house.settings.data / "backups").absolute()
    if to is None or place.is_dir():
        place /= f"coopwatch-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.db"
    with _progress() as progress:
        task = progress.add_task("copying and checking", total=None)
        manifest = back_up(
            house.settings.database_url,
            place,
            now,
            log_verifier(house.settings),
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    with house.db.writing() as session:
        remember_backup(session, now, place, manifest)
    if as_json:
        print_json({"file": str(place), "manifest": str(manifest_place(place)), "sha256": manifest.sha256})
        return
    rows = sum(manifest.rows.values())
    size = f"{manifest.length / 1e6:.1f} MB, {counted(rows, 'row', 'rows')}"
    out.print(f"{place}: {size}", markup=False, soft_wrap=True)
    entries = counted(manifest.entries, "entry", "entries")
    out.print(
        f"Checked: every page and reference, all rows, {entries} of the evidence log."
        " Keep it on another disk, and the signing key elsewhere.",
        soft_wrap=True,
    )


@app.command(epilog="Example: coopwatch restore backups/coopwatch-20260105T063000Z.db --replace")
def restore(
    source: Annotated[
        Path, typer.Argument(metavar="FROM", help="A backup; its manifest FROM.json lies beside it.")
    ],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in the place of the present database, which is kept.")
    ] = False,
    data: Data = None,
) -> None:
    """Put a backup back, after checking it; nothing that is there is lost."""
    settings = load_settings(data)
    made_at = read_manifest(source).made_at
    make_folder(settings.data)
    with _progress() as progress:
        task = progress.add_task("checking and copying", total=None)
        kept = put_back(
            settings.database_url,
            source,
            Present().now(),
            replace=replace,
            advance=lambda done, total: progress.update(task, completed=done, total=total),
        )
    out.print(f"The database is as it was on {made_at}.", markup=False)
    if kept:
        out.print(f"The one that stood there: {kept}", markup=False, soft_wrap=True)


def _progress() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)
