"""The commands about digests and their runs: look, hold, release, reject, correct, send."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import counted, instant, local
from cli.reviewing import By, Why, signature_of
from cli.whole_tables import whole_table
from cli.wiring import mail_sender, open_mailroom
from notifier.compose import Preview, previews
from notifier.corrections import correct as correct_entries
from notifier.masking import read_mail
from schedules.jobs import deliver
from schedules.present import Present
from store.database import Session
from store.deliveries import Delivery, deliveries
from store.digest_runs import Run, open_runs, run, runs
from store.kinds import DeliveryState
from store.run_decisions import hold_run, reject_run, release_run, run_decisions
from store.run_mails import mail_counts

app = typer.Typer()
digest = typer.Typer(no_args_is_help=True, help="The digests that readers are owed, and their runs.")
app.add_typer(digest, name="digest")

Number = Annotated[int, typer.Argument(metavar="RUN", help="The run's number, as `digest runs` shows it.")]
MOST = 50


@digest.command("runs", epilog="Example: coopwatch digest runs")
def list_runs(
    every: Annotated[
        bool, typer.Option("--all", help=f"All of them, also the missed ones; not the last {MOST}.")
    ] = False,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """List the runs, newest first: period, state, mails, and why one waits for staff."""
    house = open_house(data)
    with house.db.reading() as session:
        found = runs(session, limit=None if every else MOST, missed=every)
        shapes = [_shape(session, one) for one in found]
    if as_json:
        print_json(shapes)
        return
    table = whole_table("run", "frequency", "period", "due (Rome)", "state", "mails", "why")
    for one, shape in zip(found, shapes, strict=True):
        mails = ", ".join(f"{count} {state}" for state, count in shape["mails"].items())
        why = "; ".join(one.reasons) or one.note or ""
        table.add_row(
            *(str(one.id), one.frequency or one.kind, one.period, local(one.due_at), one.state, mails, why)
        )
    out.print(table if found else "There has been no run yet.")


@digest.command(
    epilog="Examples: coopwatch digest preview --address reader@example.org · digest preview --run 7"
)
def preview(
    address: Annotated[str | None, typer.Option(help="For this reader alone.")] = None,
    number: Annotated[int | None, typer.Option("--run", help="The exact mails of this run.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Show what would be sent if every reader were due now, or the mails of a run; nothing is changed."""
    house = open_house(data)
    if number is None:
        found = previews(house.db, mail_sender(house.settings), address, house.sources)
    else:
        with house.db.reading() as session:
            run(session, number)
            mails = reversed(deliveries(session, recipient=address, run_id=number))
            found = tuple(map(_preview, mails))
    if as_json:
        print_json([{"recipient": p.recipient, "subject": p.subject, "text": p.text} for p in found])
        return
    for one in found:
        out.rule(one.recipient)
        out.print(f"Subject: {one.subject}\n\n{one.text}", markup=False)
    if not found:
        out.print("Nobody is owed anything.")


@digest.command(epilog='Example: coopwatch digest hold 7 --why "The office asked to wait"')
def hold(number: Number, why: Why, by: By = None, data: Data = None) -> None:
    """Keep the mails of a run that have not left from leaving, until it is released or rejected."""
    with open_house(data).db.writing() as session:
        hold_run(session, number, signature_of(by, why))
    out.print(f"Run {number} is held.")


@digest.command(epilog='Example: coopwatch digest release 7 --why "The office confirmed it"')
def release(number: Number, why: Why, by: By = None, data: Data = None) -> None:
    """Let the mails of a held run leave, byte for byte as they are."""
    with open_house(data).db.writing() as session:
        release_run(session, number, signature_of(by, why))
    out.print(f"Run {number} is released; its mails leave with the next delivery.")


@digest.command(epilog='Example: coopwatch digest reject 7 --why "The page was half empty"')
def reject(
    number: Number,
    why: Why,
    told: Annotated[
        bool, typer.Option("--told", help="Its readers know already: never tell them of these changes.")
    ] = False,
    by: By = None,
    data: Data = None,
) -> None:
    """Cancel the mails of a held run; the next run tells its readers what is then still so."""
    with open_house(data).db.writing() as session:
        reject_run(session, number, signature_of(by, why), told=told)
    out.print(f"Run {number} is rejected; none of its waiting mails leaves.")


@digest.command(
    epilog='Example: coopwatch digest correct 12 13 --why "Misread table" --it "La data era giusta."'
)
def correct(
    changes: Annotated[list[int], typer.Argument(metavar="CHANGE…", help="The numbers of what was wrong.")],
    why: Why,
    italian: Annotated[str, typer.Option("--it", help="What readers are told was wrong, in Italian.")],
    english: Annotated[str, typer.Option("--en", help="The same in English; else the Italian.")] = "",
    french: Annotated[str, typer.Option("--fr", help="The same in French; else the Italian.")] = "",
    by: By = None,
    data: Data = None,
) -> None:
    """Write corrections to those who were told these changes; they wait to be looked at and released."""
    house = open_house(data)
    wording = {"it": italian, "en": english, "fr": french}
    signature = signature_of(by, why)
    number, made = correct_entries(
        house.db, mail_sender(house.settings), changes, wording, signature, house.sources
    )
    written = counted(made, "correction", "corrections")
    out.print(f"Run {number}: {written} written. See `coopwatch digest preview --run {number}`.")


@digest.command(epilog="Example: coopwatch digest send")
def send(data: Data = None, as_json: Json = False) -> None:
    """Bring every run forward as far as it may go, send what is owed, and say which runs are open."""
    house = open_house(data)
    with open_mailroom(house.settings) as mailroom:
        sent = deliver(house.db, Present(), mailroom, house.sources)
    with house.db.reading() as session:
        shapes = [_shape(session, one) for one in open_runs(session)]
    if as_json:
        print_json({"accepted": sent.accepted, "deferred": sent.deferred, "open_runs": shapes})
    else:
        out.print(f"{sent.accepted} sent, {sent.deferred} to be tried again, {sent.rejected} refused.")
        for shape in shapes:
            out.print(f"Run {shape['run']} is {shape['state']}. {'; '.join(shape['reasons'])}", markup=False)
    if sent.deferred or sent.rejected or shapes:
        raise typer.Exit(1)


def _shape(session: Session, one: Run) -> dict[str, Any]:
    return {
        "run": one.id,
        "kind": one.kind,
        "frequency": one.frequency,
        "period": one.period,
        "due_at": instant(one.due_at),
        "state": one.state,
        "moved_at": instant(one.moved_at),
        "after": one.start,
        "upto": one.cutoff,
        "mails": _counted(mail_counts(session, one.id)),
        "reasons": list(one.reasons),
        "note": one.note,
        "decisions": [
            {"at": instant(made.at), "by": made.by, "action": made.action, "why": made.why}
            for made in run_decisions(session, one.id)
        ],
    }


def _counted(counts: Mapping[DeliveryState, int]) -> dict[str, int]:
    return {state.value: counts[state] for state in DeliveryState if counts.get(state)}


def _preview(mail: Delivery) -> Preview:
    shown = read_mail(mail.message)
    plain: Iterable[str] = (part.text for part in shown.parts if part.media_type == "text/plain")
    return Preview(mail.recipient, shown.subject, next(iter(plain), ""))
