"""The commands about mails that wait: what is in doubt or stopped, and what staff decide about it."""

from typing import Annotated

import typer

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import instant, local
from schedules.present import Present
from scraper.errors import NotFoundError
from store.database import Session
from store.deliveries import Delivery, DeliveryState, delivery
from store.lanes import Lane, lanes, resume
from store.outbox import doubts, open_counts, send_again, settle_accepted

app = typer.Typer()
outbox = typer.Typer(help="Mails that are owed and not settled, and domains that are slowed or stopped.")
app.add_typer(outbox, name="outbox")
Number = Annotated[int, typer.Argument(help="The number of a delivery in doubt.")]


@outbox.callback(invoke_without_command=True, epilog="Example: coopwatch outbox")
def show(context: typer.Context, data: Data = None, as_json: Json = False) -> None:
    """Show how many mails wait in which state, which are in doubt, and which domains are held up and why."""
    if context.invoked_subcommand is not None:
        return
    with open_house(data).db.reading() as session:
        counts, doubted, careful = open_counts(session), doubts(session), lanes(session)
    if as_json:
        print_json(
            {
                "open": {state.value: number for state, number in counts.items()},
                "in_doubt": [_doubt(one) for one in doubted],
                "domains": [_lane(one) for one in careful],
            }
        )
        return
    out.print(", ".join(f"{number} {state.value}" for state, number in counts.items()) or "Nothing waits.")
    for one in doubted:
        since = f"in doubt since {local(one.doubted_at)}"
        _line(f"{one.id} ({one.kind}) to {one.recipient}: {since}; {one.response}")
    for lane in careful:
        stopped = lane.stopped_at is not None
        state = f"stopped since {local(lane.stopped_at)}" if stopped else f"until {local(lane.open_at)}"
        _line(f"{lane.domain}: {state}; {lane.stopped_why or 'asked for less'}")


@outbox.command("resume", epilog="Example: coopwatch outbox resume example.org")
def resume_domain(
    domain: Annotated[str, typer.Argument(help="A domain of recipients that is stopped or slowed.")],
    data: Data = None,
) -> None:
    """Let mail to a domain leave again, once what its server objected to is mended."""
    with open_house(data).db.writing() as session:
        if not resume(session, domain.lower(), Present().now()):
            raise NotFoundError(f"{domain} is neither stopped nor slowed", "See `coopwatch outbox`.")
    out.print(f"Mail to {domain} leaves with the next delivery.")


@outbox.command(epilog="Example: coopwatch outbox again 12")
def again(number: Number, data: Data = None) -> None:
    """Send a mail in doubt again, with the same bytes; its reader may get it twice."""
    with open_house(data).db.writing() as session:
        send_again(session, _doubted(session, number), Present().now(), proven=False)
    out.print(f"Delivery {number} leaves again with the next delivery.")


@outbox.command(epilog="Example: coopwatch outbox arrived 12")
def arrived(number: Number, data: Data = None) -> None:
    """Note that a mail in doubt has arrived, so that it is not sent again."""
    with open_house(data).db.writing() as session:
        settle_accepted(session, _doubted(session, number).id, Present().now(), "staff know that it arrived")
    out.print(f"Delivery {number} counts as accepted.")


def _line(text: str) -> None:
    out.print(text, markup=False, soft_wrap=True)


def _doubted(session: Session, number: int) -> Delivery:
    found = delivery(session, number)
    if found.state is not DeliveryState.IN_DOUBT:
        raise NotFoundError(
            f"delivery {number} is not in doubt, but {found.state}", "See `coopwatch outbox`."
        )
    return found


def _doubt(one: Delivery) -> dict[str, object]:
    return {
        "delivery": one.id,
        "kind": one.kind,
        "recipient": one.recipient,
        "since": instant(one.doubted_at),
        "resends": one.resends,
        "response": one.response,
    }


def _lane(one: Lane) -> dict[str, object]:
    return {
        "domain": one.domain,
        "open_at": instant(one.open_at),
        "slowdowns": one.slowdowns,
        "stopped_at": instant(one.stopped_at),
        "why": one.stopped_why,
    }
