"""The command that delivers what is owed."""

from collections import Counter

import typer

from cli.console import out, print_json
from cli.options import Data, Json
from cli.wiring import bounce_inbox, mail_caution, mail_sender, mail_server, mail_terms, open_house
from schedules.jobs import deliver as deliver_job
from schedules.jobs import receive
from schedules.present import Present
from store.kinds import IncomingKind

app = typer.Typer()


@app.command(epilog="Example: coopwatch deliver")
def deliver(data: Data = None, as_json: Json = False) -> None:
    """Compose the digests that are due, send every mail that is owed, and take in what came back."""
    house = open_house(data)
    settings, clock, terms = house.settings, Present(), mail_terms(house.settings)
    sender, post, caution = mail_sender(settings), mail_server(settings), mail_caution(settings)
    sent = deliver_job(house.db, clock, sender, post, house.sources, caution, terms)
    open_inbox, taken = bounce_inbox(settings), Counter[IncomingKind]()
    if open_inbox is not None and terms.paths is not None:
        taken = receive(house.db, clock, open_inbox, terms.paths)
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
