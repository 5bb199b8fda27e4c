"""Every page there is, as a browser walks it; a test holds the list against the app's routes."""

from datetime import timedelta

from store.kinds import Frequency, SuspensionReason, TokenPurpose
from store.subscriptions import Filters, confirm, mint, request_subscription, suspend
from tests.staffed_house import StaffedHouse
from tests.test_web_staff_doors import LOOKING

PUBLIC = (
    "/",
    "/pages/1",
    "/pages/1/compare?before=1&after=7",
    "/captures/7",
    "/projects",
    "/projects?q=nessuno",
    "/projects/torino/4",
    "/projects/torino/4/compare?before=1&after=7",
    "/search",
    "/search?q=progetto",
    "/search?q=nulla",
    "/changes",
    "/changes?after=0&upto=99",
    "/changes?after=0&upto=99&areas=AFRICA&statuses=ongoing",
    "/changes/4",
    "/subscribe",
    "/preferences",
    "/privacy",
    "/evidence",
    "/accessibility",
    "/nix",
    "/staff/sign-in",
)
"""What a stranger may see."""

OFFICE = (
    *(path for path in LOOKING if not path.endswith(("/page", "/bytes"))),
    "/staff/captures/14",
    "/staff/reviews/2",
    "/staff/reviews/3",
    "/staff/deliveries?to=nobody",
    "/staff/subscribers?state=ended",
)
"""What staff may see."""

UNKNOWN = ("/confirm/x", "/unsubscribe/x", "/resume/x", "/preferences/x")
"""Mailed links that are none, or no longer."""

PLACES = (
    (TokenPurpose.CONFIRM, "/confirm/{}"),
    (TokenPurpose.RESUME, "/resume/{}"),
    (TokenPurpose.UNSUBSCRIBE, "/unsubscribe/{}"),
    (TokenPurpose.PREFERENCES, "/preferences/{}"),
    (TokenPurpose.PREFERENCES, "/preferences/{}/erase"),
)
"""What each mailed link opens; each page's last button answers with a page of its own."""

NO_PAGES = {
    "/health",
    "/checkpoint",
    "/checkpoint/{}",
    "/feed.{}",
    "/projects/{}/{}/feed.{}",
    "/preferences/{}/export",
    "/staff/captures/{}/page",
    "/staff/captures/{}/bytes",
    "/staff/deliveries/{}/page",
    "/staff/sign-in/provider",
    "/staff/sign-in/provider/back",
}
"""What answers with something else than a page of ours: data, files, and what stands in a frame."""


def mailed(house: StaffedHouse, mark: str) -> tuple[str, ...]:
    """Return the pages behind mailed links, each of a new reader whose address carries the mark."""
    pages: list[str] = []
    for purpose, place in PLACES:
        with house.db.writing() as session:
            now, address = house.clock.now(), f"{mark}{len(pages)}@example.org"
            wish = request_subscription(session, address, "it", Frequency.WEEKLY, Filters(), now)
            token = mint(session, wish.id, purpose, now, now + timedelta(days=1))
            pages.append(place.format(token))
            if purpose != TokenPurpose.CONFIRM:
                reader = confirm(session, wish.id, now)
            if purpose == TokenPurpose.RESUME:
                suspend(session, reader, now, SuspensionReason.READER)
    return tuple(pages)
