"""Who is at the door: a stranger, or a member of staff with a session and a role; and what each may do."""

import hmac
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from notifier.masking import Read, masked_address, read_mail, without_address
from scraper.errors import DatabaseError, DecisionError
from store.deliveries import Delivery
from store.staff.accounts import Account, StaffRole
from store.staff.sign_in import beat, session_account, wants_beat
from web.asked import Ask, Asked, asked
from web.office.staff_words import STAFF_LANGUAGES, staff_words

COOKIE = "coopwatch_staff"
ROLES = tuple(StaffRole)
"""From the one that may least to the one that may most."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A request by a member of staff; `form_key` is what a form of theirs must bring along."""

    asked: Asked
    account: Account
    form_key: str

    def may(self, role: StaffRole | str) -> bool:
        """Say whether the member may do what this role may."""
        return ROLES.index(self.account.role) >= ROLES.index(StaffRole(role))

    @property
    def works_with_readers(self) -> bool:
        """Whether the member sees addresses in clear, on whatever page; the others see them masked."""
        return self.may(StaffRole.EDITOR)

    def address(self, address: str) -> str:
        """Return an address as this member may see it."""
        return address if self.works_with_readers else masked_address(address)

    def words(self, text: str, address: str) -> str:
        """Return a text that may name a reader's address as this member may see it."""
        return text if self.works_with_readers else without_address(text, address)

    def mail(self, sent: Delivery) -> Read:
        """Return a mail as this member may read it."""
        return read_mail(sent.message, None if self.works_with_readers else sent.recipient)

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """Return a page of the office."""
        return self.asked.page(
            f"staff/{template}",
            status,
            desk=self,
            languages=STAFF_LANGUAGES,
            office=f"{self.asked.house.links.root}/staff",
            done=dict(self.asked.query).get("done", ""),
            **values,
        )

    def back(self, address: str, done: str) -> RedirectResponse:
        """Send the browser to a page of the office that says what was done."""
        here = f"{self.asked.house.links.root}/staff{address}"
        return RedirectResponse(self.asked.here(here, done=done), 303)


class StrangerError(Exception):
    """Somebody without a session asks for a page of the office."""


class TurnedAwayError(Exception):
    """A member of staff may not, or cannot, do this; `reason` names the words that say why."""

    def __init__(self, desk: Desk, reason: str, status: int = 403) -> None:
        super().__init__(reason)
        self.desk = desk
        self.reason = reason
        self.status = status


def in_staff_words(asked: Asked) -> Asked:
    """Return the same request with the words of the office."""
    return replace(asked, words=staff_words(asked.words.language))


def form_key(token: str) -> str:
    """Return what only forms that we gave to this session can know."""
    return hmac.new(token.encode(), b"forms of this session", "sha256").hexdigest()


def from_elsewhere(request: Request) -> bool:
    """Say whether a browser tells that another site made it ask; old ones tell nothing (Fetch Metadata)."""
    return request.headers.get("sec-fetch-site", "same-origin") != "same-origin"


def _member(asked: Ask, request: Request) -> Desk:
    token, now, db = request.cookies.get(COOKIE, ""), asked.house.clock.now(), asked.house.db
    with db.reading() as session:
        account = session_account(session, token, now) if token else None
        stale = account is not None and wants_beat(session, token, now)
    if account is None:
        raise StrangerError
    if stale:
        # A full disk keeps nobody from looking.
        with suppress(DatabaseError), db.writing() as session:
            beat(session, token, now)
    return Desk(in_staff_words(asked), account, form_key(token))


def _looking(role: StaffRole) -> Callable[[Desk], Desk]:
    def looking(desk: Annotated[Desk, Depends(_member)]) -> Desk:
        if not desk.may(role):
            raise TurnedAwayError(desk, "role")
        return desk

    return looking


def _acting(role: StaffRole) -> Callable[[Request, Desk, str], Desk]:
    def acting(
        request: Request,
        desk: Annotated[Desk, Depends(_looking(role))],
        key: Annotated[str, Form()] = "",
    ) -> Desk:
        if from_elsewhere(request) or not hmac.compare_digest(key.encode(), desk.form_key.encode()):
            raise TurnedAwayError(desk, "form")
        return desk

    return acting


Auditor = Annotated[Desk, Depends(_looking(StaffRole.AUDITOR))]
"""What a page takes that every member of staff may look at."""
Administrator = Annotated[Desk, Depends(_looking(StaffRole.ADMINISTRATOR))]
"""What a page takes that only administrators may look at."""
Signed = Annotated[Desk, Depends(_acting(StaffRole.AUDITOR))]
"""What a form takes that every member of staff may send."""
Editor = Annotated[Desk, Depends(_acting(StaffRole.EDITOR))]
"""What a form takes that editors and administrators may send."""
Eraser = Annotated[Desk, Depends(_acting(StaffRole.ADMINISTRATOR))]
"""What a form takes that administrators alone may send."""


def add_entrance_answers(app: FastAPI) -> None:
    """Make the app answer strangers, and members who may not, or cannot, do what they ask."""
    app.add_exception_handler(StrangerError, _to_the_door)
    app.add_exception_handler(TurnedAwayError, _turned_away)
    app.add_exception_handler(DecisionError, _undecided)


def _to_the_door(request: Request, _error: Exception) -> Response:
    at = in_staff_words(asked(request))
    door = f"{at.house.links.root}/staff/sign-in"
    if request.method != "GET":
        # What was typed is lost on the way through the sign-in: rather say so where one can still go back.
        return door_page(at, 403, wrong="over")
    wanted = request.url.path.removeprefix(request.scope.get("root_path", ""))
    return RedirectResponse(at.here(door, next=wanted if wanted != "/staff" else ""), 303)


def door_page(
    at: Asked, status: int = 200, *, wrong: str = "", name: str = "", after: str = "", problem: str = ""
) -> HTMLResponse:
    """Return the sign-in form; `problem` says in English what the identity provider did wrong."""
    values = {"wrong": wrong, "name": name, "after": after, "problem": problem}
    return at.page("staff/sign_in.html", status, languages=STAFF_LANGUAGES, **values)


def _turned_away(_request: Request, error: Exception) -> Response:
    assert isinstance(error, TurnedAwayError)
    return error.desk.page("turned_away.html", error.status, reason=error.reason, error=None)


def _undecided(request: Request, error: Exception) -> Response:
    assert isinstance(error, DecisionError)
    return _member(asked(request), request).page("turned_away.html", 409, reason="decision", error=error)
