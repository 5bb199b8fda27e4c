"""The runs of digests: their queue, each with the exact mails that wait, and what staff decide about them."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from notifier.corrections import correct
from store.deliveries import DeliveryState
from store.digest_runs import Run, RunKind, RunState, run, runs
from store.ledger import entry
from store.run_decisions import hold_run, reject_run, release_run, run_decisions
from store.run_mails import mail_counts, samples
from store.telling import run_entries
from web.asked import Number
from web.office.entrance import Auditor, Editor
from web.office.review_queue import Why, signed

ROUTES = APIRouter()

AT_ONCE = 100

Wording = Annotated[str, Form(max_length=2000)]


@dataclass(frozen=True, slots=True)
class Sample:
    """One mail of those with the same content, and how many readers have that content."""

    delivery_id: int
    recipient: str
    subject: str
    readers: int


@ROUTES.get("/staff/runs")
def queue(desk: Auditor, before: Number | None = None) -> HTMLResponse:
    """List what waits for staff, then all runs, newest first."""
    with desk.asked.house.db.reading() as session:
        waiting = runs(session, RunState.HELD)
        found = runs(session, limit=AT_ONCE + 1, before=before)
        counts = {one.id: mail_counts(session, one.id) for one in (*waiting, *found[:AT_ONCE])}
    return desk.page(
        "runs.html",
        waiting=waiting,
        found=found[:AT_ONCE],
        counts=counts,
        states=tuple(DeliveryState),
        older=found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
    )


@ROUTES.get("/staff/runs/{run_id}")
def run_record(desk: Auditor, run_id: Number) -> HTMLResponse:
    """Show a run: why it waits, one mail of each content, what it tells, and what was decided."""
    with desk.asked.house.db.reading() as session:
        chosen = run(session, run_id)
        found = [
            Sample(one.id, one.recipient, desk.mail(one).subject, readers)
            for one, readers in samples(session, run_id)
        ]
        told = [entry(session, number) for number in run_entries(session, run_id)]
        counts, decided = mail_counts(session, run_id), run_decisions(session, run_id)
    return desk.page(
        "run.html",
        run=chosen,
        samples=found,
        told=told,
        counts=counts,
        states=tuple(DeliveryState),
        decided=decided,
        acts=_acts(chosen),
        correctable=chosen.kind == RunKind.DIGEST and bool(counts[DeliveryState.ACCEPTED]),
    )


@ROUTES.post("/staff/runs/{run_id}/{act}")
def decide_run(
    desk: Editor, run_id: Number, act: Literal["hold", "release", "reject", "told"], why: Why = ""
) -> Response:
    """Hold, release or reject a run, or reject it because its readers know already."""
    signature = signed(desk, why)
    with desk.asked.house.db.writing() as session:
        match act:
            case "hold":
                hold_run(session, run_id, signature)
            case "release":
                release_run(session, run_id, signature)
            case _:
                reject_run(session, run_id, signature, told=act == "told")
    return desk.back(f"/runs/{run_id}", f"run_{act}")


@ROUTES.post("/staff/corrections")
def write_correction(
    desk: Editor,
    change: Annotated[list[int] | None, Form()] = None,
    why: Why = "",
    it: Wording = "",
    en: Wording = "",
    fr: Wording = "",
) -> Response:
    """Write corrections to those who were told these changes; they wait in a run of their own."""
    house, signature = desk.asked.house, signed(desk, why)
    wording = {"it": it, "en": en, "fr": fr}
    number, _ = correct(house.db, house.sender, change or (), wording, signature, house.sources)
    return desk.back(f"/runs/{number}", "run_correct")


def _acts(chosen: Run) -> tuple[str, ...]:
    if chosen.state == RunState.HELD:
        return ("release", "reject", "told") if chosen.kind == RunKind.DIGEST else ("release", "reject")
    return ("hold",) if chosen.state in {RunState.COMPOSED, RunState.RELEASED, RunState.DRAINING} else ()
