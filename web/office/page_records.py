"""A page's own record for staff: a year of days, each visit with its answer, notes, asking for a visit."""

from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from store.attendance import attendance
from store.evidence.attest import attest_staff_action
from store.history import captures
from store.pages import mark_due, page
from store.reviews import open_reviews
from store.staff.accounts import member_names
from store.staff.remarks import Subject, remarks
from web.asked import Number
from web.office.ages import age, lasting
from web.office.daybook import daybook, first_shown
from web.office.entrance import Auditor, Editor

ROUTES = APIRouter()

DAYS = 371
"""Fifty-three weeks."""
AT_ONCE = 100


@ROUTES.get("/staff/pages/{page_id}")
def page_record(desk: Auditor, page_id: Number, before: Number | None = None) -> HTMLResponse:
    """Show a year of a page's days, its visits one by one with their answers, and the notes on it."""
    now = desk.asked.house.clock.now()
    with desk.asked.house.db.reading() as session:
        watched = page(session, page_id)
        visits = attendance(session, [page_id], now - timedelta(days=DAYS))[page_id]
        listed = captures(session, page_id, limit=AT_ONCE + 1, before=before)
        notes = remarks(session, Subject.PAGE, str(page_id))
        waiting = [review for review in open_reviews(session, watched.source) if review.page_id == page_id]
        names = member_names(session)
    begin = first_shown(watched, visits, now - timedelta(days=DAYS), now)
    return desk.page(
        "page.html",
        page=watched,
        book=daybook(visits, begin, now, desk.asked.words),
        listed=listed[:AT_ONCE],
        older=listed[AT_ONCE - 1].id if len(listed) > AT_ONCE else None,
        notes=notes,
        names=names,
        waiting=waiting,
        age=lambda at: age(at, now, desk.asked.words),
        lasting=lambda span: lasting(span, desk.asked.words),
    )


@ROUTES.post("/staff/pages/{page_id}/check")
def ask_for_visit(desk: Editor, page_id: Number) -> Response:
    """Mark the page as due: the next tick of the schedule visits it, this page starts nothing itself."""
    now = desk.asked.house.clock.now()
    with desk.asked.house.db.writing() as session:
        page(session, page_id)
        mark_due(session, page_id, now)
        attest_staff_action(
            session, at=now, account=desk.account.id, action="check", subject=f"page {page_id}"
        )
    return desk.back(f"/pages/{page_id}", "check")
