"""Joining: the sign-up form, and the page behind the link of the confirmation mail."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from notifier.agreement import consent_wording
from notifier.invitations import owe_confirmation
from scraper.errors import AddressError
from store.askings import grant_mail
from store.consents import Wording, keep_wording
from store.mailboxes import Address, parse_address
from store.subscriptions import (
    SignUp,
    SubscriptionState,
    TokenPurpose,
    Wish,
    confirm,
    holder,
    request_subscription,
    subscription,
)
from web.asked import Ask, Asked
from web.wishes import Draft, Drafted, choices, form_values, wish_of

ROUTES = APIRouter()

OVER = (SubscriptionState.ENDED, SubscriptionState.SUSPENDED)
"""States of a subscription that an old confirmation link has nothing to say about."""


@ROUTES.get("/subscribe")
def form(asked: Ask) -> HTMLResponse:
    """Show the empty form."""
    return _form(asked, Draft(language=asked.words.language))


@ROUTES.post("/subscribe")
def sign_up(asked: Ask, draft: Drafted, request: Request) -> HTMLResponse:
    """Owe a confirmation mail, and give the same answer whether or not the address is known to us."""
    wish = wish_of(draft, choices(asked))
    try:
        address = parse_address(draft.address)
    except AddressError:
        return _form(asked, draft, 422)
    if wish is None:
        return _form(asked, draft, 422)
    _ask_to_confirm(asked, wish, address, host_of(request))
    return asked.page("asked_to_confirm.html", address=address.envelope)


@ROUTES.get("/confirm/{token}")
def ask(asked: Ask, token: str) -> HTMLResponse:
    """Show the button that confirms; looking changes nothing, as scanners open every link."""
    with asked.house.db.reading() as session:
        reader = holder(session, token, TokenPurpose.CONFIRM, asked.house.clock.now())
    if reader is None or reader.state in OVER:
        return asked.page("confirm_unknown.html", 404)
    done = reader.state == SubscriptionState.ACTIVE
    return asked.page("confirm.html", reader=reader, done=done, consent=consent(asked))


@ROUTES.post("/confirm/{token}")
def begin(asked: Ask, token: str) -> HTMLResponse:
    """Make the subscription active, from now on; a second time changes nothing."""
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        reader = holder(session, token, TokenPurpose.CONFIRM, now)
        if reader is not None and reader.state == SubscriptionState.PENDING:
            reader = subscription(session, confirm(session, reader.id, now, consent(asked)))
    if reader is None or reader.state in OVER:
        return asked.page("confirm_unknown.html", 404)
    return asked.page("confirm.html", reader=reader, done=True, consent=consent(asked))


def consent(asked: Asked) -> Wording:
    """Return the words above the buttons that sign up and confirm, in the language of the page."""
    return consent_wording(asked.words, asked.house.controller, asked.house.sender.name)


def host_of(request: Request) -> str:
    """Return the address from which a request came, as far as proxies that we trust tell it."""
    return request.client.host if request.client else ""


def _ask_to_confirm(asked: Asked, wish: Wish, address: Address, host: str) -> None:
    """Owe the mail, whether the mailbox is known or not: the wish alone waits for its own confirmation.

    Where too many were asked for, everything is done and taken back, so that it takes as long.
    """
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        granted = grant_mail(session, address.mailbox, host, now)
        with session.begin_nested() as trial:
            how = SignUp(wording=keep_wording(session, consent(asked)))
            reader = request_subscription(
                session, address.envelope, wish.language, wish.frequency, wish.filters, now, how
            )
            owe_confirmation(session, reader, asked.house.sender, now)
            if not granted:
                trial.rollback()


def _form(asked: Asked, draft: Draft, status: int = 200) -> HTMLResponse:
    values = form_values(asked, draft)
    return asked.page("subscribe.html", status, consent=consent(asked), wrong=status != 200, **values)
