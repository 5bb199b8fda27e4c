"""The commands that ask what is kept: projects, changes, history."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Annotated

import typer
from rich.markup import escape

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import (
    ROME,
    capture_shape,
    change_sentence,
    ledger_shape,
    local,
    project_entry_shape,
    stated,
    stretch_shape,
    words,
)
from cli.whole_tables import whole_table
from scraper.errors import NotFoundError
from scraper.sources import choose_source
from store import history as kept
from store import ledger, pages, tracks
from store.stretches import Stretch, stretches

app = typer.Typer()

FIRST_YEAR, LAST_YEAR = 1990, 9000
"""The years in which a day can be asked for; beyond them calendars overflow."""


def _civil_day(text: str) -> datetime:
    """Return the day that a person wrote, in no time zone yet; raises BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007  (a civil day, put in Rome where it is used)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is not a day such as 2018-11-12") from error


@app.command(epilog="Example: coopwatch projects --as-of 2018-11-12")
def projects(
    as_of: Annotated[
        datetime | None,
        typer.Option(
            parser=_civil_day, metavar="YYYY-MM-DD", help="As known at the end of that day in Rome."
        ),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Of this source alone.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the projects that the watched pages state, today or on a past day."""
    house = open_house(data)
    if source is not None:
        choose_source(house.sources, source)
    with house.db.reading() as session:
        present = tracks.projects(session, source, as_of and end_of(as_of), present=True)
    if as_json:
        print_json([project_entry_shape(entry) for entry in present])
        return
    table = whole_table("id", "title", "area", "status", "programmes")
    for entry in present:
        project = entry.project
        table.add_row(
            f"{entry.source}/{entry.number}",
            project.title or "(title unknown)",
            words(project.area),
            words(project.status),
            words(project.programmes),
        )
    out.print(table if present else "No projects are known yet.")


@app.command(epilog="Example: coopwatch changes --since 2018-11-01")
def changes(
    since: Annotated[
        datetime | None,
        typer.Option(parser=_civil_day, metavar="YYYY-MM-DD", help="From the beginning of that day in Rome."),
    ] = None,
    source: Annotated[str | None, typer.Option(help="Of this source alone.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the changes in the order in which they became public."""
    house = open_house(data)
    if source is not None:
        choose_source(house.sources, source)
    with house.db.reading() as session:
        entries = ledger.entries(session, source=source, since=since and _beginning_of(since))
    if as_json:
        print_json([ledger_shape(entry) for entry in entries])
        return
    for entry in entries:
        _show_change(entry)
    if not entries:
        out.print("No changes are known yet.")


@app.command(
    epilog="Examples: coopwatch history torino/3 · coopwatch history https://www.example.org/progetti"
)
def history(
    what: Annotated[
        str, typer.Argument(metavar="PAGE|PROJECT", help="A page's number or address, or a project's id.")
    ],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show every visit of a page, or one project's life."""
    house = open_house(data)
    with house.db.reading() as session:
        try:
            page = pages.find_page(session, what)
        except NotFoundError:
            found = tracks.find_project(session, what)
            life = tracks.project_life(session, found.source, found.number)
            _show_life(life, stretches(session, life), as_json)
        else:
            _show_visits(page, kept.captures(session, page.id), as_json)


def _show_visits(page: pages.PageEntry, visits: Sequence[kept.CaptureEntry], as_json: bool) -> None:
    if as_json:
        print_json([capture_shape(visit) for visit in visits])
        return
    table = whole_table("capture", "at (Rome)", "status", "verdict", "changes", "why", title=page.address)
    for visit in visits:
        table.add_row(
            str(visit.id),
            local(visit.at),
            str(visit.status or "–"),
            visit.decision,
            str(visit.changes),
            " ".join(([f"imported from {visit.archive}"] if visit.archive else []) + list(visit.reasons)),
        )
    out.print(table)


def _show_life(life: tracks.ProjectLife, values: Sequence[Stretch], as_json: bool) -> None:
    if as_json:
        print_json(
            {
                **project_entry_shape(life.entry),
                "values": [stretch_shape(value) for value in values],
                "changes": [ledger_shape(entry) for entry in life.entries],
            }
        )
        return
    entry = life.entry
    out.print(f"[bold]{entry.source}/{entry.number}[/]  {words(entry.project.title)}")
    out.print(f"first seen {local(entry.first_seen)}, last seen {local(entry.last_seen)}")
    table = whole_table("field", "value", "from (capture)", "to (capture)")
    for value in values:
        until = f"{local(value.last.at)} ({value.last.capture_id})" if value.gone else "still stands"
        begun = f"{local(value.first.at)} ({value.first.capture_id})"
        table.add_row(value.field, escape(stated(value.field, value.value, entry.project)), begun, until)
    out.print(table)
    for change in life.entries:
        _show_change(change)


def _show_change(entry: ledger.LedgerEntry) -> None:
    quiet = "" if entry.change.told else "  (recorded, not told)"
    if entry.retold:
        quiet = "  (from an archive, not told)"
    out.print(f"{entry.pub_seq:>5}  {local(entry.at)}  {change_sentence(entry.change)}{quiet}", markup=False)


def _beginning_of(day: datetime) -> datetime:
    """Return the first instant of a day in Rome, in UTC; raises BadParameter for a day beyond calendars."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise typer.BadParameter(f"{day.date().isoformat()} is no day of any page", param_hint="the day")
    return datetime.combine(day.date(), time(), ROME).astimezone(UTC)


def end_of(day: datetime) -> datetime:
    """Return the last instant of a day in Rome, in UTC; days of 23 and 25 hours end where they end."""
    _beginning_of(day)
    return _beginning_of(day + timedelta(days=1)) - timedelta(microseconds=1)
