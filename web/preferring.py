"""One's own subscription behind a fresh mailed link: change it, let it rest, leave, take along, erase."""

import json
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, Response

from exports.personal import personal_file
from notifier.invitations import owe_link
from scraper.errors import AddressError
from store.askings import grant_mail
from store.erasure import erase
from store.kinds import SuppressionReason, SuspensionReason
from store.mailboxes import Address, parse_address
from store.preferences import keep_preference
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    SubscriptionState,
    TokenPurpose,
    holder,
    mailbox_subscriptions,
    request_subscription,
    resume,
    subscription,
    suspend,
    unsubscribe,
)
from web.asked import Ask, Asked
from web.joining import host_of
from web.wishes import Draft, Drafted, choices, draft_of, form_values, wish_of

ROUTES = APIRouter()

STANDING = (SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED)


@ROUTES.get("/preferences")
def ask(asked: Ask) -> HTMLResponse:
    """Show the form that asks for a link."""
    return asked.page("preferences_ask.html", address="", wrong=False)


@ROUTES.post("/preferences")
def send(asked: Ask, request: Request, address: Annotated[str, Form()] = "") -> HTMLResponse:
    """Owe the link to an address that we know, and give the same answer to any other."""
    try:
        found = parse_address(address)
    except AddressError:
        return asked.page("preferences_ask.html", 422, address=address, wrong=True)
    _send_link(asked, found, host_of(request))
    return asked.page("preferences_sent.html", address=found.envelope)


@ROUTES.get("/preferences/{token}")
def show(asked: Ask, token: str) -> HTMLResponse:
    """Show what is asked for, and every way on; looking changes nothing."""
    return _page(asked, _holder(asked, token), token)


@ROUTES.post("/preferences/{token}")
def change(asked: Ask, token: str, draft: Drafted) -> HTMLResponse:
    """Keep another wish from now on; nothing is told twice or missed by that."""
    reader, now = _holder(asked, token), asked.house.clock.now()
    if reader is None or reader.state not in STANDING:
        return _page(asked, reader, token)
    wish = wish_of(draft, choices(asked, reader.filters))
    if wish is None:
        return _page(asked, reader, token, draft, status=422)
    with asked.house.db.writing() as session:
        keep_preference(session, reader.id, wish, now)
    return _page(asked, _holder(asked, token), token, done="saved")


@ROUTES.post("/preferences/{token}/{deed}")
def act(asked: Ask, token: str, deed: Literal["suspend", "resume", "leave", "erase"]) -> HTMLResponse:
    """Let the subscription rest or go on, end it, or erase everything about its mailbox."""
    reader, now = _holder(asked, token), asked.house.clock.now()
    if reader is None:
        return _page(asked, None, token)
    with asked.house.db.writing() as session:
        match deed:
            case "suspend":
                suspend(session, reader.id, now, SuspensionReason.READER)
            case "resume":
                resume(session, reader.id)
            case "leave":
                unsubscribe(session, reader.id, now)
            case "erase":
                erase(session, reader.mailbox, now, "asked for by the reader", SuppressionReason.ERASED)
    if deed == "erase":
        asked.house.db.scrub()
        return asked.page("erased.html")
    return _page(asked, _holder(asked, token), token, done=deed)


@ROUTES.get("/preferences/{token}/erase")
def ask_to_erase(asked: Ask, token: str) -> HTMLResponse:
    """Ask once more before everything goes."""
    reader = _holder(asked, token)
    if reader is None:
        return _page(asked, None, token)
    return asked.page("erase.html", token=token, reader=reader)


@ROUTES.get("/preferences/{token}/export")
def take_along(asked: Ask, token: str) -> Response:
    """Return everything that is held on the mailbox, as JSON."""
    reader = _holder(asked, token)
    if reader is None:
        return _page(asked, None, token)
    with asked.house.db.reading() as session:
        held = personal_file(session, reader.mailbox)
    text = json.dumps(held, ensure_ascii=False, indent=2)
    headers = {"Content-Disposition": 'attachment; filename="coopwatch.json"'}
    return Response(text, media_type="application/json", headers=headers)


def _send_link(asked: Asked, address: Address, host: str) -> None:
    """Owe the link; for a stranger everything is done as well and taken back, so that it takes as long."""
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        granted = grant_mail(session, address.mailbox, host, now)
        known = _chosen(mailbox_subscriptions(session, address.mailbox))
        with session.begin_nested() as trial:
            reader = known or request_subscription(
                session, address.envelope, asked.words.language, Frequency.WEEKLY, Filters(), now
            )
            owe_link(session, reader, asked.house.sender, now)
            if known is None or not granted:
                trial.rollback()


def _chosen(known: tuple[Subscription, ...]) -> Subscription | None:
    """Return the subscription that stands, else the newest one."""
    return next((one for one in known if one.state in STANDING), known[-1] if known else None)


def _holder(asked: Asked, token: str) -> Subscription | None:
    """Return the subscription that the link opens: that which stands by now, should it be another one."""
    with asked.house.db.reading() as session:
        reader = holder(session, token, TokenPurpose.PREFERENCES, asked.house.clock.now())
        if reader is None:
            return None
        chosen = _chosen(mailbox_subscriptions(session, reader.mailbox))
        return chosen or subscription(session, reader.id)


def _page(
    asked: Asked,
    reader: Subscription | None,
    token: str,
    draft: Draft | None = None,
    *,
    done: str = "",
    status: int = 200,
) -> HTMLResponse:
    if reader is None:
        return asked.page("preferences_unknown.html", 404)
    return asked.page(
        "preferences.html",
        status,
        reader=reader,
        token=token,
        standing=reader.state in STANDING,
        done=done,
        wrong=status != 200,
        **form_values(asked, draft or draft_of(reader.wish), reader.filters),
    )
