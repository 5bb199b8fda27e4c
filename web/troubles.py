"""Pages for what went wrong: they say it in the reader's language and show the way on."""

import logging
from collections.abc import Sequence

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from scraper.errors import DatabaseError, NotFoundError
from web.asked import asked
from web.feed_filters import FilterError
from web.safety import SAFE_HEADERS

_LOG = logging.getLogger(__name__)


def add_trouble_pages(app: FastAPI) -> None:
    """Make the app answer faults with pages."""
    app.add_exception_handler(NotFoundError, _not_found)
    app.add_exception_handler(RequestValidationError, _not_found)
    app.add_exception_handler(FilterError, _no_such_filter)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(DatabaseError, _unavailable)
    app.add_exception_handler(Exception, _broken)


def _not_found(request: Request, _error: Exception) -> Response:
    return _page(request, 404, "missing")


def _no_such_filter(request: Request, error: Exception) -> Response:
    assert isinstance(error, FilterError)
    text = asked(request).words.text
    said = [text(one.key, filter=one.filter, value=one.value, known=one.known) for one in error.mistakes]
    return _page(request, 400, "filter", said)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    page = _page(request, error.status_code, "missing" if error.status_code == 404 else "refused")
    page.headers.update(error.headers or {})
    return page


def _unavailable(request: Request, error: Exception) -> Response:
    _LOG.error("%s: %s", request.url.path.split("/")[1], error)
    return _page(request, 503, "unavailable")


def _broken(request: Request, _error: Exception) -> Response:
    page = _page(request, 500, "broken")
    # This answer is made outside the middleware, and the server hangs up after it.
    page.headers.update({**SAFE_HEADERS, "Connection": "close"})
    return page


def _page(request: Request, status: int, name: str, details: Sequence[str] = ()) -> Response:
    return asked(request).page("trouble.html", status, name=name, details=details)
