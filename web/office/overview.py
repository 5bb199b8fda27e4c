"""The overview that proves silence: of every page its visits, gaps and failures, and what waits for staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.attendance import Attended, attendance
from store.pages import PageEntry, pages
from store.reviews import Review, open_reviews
from web.office.ages import age, lasting
from web.office.daybook import Daybook, daybook, first_shown
from web.office.entrance import Auditor, Desk

ROUTES = APIRouter()

WEEKS = 12
"""So many weeks of each page are drawn here; a page's own record shows a year."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A page, how its visits went lately, and the reviews about it that are open."""

    page: PageEntry
    daybook: Daybook
    reviews: tuple[Review, ...]


@ROUTES.get("/staff")
def overview(desk: Auditor) -> HTMLResponse:
    """Show every page's last weeks, day by day, and the age of what waits."""
    now = desk.asked.house.clock.now()
    since = now - timedelta(weeks=WEEKS)
    with desk.asked.house.db.reading() as session:
        watched = pages(session)
        visits = attendance(session, [page.id for page in watched], since)
        waiting = open_reviews(session)
    return desk.page(
        "overview.html",
        watches=[_watch(desk, page, visits[page.id], waiting, since, now) for page in watched],
        waiting=waiting,
        age=lambda at: age(at, now, desk.asked.words),
        lasting=lambda span: lasting(span, desk.asked.words),
        weeks=WEEKS,
    )


def _watch(
    desk: Desk,
    page: PageEntry,
    visits: tuple[Attended, ...],
    waiting: tuple[Review, ...],
    since: datetime,
    now: datetime,
) -> Watch:
    about = tuple(review for review in waiting if review.page_id == page.id)
    begin = first_shown(page, visits, since, now)
    return Watch(page, daybook(visits, begin, now, desk.asked.words), about)
