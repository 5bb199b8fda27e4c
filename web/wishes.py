"""The form in which a wish is put: what it offers, what was put into it, and the wish that makes."""

from dataclasses import dataclass, field, fields
from typing import Annotated

from fastapi import Depends, Form
from pydantic import BaseModel

from notifier.words import LANGUAGES
from scraper.records import ChangeKind, ProjectStatus, Role
from store.subscriptions import Filters, Frequency, Wish
from store.tracks import projects
from web.asked import Asked

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


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers, as far as it depends on what is watched: values, and the words for them."""

    sources: tuple[tuple[str, str], ...]
    areas: tuple[tuple[str, str], ...]
    countries: tuple[tuple[str, str], ...]
    programmes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody has put into the form, right or wrong."""

    address: str = ""
    language: str = ""
    frequency: str = Frequency.WEEKLY
    filters: Filters = field(default_factory=Filters)
    words: str = ""


class FormFields(BaseModel):
    """What the form sends, under the names of its fields."""

    address: str = ""
    language: str = ""
    frequency: str = Frequency.WEEKLY
    words: str = ""
    sources: list[str] = []
    areas: list[str] = []
    countries: list[str] = []
    programmes: list[str] = []
    statuses: list[str] = []
    roles: list[str] = []
    kinds: list[str] = []


def drafted(form: Annotated[FormFields, Form()]) -> Draft:
    """Return what the form brought."""
    filters = Filters(
        sources=tuple(sorted(form.sources)),
        areas=tuple(sorted(form.areas)),
        countries=tuple(sorted(form.countries)),
        programmes=tuple(sorted(form.programmes)),
        statuses=tuple(status for status in ProjectStatus if status in form.statuses),
        roles=tuple(role for role in Role if role in form.roles),
        kinds=tuple(kind for kind in KINDS if kind in form.kinds),
        words=tuple(part.strip() for part in form.words.split(",") if part.strip())[:_MOST_WORDS],
    )
    return Draft(form.address.strip(), form.language, form.frequency, filters, form.words[:_LONGEST])


Drafted = Annotated[Draft, Depends(drafted)]
"""What an endpoint takes to get what the form brought."""


def draft_of(wish: Wish, address: str = "") -> Draft:
    """Return a wish as the form shows it."""
    return Draft(address, wish.language, wish.frequency, wish.filters, ", ".join(wish.filters.words))


def wish_of(draft: Draft, choices: Choices) -> Wish | None:
    """Return the wish of a draft; None where it says what the form does not offer."""
    if draft.language not in LANGUAGES or draft.frequency not in set(Frequency):
        return None
    for name in (offer.name for offer in fields(Choices)):
        if not set(getattr(draft.filters, name)) <= {value for value, _ in getattr(choices, name)}:
            return None
    if any(len(word) > _LONGEST for word in draft.filters.words):
        return None
    return Wish(draft.language, Frequency(draft.frequency), draft.filters)


def choices(asked: Asked, kept: Filters | None = None) -> Choices:
    """Return what the form offers now; `kept` are older choices, which stay on offer."""
    chosen = kept or Filters()
    with asked.house.db.reading() as session:
        known = [entry.project for entry in projects(session)]
    codes = {code for project in known for code in project.countries} | set(chosen.countries)
    countries = ((code, asked.words.country(code)) for code in codes)
    named = {source.name: source.title for source in asked.house.sources}
    programmes = {name for project in known for name in project.programmes}
    sources = named | {name: name for name in chosen.sources if name not in named}
    return Choices(
        sources=tuple(sources.items()),
        areas=_plain({project.area for project in known if project.area} | set(chosen.areas)),
        countries=tuple(sorted(countries, key=lambda one: one[1].casefold())),
        programmes=_plain(programmes | set(chosen.programmes)),
    )


def form_values(asked: Asked, draft: Draft, kept: Filters | None = None) -> dict[str, object]:
    """Return what the form's template needs."""
    return {
        "wish": draft,
        "choices": choices(asked, kept),
        "frequencies": tuple(Frequency),
        "statuses": tuple(ProjectStatus),
        "roles": tuple(Role),
        "kinds": KINDS,
        "wish_languages": LANGUAGES,
    }


def _plain(names: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in sorted(names, key=str.casefold))
