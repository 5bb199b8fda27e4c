"""Two versions of a page or of a project side by side: field by field, word by word, line by line."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.story import full_title
from notifier.version_pairs import VersionPair, page_pair, project_pair
from scraper.records import Snapshot
from store.history import snapshot
from store.pages import page
from store.tracks import project_entry
from web.asked import Ask, Number

ROUTES = APIRouter()


@ROUTES.get("/pages/{page_id}/compare")
def comparison(asked: Ask, page_id: Number, before: Number, after: Number) -> HTMLResponse:
    """Show what differs between two versions, in whatever order they are named."""
    with asked.house.db.reading() as session:
        watched = page(session, page_id)
        pair = page_pair(session, page_id, before, after, asked.words)
        stated = snapshot(session, pair.newer.id)
    return asked.page(
        "comparison.html",
        page=watched,
        pair=pair,
        unchanged=_unchanged(asked, stated, pair),
    )


@ROUTES.get("/projects/{source}/{number}/compare")
def project_comparison(
    asked: Ask, source: str, number: Number, before: Number, after: Number
) -> HTMLResponse:
    """Show how a project differs between two visits, in whatever order they are named."""
    with asked.house.db.reading() as session:
        entry = project_entry(session, source, number)
        pair = project_pair(session, source, number, before, after, asked.words)
    title = full_title(entry.project, asked.words)
    return asked.page("project_comparison.html", entry=entry, title=title, pair=pair)


def _unchanged(asked: Ask, stated: Snapshot | None, pair: VersionPair) -> list[str]:
    """Return the titles in the newer version that no story is about."""
    told = {told.title for told in pair.stories}
    titles = (full_title(project, asked.words) for project in (stated.projects if stated else ()))
    return [title for title in titles if title not in told]
