"""The command that visits pages now."""

from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import House, open_house
from cli.options import Data, Json
from cli.printed import change_sentence, local
from cli.wiring import log_signer, room, time_authority, visitors
from schedules.jobs import Busy, Visited, seal_daily, stamp_last, watch_disk
from schedules.jobs import check as check_job
from schedules.present import Present
from scraper.compare import change_report
from scraper.errors import TimestampError
from scraper.records import Decision
from scraper.sources import choose_source

app = typer.Typer()


@app.command(epilog="Examples: coopwatch check · coopwatch check torino --json")
def check(
    source: Annotated[
        str | None, typer.Argument(help="A source's name; the default one where none is given.")
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Visit a source's pages now: per page its state, the verdict and the changes."""
    house = open_house(data, create=True)
    chosen = choose_source(house.sources, source)
    visits = []
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task(f"visiting {chosen.name}", total=len(chosen.pages))
        for visited in check_job(house.db, [chosen], visitors(house.settings), Present()):
            visits.append(visited)
            progress.advance(task)
            if not as_json:
                _show(visited)
    if as_json:
        print_json([_shape(visited) for visited in visits])
    seal_daily(house.db, Present(), log_signer(house.settings, house.db))
    _stamp(house)
    watch_disk(house.db, Present(), room(house.settings))
    if any(isinstance(v, Visited) and v.outcome.verdict.decision is Decision.FAILED for v in visits):
        raise typer.Exit(1)


def _stamp(house: House) -> None:
    """Have the last checkpoint stamped, if an authority is set; that it does not answer fails nothing."""
    authority = time_authority(house.settings)
    try:
        if authority is not None:
            stamp_last(house.db, Present(), authority)
    except TimestampError as error:
        err.print(f"{error} {error.hint}", markup=False)


def _show(visited: Visited | Busy) -> None:
    out.print(f"[bold]{visited.page.address}[/]")
    if isinstance(visited, Busy):
        out.print(f"  {_held(visited)}")
        return
    state = f", page state {visited.snapshot.page_state}" if visited.snapshot else ""
    out.print(f"  {visited.outcome.verdict.decision}{state}")
    for line in (*visited.outcome.verdict.reasons, *map(change_sentence, visited.outcome.changes)):
        out.print(f"    {line}", markup=False)


def _held(busy: Busy) -> str:
    return (
        "another visit is under way, and its outcome counts for this one; "
        f"should it be lost, the page can be visited again after {local(busy.until)}"
    )


def _shape(visited: Visited | Busy) -> dict[str, Any]:
    if isinstance(visited, Busy):
        return {"url": visited.page.address, "verdict": None, "reasons": [_held(visited)]}
    return {
        "url": visited.page.address,
        "capture": visited.capture_id,
        "page_state": visited.snapshot.page_state if visited.snapshot else None,
        "verdict": visited.outcome.verdict.decision,
        "reasons": list(visited.outcome.verdict.reasons),
        "changes": [change_report(change) for change in visited.outcome.changes],
    }
