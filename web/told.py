"""The changes as they became public, and for each of them why we say so."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.digest import stretch
from notifier.render import told_stories
from scraper.records import Span
from store.history import CaptureEntry, capture, captures
from store.ledger import LedgerEntry, entries, entries_with_past, entry, head, newest
from store.pages import page
from web.asked import Ask, Number
from web.asked_filters import asked_filters, filter_titles
from web.events import events
from web.visits import is_version

ROUTES = APIRouter()

_ON_A_PAGE = 200


@ROUTES.get("/changes")
def listing(asked: Ask, after: Number | None = None, upto: Number | None = None) -> HTMLResponse:
    """List the latest changes up to a ledger number; or all that a digest tells of those after another."""
    with asked.house.db.reading() as session:
        last = min(upto, head(session)) if upto is not None else head(session)
        if after is None:
            found = newest(session, last, _ON_A_PAGE)
            older = found[0].pub_seq - 1 if len(found) == _ON_A_PAGE else 0
            return asked.page("changes.html", events=events(found, asked.words), older=older or None)
        known = entries_with_past(session, after, last)
    filters = asked_filters(asked, {"lang", "after", "upto"})
    stories = told_stories(stretch(filters, after, known), asked.words)
    return asked.page("stretch.html", stories=stories, filters=filter_titles(asked, filters))


@ROUTES.get("/changes/{pub_seq}")
def reason(asked: Ask, pub_seq: Number) -> HTMLResponse:
    """Show one project's change with the two visits that it lies between, and the words of the page."""
    with asked.house.db.reading() as session:
        chosen = entry(session, pub_seq)
        shown = capture(session, chosen.capture_id)
        watched = page(session, shown.page_id)
        seen = captures(session, shown.page_id, before=shown.id)
        related = entries(
            session, source=chosen.source, track=chosen.change.track, capture_id=chosen.capture_id
        )
    return asked.page(
        "reason.html",
        page=watched,
        entry=chosen,
        event=next(iter(events(related, asked.words, untold=True)), None),
        visit=shown,
        previous=_last_version(seen),
        grounds=_grounds(chosen, related),
    )


def _last_version(seen: tuple[CaptureEntry, ...]) -> CaptureEntry | None:
    return next((visit for visit in seen if is_version(visit)), None)


def _grounds(chosen: LedgerEntry, related: tuple[LedgerEntry, ...]) -> list[Span]:
    """Return where the page says what we tell: the words found for each changed field, or for all of them."""
    fields = {other.change.field for other in related if other.change.field is not None}
    spans = chosen.change.project.spans
    return [span for span in spans if not fields or span.field in fields]
