"""The changes for staff: who was told of each, and the notes on it."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.links import Links
from store.deliveries import Delivery, first_digests_with
from store.ledger import LedgerEntry, entries, entry, head
from store.staff.accounts import member_names
from store.staff.remarks import Subject, remarks
from web.asked import Number
from web.events import events
from web.office.entrance import Auditor
from web.office.masking import read_mail

ROUTES = APIRouter()

AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Told:
    """A digest that reaches over a change; `named` says whether it names the project."""

    delivery: Delivery
    named: bool


@ROUTES.get("/staff/changes")
def listing(desk: Auditor, upto: Number | None = None) -> HTMLResponse:
    """List the changes, newest first, told and untold."""
    with desk.asked.house.db.reading() as session:
        last = min(upto, head(session)) if upto is not None else head(session)
        first = max(0, last - AT_ONCE)
        found = entries(session, after=first, upto=last)
    return desk.page(
        "changes.html", events=events(found, desk.asked.words, untold=True), older=first if first else None
    )


@ROUTES.get("/staff/changes/{pub_seq}")
def change_record(desk: Auditor, pub_seq: Number) -> HTMLResponse:
    """Show a change, every digest that told it, and the notes on it."""
    with desk.asked.house.db.reading() as session:
        chosen = entry(session, pub_seq)
        digests = first_digests_with(session, pub_seq)
        notes = remarks(session, Subject.CHANGE, str(pub_seq))
        names = member_names(session)
    return desk.page(
        "change.html",
        entry=chosen,
        event=next(iter(events([chosen], desk.asked.words, untold=True)), None),
        told=[_told(desk.asked.house.sender.public_url, chosen, digest) for digest in digests],
        notes=notes,
        names=names,
    )


def _told(public_url: str, chosen: LedgerEntry, digest: Delivery) -> Told:
    """Look into the mail itself: a reader's filters, or brevity, may have left the project out."""
    project = Links(public_url).project(chosen.source, chosen.change.track)
    texts = (part.text for part in read_mail(digest.message).parts if part.media_type == "text/plain")
    return Told(digest, any(project in text.split() for text in texts))
