"""Joining: the sign-up form, and the page behind the link of the confirmation mail."""

from dataclasses import dataclass, field
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse

from notifier.compose import may_confirm, owe_confirmation
from notifier.words import LANGUAGES
from scraper.records import ChangeKind, ProjectStatus
from store.subscriptions import (
    Filters,
    Frequency,
    SubscriptionState,
    TokenPurpose,
    confirm,
    holder,
    request_subscription,
)
from store.tracks import projects
from web.asked import Ask, Asked

ROUTES = APIRouter()

KINDS = (
    ChangeKind.ADDED,
    ChangeKind.CHANGED,
    ChangeKind.RETITLED,
    ChangeKind.REMOVED,
    ChangeKind.REAPPEARED,
)
"""The kinds of change that digests tell."""

_MOST_WORDS = 20
_LONGEST = 200

Choice = Annotated[list[str], Form()]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, as far as it depends on what is watched."""

    sources: tuple[tuple[str, str], ...]
    areas: tuple[str, ...]
    countries: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody has put into the form."""

    address: str = ""
    language: str = ""
    frequency: str = Frequency.WEEKLY
    filters: Filters = field(default_factory=Filters)
    words: str = ""


@ROUTES.get("/subscribe")
def form(asked: Ask) -> HTMLResponse:
    """Show the empty form."""
    return _form(asked, Wish(language=asked.words.language))


@ROUTES.post("/subscribe")
def sign_up(
    asked: Ask,
    address: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "",
    frequency: Annotated[str, Form()] = Frequency.WEEKLY,
    words: Annotated[str, Form()] = "",
    sources: Choice = [],  # noqa: B006  (FastAPI copies it)
    areas: Choice = [],  # noqa: B006
    countries: Choice = [],  # noqa: B006
    statuses: Choice = [],  # noqa: B006
    kinds: Choice = [],  # noqa: B006
) -> HTMLResponse:
    """Owe a confirmation mail, and give the same answer whether or not the address is known to us."""
    filters = Filters(
        sources=tuple(sorted(sources)),
        areas=tuple(sorted(areas)),
        countries=tuple(sorted(countries)),
        statuses=tuple(status for status in ProjectStatus if status in statuses),
        kinds=tuple(kind for kind in KINDS if kind in kinds),
        words=tuple(part.strip() for part in words.split(",") if part.strip())[:_MOST_WORDS],
    )
    wish = Wish(address.strip(), language, frequency, filters, words[:_LONGEST])
    clean = _clean(wish)
    if clean is None or not _offered(_choices(asked), filters):
        return _form(asked, wish, 422)
    _ask_to_confirm(asked, wish, clean)
    return asked.page("asked_to_confirm.html", address=clean)


@ROUTES.get("/confirm/{token}")
def ask(asked: Ask, token: str) -> HTMLResponse:
    """Show the button that confirms; looking changes nothing, as scanners open every link."""
    with asked.house.db.reading() as session:
        reader = holder(session, token, TokenPurpose.CONFIRM, asked.house.clock.now())
    if reader is None or reader.state == SubscriptionState.ENDED:
        return asked.page("confirm_unknown.html", 404)
    return asked.page("confirm.html", reader=reader, done=reader.state == SubscriptionState.ACTIVE)


@ROUTES.post("/confirm/{token}")
def begin(asked: Ask, token: str) -> HTMLResponse:
    """Make the subscription active, from now on; a second time changes nothing."""
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        reader = holder(session, token, TokenPurpose.CONFIRM, now)
        if reader is not None and reader.state == SubscriptionState.PENDING:
            confirm(session, reader.id, now)
    if reader is None or reader.state == SubscriptionState.ENDED:
        return asked.page("confirm_unknown.html", 404)
    return asked.page("confirm.html", reader=reader, done=True)


def _ask_to_confirm(asked: Asked, wish: Wish, address: str) -> None:
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        if may_confirm(session, address, now):
            reader = request_subscription(
                session, address, wish.language, Frequency(wish.frequency), wish.filters, now
            )
            owe_confirmation(session, reader, asked.house.sender, now)


def _clean(wish: Wish) -> str | None:
    """Return the address as mail servers take it; None where it, or another choice, is none of ours."""
    if wish.language not in LANGUAGES or wish.frequency not in set(Frequency):
        return None
    try:
        found = validate_email(wish.address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return None
    return found.ascii_email


def _choices(asked: Asked) -> Choices:
    with asked.house.db.reading() as session:
        known = projects(session)
    codes = {code for entry in known for code in entry.project.countries}
    countries = ((code, asked.words.country(code)) for code in codes)
    return Choices(
        sources=tuple((source.name, source.title) for source in asked.house.sources),
        areas=tuple(sorted({entry.project.area for entry in known if entry.project.area})),
        countries=tuple(sorted(countries, key=lambda one: one[1].casefold())),
    )


def _offered(choices: Choices, filters: Filters) -> bool:
    """Say whether only what the form offers was chosen; other values would be stored for nothing."""
    return (
        set(filters.sources) <= {name for name, _ in choices.sources}
        and set(filters.areas) <= set(choices.areas)
        and set(filters.countries) <= {code for code, _ in choices.countries}
        and all(len(word) <= _LONGEST for word in filters.words)
    )


def _form(asked: Asked, wish: Wish, status: int = 200) -> HTMLResponse:
    return asked.page(
        "subscribe.html",
        status,
        wish=wish,
        choices=_choices(asked),
        frequencies=tuple(Frequency),
        statuses=tuple(ProjectStatus),
        kinds=KINDS,
        wrong=status != 200,
    )
