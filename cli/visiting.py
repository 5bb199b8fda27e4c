"""The commands that visit pages: check now, or run for good."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.console import err, log_to_stderr, out, print_json
from cli.options import Data, Json
from cli.printed import change_sentence, local
from cli.serving import listener, serve
from cli.wiring import (
    House,
    controller,
    identity_provider,
    log_signer,
    open_house,
    open_mailroom,
    room,
    time_authority,
    user_agent,
)
from schedules.forgetting import forget_old
from schedules.jobs import (
    Busy,
    Mailroom,
    OpenVisitor,
    Visited,
    deliver,
    receive,
    seal_daily,
    stamp_last,
    watch_disk,
)
from schedules.jobs import check as check_job
from schedules.present import Present
from schedules.scheduler import INTAKES, STAMPS, TICK, Duty, running_schedule
from scraper.clock import Clock
from scraper.compare import change_report
from scraper.errors import TimestampError
from scraper.fetch import Visitor
from scraper.records import Decision
from scraper.sources import choose_source
from store.evidence.notes import SignerKey
from web.app import create_app

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
        for visited in check_job(house.db, [chosen], _visitors(house), Present()):
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


@app.command(epilog="Example: coopwatch run --data /srv/coopwatch")
def run(data: Data = None) -> None:
    """Visit on schedule, deliver mail and serve the web pages, until stopped."""
    house, clock = open_house(data, create=True), Present()
    settings, signer = house.settings, log_signer(house.settings, house.db)
    log_to_stderr()
    with (
        listener(settings.web_host, settings.web_port) as socket,
        open_mailroom(settings) as mailroom,
    ):
        answers_for, provider = controller(settings), identity_provider(settings)
        pages = create_app(
            *(house.db, clock, mailroom.sender, house.sources, answers_for, signer.verifier, provider)
        )
        duties = _duties(house, clock, mailroom, signer)
        with running_schedule(house.db, house.sources, _visitors(house), clock, duties):
            out.print(f"coopwatch is running; its pages are at {settings.readers_url} (Ctrl-C ends it)")
            serve(pages, socket, map(str, settings.trusted_proxies))


def _duties(house: House, clock: Clock, mailroom: Mailroom, signer: SignerKey) -> Iterator[Duty]:
    """Yield what a service does besides visiting."""
    settings, db = house.settings, house.db
    yield Duty(partial(deliver, db, clock, mailroom, house.sources))
    yield Duty(partial(receive, db, clock, mailroom), INTAKES)
    yield Duty(partial(seal_daily, db, clock, signer))
    yield Duty(partial(watch_disk, db, clock, room(settings)))
    yield Duty(partial(forget_old, db, clock, controller(settings).bodies), timedelta(days=1))
    authority = time_authority(settings)
    if authority is not None:  # first asked when today's checkpoint has been sealed
        yield Duty(partial(stamp_last, db, clock, authority), STAMPS, first_after=TICK)


def _stamp(house: House) -> None:
    """Have the last checkpoint stamped, if an authority is set; that it does not answer fails nothing."""
    authority = time_authority(house.settings)
    try:
        if authority is not None:
            stamp_last(house.db, Present(), authority)
    except TimestampError as error:
        err.print(f"{error} {error.hint}", markup=False)


def _visitors(house: House) -> OpenVisitor:
    agent = user_agent(house.settings)
    return lambda source: Visitor(source, Present(), agent)


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
