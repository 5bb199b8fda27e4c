"""The pages that a browser walks are all that there are."""

import re

from tests.walked_pages import NO_PAGES, OFFICE, PLACES, PUBLIC, UNKNOWN
from web import app


def shape(path: str) -> str:
    """Return a path with {} for what is filled in."""
    bare = path.partition("?")[0]
    return re.sub(r"{\w*}", "{}", re.sub(r"/(\d+|torino|x)(?=/|$)", "/{}", bare))


def test_no_page_is_left_out_of_the_walk() -> None:
    """Whoever adds a page adds it to the list, or to what is no page, and nothing there is left over."""
    routes = {
        shape(route.path)
        for part in (*app.PUBLIC, *app.OFFICE)
        for route in part.ROUTES.routes
        if "GET" in route.methods
    }
    places = (place for _, place in PLACES)
    walked = {shape(path) for path in (*PUBLIC, *OFFICE, *UNKNOWN, *places) if path != "/nix"}
    assert walked | NO_PAGES == routes and not walked & NO_PAGES
