"""The command that delivers what is owed."""

import typer

from cli.console import out, print_json
from cli.options import Data, Json
from cli.wiring import mail_caution, mail_sender, mail_server, open_house
from schedules.jobs import deliver as deliver_job
from schedules.present import Present

app = typer.Typer()


@app.command(epilog="Example: coopwatch deliver")
def deliver(data: Data = None, as_json: Json = False) -> None:
    """Compose the digests that are due and send every mail that is owed."""
    house = open_house(data)
    sender, post = mail_sender(house.settings), mail_server(house.settings)
    sent = deliver_job(house.db, Present(), sender, post, house.sources, mail_caution(house.settings))
    if as_json:
        print_json({"accepted": sent.accepted, "deferred": sent.deferred, "rejected": sent.rejected})
    else:
        out.print(f"{sent.accepted} sent, {sent.deferred} to be tried again, {sent.rejected} refused.")
    if sent.deferred or sent.rejected:
        raise typer.Exit(1)
