"""Small pages, read as if a public body had just published them."""

from datetime import UTC, datetime

from scraper.read import read
from scraper.records import Capture, Project, Snapshot

ADDRESS = "https://www.example.org/progetti"


def snapshot(body: str, head: str = "", before: str = "") -> Snapshot:
    """Return the reading of a page whose main part is `body`; `before` stands above that part."""
    html = f"<html><head>{head}</head><body>{before}<main>{body}</main></body></html>"
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return read(Capture(ADDRESS, datetime(2026, 3, 1, tzinfo=UTC), 200, headers, html.encode()))


def projects(body: str, head: str = "", before: str = "") -> tuple[Project, ...]:
    """Return the projects of such a page."""
    return snapshot(body, head, before).projects


def titles(body: str, head: str = "", before: str = "") -> list[str | None]:
    """Return the titles of the projects of such a page."""
    return [project.title for project in projects(body, head, before)]
