"""What a browser brings along on a walk: a member's session, the size of its window, its colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.staffed_house import StaffedHouse
from web.office.entrance import COOKIE


@contextmanager
def walking(browser: Any, house: StaffedHouse, role: str = "stranger", **looks: Any) -> Iterator[Any]:
    """Open a page of a fresh browser in which a member of that role is signed in."""
    base = str(house.client.base_url).rstrip("/")
    context = browser.new_context(base_url=base, locale="it-IT", **looks)
    member = house.member(role)
    if member.token:
        # As the sign-in sets it, but for the path, which Playwright derives from an address or takes alone.
        where = {"domain": "127.0.0.1", "path": "/staff", "httpOnly": True, "sameSite": "Lax"}
        context.add_cookies([{"name": COOKIE, "value": member.token, **where}])
    try:
        yield context.new_page()
    finally:
        context.close()
