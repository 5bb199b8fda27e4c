"""The commands about subscribers: who they are, adding, resting, taking along and erasing them."""

import getpass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import House, open_house
from cli.options import Data, Json
from cli.printed import counted, instant, local
from cli.reader_lists import Line, Problem, read_list
from cli.whole_tables import whole_table
from cli.wiring import mail_sender
from exports.personal import personal_file
from notifier.enlisting import Enlisted, enlist, outlook
from notifier.words import LANGUAGES
from schedules.present import Present
from scraper.errors import DecisionError, NotFoundError
from store.database import Session
from store.decisions import member_number
from store.erasure import erase as erase_mailbox
from store.evidence.attest import attest_staff_action
from store.kinds import SuppressionReason
from store.mailboxes import parse_address
from store.staff.reader_deeds import staff_resume, staff_suspend
from store.subscriptions import (
    Filters,
    Frequency,
    SignUp,
    SignUpForm,
    Subscription,
    SubscriptionState,
    Wish,
    mailbox_subscriptions,
    subscriptions,
)

app = typer.Typer()
subscribers = typer.Typer(no_args_is_help=True, help="Those who asked for digests, and what is kept of them.")
app.add_typer(subscribers, name="subscribers")

Address = Annotated[str, typer.Argument(help="An e-mail address, in whatever spelling.")]
By = Annotated[str | None, typer.Option(help="Who does it; else the user of this machine.")]

SAID = {
    Enlisted.ASKED: "asked to confirm",
    Enlisted.STANDING: "subscribed already, left as it is",
    Enlisted.WAITING: "asked already, has not answered yet",
    Enlisted.SUPPRESSED: "must not be written to: only its owner can sign up again",
}


@subscribers.command("list", epilog="Example: coopwatch subscribers list --state suspended")
def list_subscribers(
    state: Annotated[SubscriptionState | None, typer.Option(help="In this state alone.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the subscriptions, with their addresses in clear: for your eyes alone."""
    house = open_house(data)
    with house.db.reading() as session:
        found = [one for one in subscriptions(session) if state in {None, one.state}]
    if as_json:
        print_json([_shape(one) for one in found])
        return
    table = whole_table("no.", "address", "state", "frequency", "language", "since (Rome)", "told (Rome)")
    for one in found:
        since = local(one.confirmed_at or one.requested_at)
        told = local(one.told_at)
        table.add_row(str(one.id), one.address, one.state, one.frequency, one.language, since, told)
    out.print(table if found else "There is no subscription yet.")


@subscribers.command(
    epilog='Example: coopwatch subscribers add ong@example.org --origin "asked at the assembly of 3 March"'
)
def add(
    address: Address,
    origin: Annotated[str, typer.Option(help="Where the consent comes from, for whoever asks later.")],
    language: Annotated[str, typer.Option(help=f"One of {', '.join(LANGUAGES)}.")] = LANGUAGES[0],
    frequency: Annotated[Frequency, typer.Option(help="How often.")] = Frequency.WEEKLY,
    by: By = None,
    data: Data = None,
) -> None:
    """Put an address on the list: a mail asks its owner to confirm, and nothing else follows without that."""
    if language not in LANGUAGES:
        raise typer.BadParameter(f"{language!r} is none of {', '.join(LANGUAGES)}", param_hint="--language")
    if not origin.strip():
        raise typer.BadParameter("say where the consent comes from", param_hint="--origin")
    found, house = parse_address(address), open_house(data)
    with house.db.writing() as session:
        how = SignUp(SignUpForm.STAFF, None, _member(session, by), origin.strip())
        wish = Wish(language, frequency, Filters())
        became = enlist(session, found, wish, how, mail_sender(house.settings), Present().now())
    if became is not Enlisted.ASKED:
        raise DecisionError(f"{found.envelope}: {SAID[became]}")
    out.print(f"{found.envelope}: {SAID[became]}.", markup=False)


@subscribers.command("import", epilog="Example: coopwatch subscribers import ngos.csv --apply")
def import_list(
    file: Annotated[Path, typer.Argument(help="CSV: columns address and origin at least.")],
    apply: Annotated[bool, typer.Option("--apply", help="Do it; else only say what would be.")] = False,
    by: By = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Put a list of addresses on the list, each with the origin of its consent; each is asked to confirm.

    Without --apply nothing is written. Lines that cannot be used are named with their reason, the others
    are done; doing it again asks nobody twice.
    """
    house = open_house(data)
    lines = read_list(file, {source.name for source in house.sources})
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        shown = progress.track(lines, description="reading the list")
        report = [_outcome(house, line, apply, by) for line in shown]
    if as_json:
        print_json(report)
    else:
        _print_report(report, apply)
    if any(one["outcome"] == "unusable" for one in report):
        raise typer.Exit(1)


@subscribers.command(epilog="Example: coopwatch subscribers export ong@example.org > ong.json")
def export(address: Address, data: Data = None) -> None:
    """Print everything that is held on an address, as JSON, for the person whose it is."""
    house, mailbox = open_house(data), parse_address(address).mailbox
    with house.db.reading() as session:
        _known(session, mailbox)
        held = personal_file(session, mailbox)
    print_json(held)


@subscribers.command(epilog="Example: coopwatch subscribers erase ong@example.org --yes")
def erase(
    address: Address,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    by: By = None,
    data: Data = None,
) -> None:
    """Remove an address from every table and stored mail for good, because its owner asked for it."""
    house, mailbox = open_house(data), parse_address(address).mailbox
    if not (yes or _agreed(f"Erase everything about {mailbox}? This cannot be undone")):
        raise DecisionError("nothing was erased", "Answer y, or add --yes where nobody can be asked.")
    with house.db.writing() as session:
        found, at = _known(session, mailbox), Present().now()
        why = "asked for by the reader, done by staff"
        erase_mailbox(session, mailbox, at, why, SuppressionReason.ERASED)
        subject = f"subscription {found[-1].id}"
        member = _member(session, by)
        attest_staff_action(session, at=at, account=member, action="subscriber: erase", subject=subject)
    house.db.scrub()
    out.print("Erased. A keyed hash stays, so that nobody writes to it again by mistake.")


@subscribers.command(epilog="Example: coopwatch subscribers suspend ong@example.org")
def suspend(address: Address, by: By = None, data: Data = None) -> None:
    """Send nothing to an address until it is resumed; what changes meanwhile is told then."""
    house = open_house(data)
    with house.db.writing() as session:
        found = _standing(session, address)
        if not staff_suspend(session, found.id, _member(session, by), Present().now()):
            raise DecisionError(f"{found.address} is suspended already")
    out.print(f"{found.address} is suspended.", markup=False)


@subscribers.command(epilog="Example: coopwatch subscribers resume ong@example.org")
def resume(address: Address, by: By = None, data: Data = None) -> None:
    """Let a suspended address have its digests again, from where it was told last."""
    house = open_house(data)
    with house.db.writing() as session:
        found = _standing(session, address)
        if not staff_resume(session, found.id, _member(session, by), Present().now()):
            raise DecisionError(f"{found.address} is not suspended")
    out.print(f"{found.address} goes on.", markup=False)


def _agreed(question: str) -> bool:
    """Ask a person, and take an end of the input for a no."""
    try:
        return typer.confirm(question, err=True)
    except typer.Abort:
        return False


def _outcome(house: House, line: Line | Problem, apply: bool, by: str | None) -> dict[str, Any]:
    if isinstance(line, Problem):
        return {"line": line.number, "address": line.text, "outcome": "unusable", "why": line.why}
    if apply:
        with house.db.writing() as session:
            how = SignUp(SignUpForm.IMPORT, None, _member(session, by), line.origin)
            sender = mail_sender(house.settings)
            became = enlist(session, line.address, line.wish, how, sender, Present().now())
    else:
        with house.db.reading() as session:
            became = outlook(session, line.address)
    return {
        "line": line.number,
        "address": line.address.envelope,
        "outcome": became.value,
        "why": SAID[became],
    }


def _print_report(report: list[dict[str, Any]], apply: bool) -> None:
    table = whole_table("line", "address", "outcome", "why")
    for one in report:
        table.add_row(str(one["line"]), one["address"], one["outcome"], one["why"])
    out.print(table if report else "The list is empty.")
    asked = sum(one["outcome"] == Enlisted.ASKED for one in report)
    bad = sum(one["outcome"] == "unusable" for one in report)
    verb = ("was" if asked == 1 else "were") if apply else "would be"
    done = "asked to confirm" if apply else "asked to confirm; --apply does it"
    unusable = counted(bad, "line", "lines")
    out.print(f"{asked} of {len(report)} {verb} {done}. {unusable} cannot be used.")


def _member(session: Session, by: str | None) -> int:
    return member_number(session, by or getpass.getuser())


def _known(session: Session, mailbox: str) -> tuple[Subscription, ...]:
    found = mailbox_subscriptions(session, mailbox)
    if not found:
        raise NotFoundError(f"nothing is held on {mailbox}", "`coopwatch subscribers list` shows them all.")
    return found


def _standing(session: Session, address: str) -> Subscription:
    found = _known(session, parse_address(address).mailbox)
    states = {SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED}
    standing = next((one for one in found if one.state in states), None)
    if standing is None:
        raise DecisionError(f"{found[-1].address} has no subscription that stands: it is {found[-1].state}")
    return standing


def _shape(one: Subscription) -> dict[str, Any]:
    return {
        "number": one.id,
        "address": one.address,
        "state": one.state.value,
        "frequency": one.frequency.value,
        "language": one.language,
        "form": one.sign_up.form.value,
        "requested_at": instant(one.requested_at),
        "confirmed_at": instant(one.confirmed_at),
        "suspended_at": instant(one.suspended_at),
        "suspended_for": one.suspended_for,
        "ended_at": instant(one.ended_at),
        "told_at": instant(one.told_at),
        "told_up_to": one.cursor,
    }
