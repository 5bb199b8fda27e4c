"""The overview that proves silence: of every page its visits, gaps and failures, and what waits for staff."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from scraper.records import Decision
from store.attendance import Attended, attendance
from store.pages import PageEntry, pages
from store.reviews import Review, open_reviews
from web.asked import Number
from web.office.ages import age, lasting
from web.office.daybook import Daybook, daybook, first_shown
from web.office.entrance import Auditor, Desk

ROUTES = APIRouter()

WEEKS = 12
"""So many weeks of each page are drawn here; a page's own record shows a year."""
AT_ONCE = 50
"""So many pages are drawn at once, those in trouble first; the others are on the next."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A page, how its visits went lately, and the reviews about it that are open."""

    page: PageEntry
    daybook: Daybook
    reviews: tuple[Review, ...]


@ROUTES.get("/staff")
def overview(desk: Auditor, skip: Number = 0) -> HTMLResponse:
    """Show every page's last weeks, day by day, and the age of what waits."""
    now = desk.asked.house.clock.now()
    since = now - timedelta(weeks=WEEKS)
    with desk.asked.house.db.reading() as session:
        waiting = open_reviews(session)
        watched = sorted(pages(session), key=lambda page: not _in_trouble(page, waiting))
        shown = watched[skip : skip + AT_ONCE]
        visits = attendance(session, [page.id for page in shown], since)
    return desk.page(
        "overview.html",
        number=len(watched),
        watches=[_watch(desk, page, visits[page.id], waiting, since, now) for page in shown],
        next=skip + AT_ONCE if len(watched) > skip + AT_ONCE else None,
        waiting=waiting,
        age=lambda at: age(at, now, desk.asked.words),
        lasting=lambda span: lasting(span, desk.asked.words),
        weeks=WEEKS,
    )


def _in_trouble(page: PageEntry, waiting: tuple[Review, ...]) -> bool:
    fails = page.retired_at is None and page.last_decision in {Decision.HELD, Decision.FAILED}
    return fails or any(review.page_id == page.id for review in waiting)


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
