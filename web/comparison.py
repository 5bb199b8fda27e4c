"""Two versions of a page side by side: the projects that differ, field by field and word by word."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.news import fold
from notifier.story import Story, full_title, story
from scraper.errors import NotFoundError
from scraper.records import Snapshot
from store.database import Session
from store.history import CaptureEntry, capture, captures, snapshot
from store.ledger import LedgerEntry, entries
from store.pages import PageEntry, page
from web.asked import Ask, Number

ROUTES = APIRouter()


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one page, the older first, and the ledger entries that lie between them."""

    older: CaptureEntry
    newer: CaptureEntry
    entries: tuple[LedgerEntry, ...]
    stated: Snapshot | None


@ROUTES.get("/pages/{page_id}/compare")
def comparison(asked: Ask, page_id: Number, before: Number, after: Number) -> HTMLResponse:
    """Show what differs between two versions, in whatever order they are named."""
    with asked.house.db.reading() as session:
        watched = page(session, page_id)
        pair = _pair(session, watched, before, after)
    stories = tuple(story(news, asked.words) for news in fold(pair.entries, untold=True))
    return asked.page(
        "comparison.html",
        page=watched,
        pair=pair,
        stories=stories,
        unchanged=_unchanged(asked, pair, stories),
    )


def _pair(session: Session, watched: PageEntry, before: int, after: int) -> Pair:
    chosen = [capture(session, number) for number in (before, after)]
    if any(entry.page_id != watched.id for entry in chosen):
        raise NotFoundError(f"not both captures are of page {watched.id}", "Choose two of its history.")
    older, newer = sorted(chosen, key=lambda entry: (entry.at, entry.id))
    between = {
        entry.id for entry in captures(session, watched.id) if _key(older) < _key(entry) <= _key(newer)
    }
    lying = tuple(entry for entry in entries(session, source=watched.source) if entry.capture_id in between)
    return Pair(older, newer, lying, snapshot(session, newer.id))


def _key(entry: CaptureEntry) -> tuple[object, int]:
    return entry.at, entry.id


def _unchanged(asked: Ask, pair: Pair, stories: tuple[Story, ...]) -> list[str]:
    """Return the titles in the newer version that no story is about."""
    told = {told.title for told in stories}
    stated = pair.stated.projects if pair.stated else ()
    titles = (full_title(project, asked.words) for project in stated)
    return [title for title in titles if title not in told]
