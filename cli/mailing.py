"""The command that delivers what is owed."""

import typer

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.wiring import open_mailroom
from schedules.jobs import deliver as deliver_job
from schedules.jobs import receive
from schedules.present import Present

app = typer.Typer()


@app.command(epilog="Example: coopwatch deliver")
def deliver(data: Data = None, as_json: Json = False) -> None:
    """Compose the digests that are due, send every mail that is owed, and take in what came back."""
    house, clock = open_house(data), Present()
    with open_mailroom(house.settings) as mailroom:
        sent = deliver_job(house.db, clock, mailroom, house.sources)
        taken = receive(house.db, clock, mailroom)
    counts = {"accepted": sent.accepted, "deferred": sent.deferred, "rejected": sent.rejected}
    counts["in_doubt"] = sent.in_doubt
    if as_json:
        print_json({**counts, "returned": taken})
    else:
        out.print(f"{sent.accepted} sent, {sent.deferred} to be tried again, {sent.rejected} refused.")
        if sent.in_doubt:
            out.print(f"{sent.in_doubt} in doubt: whether they arrived is found out; see `coopwatch outbox`.")
        if taken:
            out.print("Came back: " + ", ".join(f"{kind} {number}" for kind, number in sorted(taken.items())))
    if sent.deferred or sent.rejected or sent.in_doubt:
        raise typer.Exit(1)
