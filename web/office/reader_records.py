"""Who subscribes: counts and masked addresses for everybody, the addresses for those who work with them."""

from collections import Counter
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from notifier.enlisting import Enlisted, enlist
from notifier.words import LANGUAGES
from scraper.errors import AddressError
from store.consents import consents
from store.mailboxes import parse_address
from store.preferences import preferences
from store.staff.accounts import member_names
from store.staff.reader_deeds import staff_erase, staff_resume, staff_suspend
from store.subscriptions import (
    Filters,
    Frequency,
    SignUp,
    SignUpForm,
    SubscriptionState,
    Wish,
    subscription,
    subscriptions,
)
from web.asked import Number
from web.office.entrance import Administrator, Auditor, Desk, Editor, Eraser

ROUTES = APIRouter()

AT_ONCE = 200

STATES = (
    *(SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED),
    *(SubscriptionState.PENDING, SubscriptionState.ENDED),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What somebody typed into the form that adds a reader."""

    address: str = ""
    origin: str = ""
    language: str = LANGUAGES[0]
    frequency: str = Frequency.WEEKLY


@ROUTES.get("/staff/subscribers")
def listing(desk: Auditor, state: str = "", before: Number | None = None) -> HTMLResponse:
    """List the subscriptions, newest first, those in one state or all."""
    return _listing(desk, state, before)


@ROUTES.post("/staff/subscribers")
def add(
    desk: Editor,
    reader: Annotated[str, Form(max_length=320)] = "",
    origin: Annotated[str, Form(max_length=500)] = "",
    language: Annotated[str, Form()] = "",
    frequency: Annotated[str, Form()] = "",
) -> Response:
    """Put an address on the list with the origin of its consent: its owner is asked to confirm."""
    entry = Entry(reader.strip(), origin.strip(), language, frequency)
    if not entry.origin or language not in LANGUAGES or frequency not in set(Frequency):
        return _listing(desk, entry=entry, wrong="form", status=422)
    try:
        found = parse_address(entry.address)
    except AddressError:
        return _listing(desk, entry=entry, wrong="address", status=422)
    house, how = desk.asked.house, SignUp(SignUpForm.STAFF, None, desk.account.id, entry.origin)
    wish = Wish(language, Frequency(frequency), Filters())
    with house.db.writing() as session:
        became = enlist(session, found, wish, how, house.sender, house.clock.now())
    if became is not Enlisted.ASKED:
        return _listing(desk, entry=entry, wrong=became, status=409)
    return desk.back("/subscribers", "added")


@ROUTES.get("/staff/subscribers/{number}")
def one(desk: Auditor, number: Number) -> HTMLResponse:
    """Show one subscription: what it asked for over time, and the consent on record."""
    return _record(desk, number)


@ROUTES.get("/staff/subscribers/{number}/erase")
def ask_to_erase(desk: Administrator, number: Number) -> HTMLResponse:
    """Ask once more before everything about a reader goes."""
    return _record(desk, number, erasing=True)


@ROUTES.post("/staff/subscribers/{number}/suspend")
def suspend(desk: Editor, number: Number) -> Response:
    """Send nothing until the subscription is resumed."""
    house = desk.asked.house
    with house.db.writing() as session:
        staff_suspend(session, number, desk.account.id, house.clock.now())
    return desk.back(f"/subscribers/{number}", "suspended")


@ROUTES.post("/staff/subscribers/{number}/resume")
def resume(desk: Editor, number: Number) -> Response:
    """Let the subscription have its digests again."""
    house = desk.asked.house
    with house.db.writing() as session:
        staff_resume(session, number, desk.account.id, house.clock.now())
    return desk.back(f"/subscribers/{number}", "resumed")


@ROUTES.post("/staff/subscribers/{number}/erase")
def erase(desk: Eraser, number: Number) -> Response:
    """Erase everything about the reader, who asked for it."""
    house = desk.asked.house
    with house.db.writing() as session:
        staff_erase(session, number, desk.account.id, house.clock.now())
    house.db.scrub()
    return desk.back("/subscribers", "erased")


def _listing(
    desk: Desk,
    state: str = "",
    before: int | None = None,
    *,
    entry: Entry | None = None,
    wrong: str = "",
    status: int = 200,
) -> HTMLResponse:
    with desk.asked.house.db.reading() as session:
        known = subscriptions(session)
    counts = Counter(one.state for one in known)
    chosen = [
        one for one in reversed(known) if state in {"", one.state} and (before is None or one.id < before)
    ]
    return desk.page(
        "subscribers.html",
        status,
        listed=chosen[:AT_ONCE],
        older=chosen[AT_ONCE - 1].id if len(chosen) > AT_ONCE else None,
        counts=[(one, counts[one]) for one in STATES],
        state=state,
        entry=entry or Entry(),
        wrong=wrong,
        frequencies=tuple(Frequency),
        wish_languages=LANGUAGES,
    )


def _record(desk: Desk, number: int, *, erasing: bool = False) -> HTMLResponse:
    with desk.asked.house.db.reading() as session:
        reader = subscription(session, number)
        return desk.page(
            "subscriber.html",
            reader=reader,
            versions=preferences(session, number),
            consents=consents(session, reader.mailbox),
            names=member_names(session),
            erasing=erasing,
        )
