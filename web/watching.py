"""The first page: what is watched, how it went lately, and what changed last."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, JSONResponse

from store.ledger import head, newest
from store.pages import pages
from web.asked import Ask
from web.events import events

ROUTES = APIRouter()

_LATEST = 8
_LOOKED_AT = 200


@ROUTES.get("/")
def watching(asked: Ask) -> HTMLResponse:
    """Show every watched page by source, and the latest changes."""
    with asked.house.db.reading() as session:
        watched = sorted(pages(session), key=lambda page: page.retired_at is not None)
        recent = newest(session, head(session), _LOOKED_AT)
    names = list(dict.fromkeys(page.source for page in watched))
    told = events(recent, asked.words)[:_LATEST]
    groups = [(name, [page for page in watched if page.source == name]) for name in names]
    return asked.page("watching.html", groups=groups, events=told)


@ROUTES.get("/health")
def health(asked: Ask) -> JSONResponse:
    """Say that the pages and the database answer, and when the last visit was; for monitors."""
    with asked.house.db.reading() as session:
        visited = [page.last_visit_at for page in pages(session) if page.last_visit_at]
        changes = head(session)
    return JSONResponse(
        {"status": "ok", "changes": changes, "last_visit": max(visited).isoformat() if visited else None},
        headers={"Cache-Control": "no-store"},
    )
