"""Signing in through the staff's identity provider: the way there, and the way back."""

import secrets

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from scraper.errors import NotFoundError, ProviderError
from store.staff.sign_in import begin_vouched_session
from web.asked import Ask, Asked
from web.office.entrance import door_page, in_staff_words
from web.office.signing import admitted, ours, secure
from web.office.vouching import Provider, address_to_ask, vouched_name

ROUTES = APIRouter()

ROUND = "coopwatch_round"
"""The cookie of one sign-in: a secret, of which state, nonce and verifier are made, and where to go on to."""
MINUTES = 10


@ROUTES.get("/staff/sign-in/provider")
def there(asked: Ask, next: str = "") -> Response:
    """Send the browser to the provider, with a secret of its own for the way back; nothing is kept here."""
    at, provider = in_staff_words(asked), _provider(asked)
    secret = secrets.token_urlsafe(32)  # 256 bits
    try:
        address = address_to_ask(provider, _back(at), secret)
    except ProviderError as error:
        return door_page(at, 502, wrong="provider", problem=str(error), after=ours(next))
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        ROUND,
        f"{secret}:{ours(next)}",
        max_age=MINUTES * 60,
        path=_path(at),
        secure=secure(at),
        httponly=True,
        samesite="lax",
    )
    return answer


@ROUTES.get("/staff/sign-in/provider/back")
def back(asked: Ask, request: Request) -> Response:
    """Begin the session of the account whose name the provider vouches for; it must exist here and stand."""
    at, provider = in_staff_words(asked), _provider(asked)
    secret, _, after = request.cookies.get(ROUND, "").partition(":")
    now = at.house.clock.now()
    try:
        if not secret:
            raise ProviderError("no sign-in was begun in this browser, or too long ago", "Begin again.")
        name = vouched_name(provider, _back(at), secret, dict(request.query_params), now)
    except ProviderError as error:
        return door_page(at, 403, wrong="provider", problem=str(error))
    with at.house.db.writing() as session:
        token = begin_vouched_session(session, name, now)
    answer = (
        door_page(at, 403, wrong="unknown") if token is None else admitted(at, request, token, ours(after))
    )
    answer.delete_cookie(ROUND, path=_path(at), secure=secure(at), httponly=True, samesite="lax")
    return answer


def _provider(asked: Asked) -> Provider:
    if asked.house.provider is None:
        raise NotFoundError("staff sign in with their passwords", "No identity provider is set.")
    return asked.house.provider


def _back(at: Asked) -> str:
    """Return where the provider sends the browser back to, as it must know it beforehand."""
    return f"{at.house.sender.public_url.rstrip('/')}/staff/sign-in/provider/back"


def _path(at: Asked) -> str:
    return f"{at.house.links.root}/staff/sign-in"
