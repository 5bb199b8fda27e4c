"""One visit for staff: the captured page, shown so that nothing in it can run or load, and its headers."""

import re
from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from scraper.errors import NotFoundError
from scraper.read.decoding.decode import charset_of
from scraper.read.decoding.media import Medium, medium_of
from scraper.records import Decision
from store.history import CaptureEntry, body, capture, captures
from store.pages import page
from store.reviews import Review, ReviewKind, open_reviews
from web.asked import Number
from web.office.entrance import Auditor
from web.safety import SAFE_HEADERS
from web.visits import is_version

ROUTES = APIRouter()

FRAMED = {
    # A sandbox without any allowance: no script, no form, no window, no plugin, and an origin of its own.
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "X-DNS-Prefetch-Control": "off",  # looking up a name tells its owner that somebody looked
}
FRAMING = {"Content-Security-Policy": SAFE_HEADERS["Content-Security-Policy"] + "; frame-src 'self'"}

_LOOKED_AT = 400

_BROWSERS_NAMES = {
    "utf-8": "utf-8",
    "windows-1252": "windows-1252",
    "iso8859-15": "iso-8859-15",
    "mac-roman": "macintosh",
}
"""What browsers call the charsets in which ASCII stands for itself; others are shown in UTF-8 instead."""

_CALLERS = re.compile(
    rb"<(/?)(area|link|i?frame|frameset|object|embed|portal|fencedframe)(?=[\s/>])", re.IGNORECASE
)
"""Elements for which Chromium (156) opens a connection before it asks the policy that forbids them."""

_LINKS = re.compile(rb"<(/?)a(?=[\s/>])", re.IGNORECASE)
"""Pressed links, for which it does so too; `g` does nothing in HTML, and in a drawing holds what it holds."""

AS_LINKS = b"<style>g:not(svg g){color:#06c;text-decoration:underline}</style>"
"""What makes links that lead nowhere look like links still; it follows the page."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Content as a browser may be given it."""

    content: bytes
    media_type: str


@ROUTES.get("/staff/captures/{capture_id}")
def visit_record(desk: Auditor, capture_id: Number) -> HTMLResponse:
    """Show a visit's answer: the page in its frame, headers as they came, redirects and digests."""
    with desk.asked.house.db.reading() as session:
        visit = capture(session, capture_id)
        watched = page(session, visit.page_id)
        earlier = captures(session, visit.page_id, limit=_LOOKED_AT, before=visit.id)
        content = body(session, capture_id) if visit.kept else None
        waiting = [review for review in open_reviews(session, watched.source) if _concerns(review, visit)]
    shown = None if content is None else _shown(visit, content)
    answer = desk.page(
        "capture.html",
        page=watched,
        visit=visit,
        earlier=earlier[0] if earlier else None,
        version=next((one for one in earlier if is_version(one)), None) if is_version(visit) else None,
        shown=shown,
        what=None if content is None or shown is not None else medium_of(content, _content_type(visit))[1],
        waiting=waiting,
    )
    answer.headers.update(FRAMING)
    return answer


@ROUTES.get("/staff/captures/{capture_id}/page")
def captured_page(desk: Auditor, capture_id: Number) -> Response:
    """Return the page for the frame, in the charset in which it was read.

    Its bytes are as they came, except that links, and elements which call other sites, have lost their names.
    """
    with desk.asked.house.db.reading() as session:
        shown = _shown(capture(session, capture_id), body(session, capture_id))
    if shown is None:
        raise NotFoundError(f"capture {capture_id} is no page that can be shown", "Download it.")
    return Response(shown.content, headers={**FRAMED, "Content-Type": shown.media_type})


@ROUTES.get("/staff/captures/{capture_id}/bytes")
def captured_bytes(desk: Auditor, capture_id: Number) -> Response:
    """Return the content as a file that no browser opens by itself."""
    with desk.asked.house.db.reading() as session:
        content = body(session, capture_id)
    return Response(
        content,
        headers={
            "Content-Type": "application/octet-stream",
            "Content-Disposition": f'attachment; filename="capture-{capture_id}.bin"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )


def _shown(visit: CaptureEntry, content: bytes) -> Shown | None:
    """Return the content for a frame; None for what is no page and no text."""
    medium, _ = medium_of(content, _content_type(visit))
    if medium is Medium.OTHER:
        return None
    charset = charset_of(content, _content_type(visit))
    name = _BROWSERS_NAMES.get(charset)
    if name is None:
        content, name = content.decode(charset, "replace").encode(), "utf-8"
    if medium is Medium.TEXT:
        return Shown(content, f"text/plain; charset={name}")
    return Shown(disarmed(content), f"text/html; charset={name}")


def disarmed(page: bytes) -> bytes:
    """Return HTML in which nothing can be followed and nothing calls other sites; ASCII stands for itself."""
    return _LINKS.sub(rb"<\1g", _CALLERS.sub(rb"<\1x-\2", page)) + AS_LINKS


def _concerns(review: Review, visit: CaptureEntry) -> bool:
    """Say whether a review is about this visit: the one with which it began, or a later one held like it."""
    held = visit.decision is Decision.HELD and review.kind is ReviewKind.CAPTURE
    return review.capture_id == visit.id or (
        held and review.page_id == visit.page_id and visit.at >= review.since
    )


def _content_type(visit: CaptureEntry) -> str | None:
    return next((value for name, value in visit.headers if name.lower() == "content-type"), None)
