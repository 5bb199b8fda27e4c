"""The command that runs for good: it visits on schedule, delivers mail and serves the web pages."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from threading import Event

import typer

from cli.console import log_to_stderr, out
from cli.house import House, open_house
from cli.options import Data
from cli.serving import listener, serve
from cli.wiring import (
    controller,
    identity_provider,
    log_signer,
    open_mailroom,
    room,
    time_authority,
    visitors,
)
from schedules.forgetting import forget_old
from schedules.jobs import Mailroom, deliver, receive, seal_daily, stamp_last, watch_disk
from schedules.present import Present
from schedules.scheduler import INTAKES, STAMPS, TICK, Duty, running_schedule
from scraper.clock import Clock
from store.evidence.notes import SignerKey
from web.app import create_app

app = typer.Typer()


@app.command(epilog="Example: coopwatch run --data /srv/coopwatch")
def run(data: Data = None) -> None:
    """Visit on schedule, deliver mail and serve the web pages, until stopped."""
    house, clock = open_house(data, create=True), Present()
    settings, signer = house.settings, log_signer(house.settings, house.db)
    log_to_stderr()
    stopping = Event()
    with (
        listener(settings.web_host, settings.web_port) as socket,
        open_mailroom(settings, stopping.is_set) as mailroom,
    ):
        answers_for, provider = controller(settings), identity_provider(settings)
        pages = create_app(
            *(house.db, clock, mailroom.sender, house.sources, answers_for, signer.verifier, provider)
        )
        duties = _duties(house, clock, mailroom, signer)
        visiting = visitors(settings)
        with running_schedule(house.db, house.sources, visiting, clock, duties, stopping=stopping):
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
