"""Signing in and out."""

import re
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from store.staff.passwords import matches
from store.staff.sign_in import begin_attempt, begin_session, end_session
from web.asked import Ask, Asked
from web.office.entrance import COOKIE, Signed, door_page, from_elsewhere, in_staff_words

ROUTES = APIRouter()

_OURS = re.compile(r"/staff(/[A-Za-z0-9_.%-]+)*")
"""Where a sign-in may lead: a page of the office, never another site."""


@ROUTES.get("/staff/sign-in")
def door(asked: Ask, next: str = "") -> Response:
    """Show the form."""
    return door_page(in_staff_words(asked), after=ours(next))


@ROUTES.post("/staff/sign-in")
def sign_in(
    asked: Ask,
    request: Request,
    name: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",
) -> Response:
    """Begin a session; what is wrong is said in the same words, and takes as long, whoever was named."""
    at = in_staff_words(asked)
    if from_elsewhere(request):
        return door_page(at, 403, wrong="elsewhere")
    token = _token(at, name, password, request.client.host if request.client else "")
    if token is None:
        return door_page(at, 403, wrong="wrong", name=name[:64], after=ours(next))
    return admitted(at, request, token, ours(next))


@ROUTES.post("/staff/sign-out")
def sign_out(desk: Signed, request: Request) -> Response:
    """End the session for good."""
    at = desk.asked
    _end(at, request)
    answer = RedirectResponse(at.here(at.house.links.home()), 303)
    answer.delete_cookie(COOKIE, path=_path(at), secure=secure(at), httponly=True, samesite="lax")
    return answer


def admitted(at: Asked, request: Request, token: str, after: str) -> RedirectResponse:
    """Send the browser on into the office with its new session; the one it had before is over."""
    _end(at, request)
    answer = RedirectResponse(at.here(at.house.links.root + (after or "/staff")), 303)
    answer.set_cookie(COOKIE, token, path=_path(at), secure=secure(at), httponly=True, samesite="lax")
    return answer


def ours(address: str) -> str:
    """Return an address if it is a page of the office, else nothing."""
    return address if _OURS.fullmatch(address) else ""


def secure(at: Asked) -> bool:
    """Say whether cookies are for https alone."""
    return at.house.sender.public_url.startswith("https://")


def _token(at: Asked, name: str, password: str, address: str) -> str | None:
    """Return the token of a new session, or None; the password is judged outside any transaction."""
    db, now = at.house.db, at.house.clock.now()
    with db.writing() as session:
        attempt = begin_attempt(session, name, address, now)
    if attempt is None:
        return None
    right, newer = matches(password, attempt.password)
    if not right:
        return None
    with db.writing() as session:
        return begin_session(session, attempt, now, newer)


def _end(at: Asked, request: Request) -> None:
    token = request.cookies.get(COOKIE)
    if token:
        with at.house.db.writing() as session:
            end_session(session, token, at.house.clock.now())


def _path(at: Asked) -> str:
    return f"{at.house.links.root}/staff"
