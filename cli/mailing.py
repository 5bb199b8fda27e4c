"""The commands about mail: what would be sent, and sending it."""

from typing import Annotated

import typer

from cli.console import out, print_json
from cli.options import Data, Json
from cli.wiring import mail_sender, mail_server, open_house
from notifier.compose import Preview, previews
from schedules.jobs import deliver as deliver_job
from schedules.present import Present

app = typer.Typer()
digest = typer.Typer(no_args_is_help=True, help="The digests that readers are owed.")
app.add_typer(digest, name="digest")


@digest.command(epilog="Example: coopwatch digest preview --address reader@example.org")
def preview(
    address: Annotated[str | None, typer.Option(help="For this reader alone.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show the digests that would be sent if every reader were due now; nothing is sent or stored."""
    house = open_house(data)
    found = previews(house.db, mail_sender(house.settings), address)
    if as_json:
        print_json([{"recipient": p.recipient, "subject": p.subject, "text": p.text} for p in found])
        return
    for one in found:
        _show(one)
    if not found:
        out.print("Nobody is owed anything.")


@app.command(epilog="Example: coopwatch deliver")
def deliver(data: Data = None, as_json: Json = False) -> None:
    """Compose the digests that are due and send every mail that is owed."""
    house = open_house(data)
    sent = deliver_job(house.db, Present(), mail_sender(house.settings), mail_server(house.settings))
    if as_json:
        print_json({"accepted": sent.accepted, "deferred": sent.deferred, "rejected": sent.rejected})
    else:
        out.print(f"{sent.accepted} sent, {sent.deferred} to be tried again, {sent.rejected} refused.")
    if sent.deferred or sent.rejected:
        raise typer.Exit(1)


def _show(one: Preview) -> None:
    out.rule(one.recipient)
    out.print(f"Subject: {one.subject}\n\n{one.text}", markup=False)
