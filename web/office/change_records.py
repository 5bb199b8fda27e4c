"""The changes for staff: who was told of each, and the notes on it."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.ledger import entry, head, newest
from store.staff.accounts import member_names
from store.staff.remarks import Subject, remarks
from store.telling import told_of
from web.asked import Number
from web.events import events
from web.office.entrance import Auditor

ROUTES = APIRouter()

AT_ONCE = 200
MOST = 500
"""Mails listed under a change; `coopwatch explain` lists them all."""


@ROUTES.get("/staff/changes")
def listing(desk: Auditor, upto: Number | None = None) -> HTMLResponse:
    """List the changes, newest first, told and untold; what archives brought stands in histories alone."""
    with desk.asked.house.db.reading() as session:
        last = min(upto, head(session)) if upto is not None else head(session)
        found = newest(session, last, AT_ONCE)
    return desk.page(
        "changes.html",
        events=events(found, desk.asked.words, untold=True),
        older=found[0].pub_seq - 1 if len(found) == AT_ONCE else None,
    )


@ROUTES.get("/staff/changes/{pub_seq}")
def change_record(desk: Auditor, pub_seq: Number) -> HTMLResponse:
    """Show a change, every digest that told it, and the notes on it."""
    with desk.asked.house.db.reading() as session:
        chosen = entry(session, pub_seq)
        tellings = told_of(session, [pub_seq])
        notes = remarks(session, Subject.CHANGE, str(pub_seq))
        names = member_names(session)
    return desk.page(
        "change.html",
        entry=chosen,
        event=next(iter(events([chosen], desk.asked.words, untold=True)), None),
        tellings=tellings,
        most=MOST,
        notes=notes,
        names=names,
    )
