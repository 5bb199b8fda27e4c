"""What every page asks first: which house, in which language; and how a template becomes an answer."""

from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import sha256
from importlib import resources
from typing import Annotated
from urllib.parse import urlencode, urlsplit

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import Field

from notifier.agreement import Controller
from notifier.links import Links
from notifier.message import Sender
from notifier.reasons import reason_in
from notifier.words import LANGUAGES, Words, chosen_language, country_language, words
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database
from store.evidence.notes import VerifierKey
from web.office.vouching import Provider

STYLE = resources.files("web").joinpath("static", "coopwatch.css").read_bytes()


@dataclass(frozen=True)
class House:
    """What the pages stand on. Their links start with the path of the public address, if it has one."""

    db: Database
    clock: Clock
    sender: Sender
    sources: tuple[Source, ...]
    controller: Controller
    log_key: VerifierKey | None = None
    provider: Provider | None = None

    @cached_property
    def links(self) -> Links:
        """The addresses of the pages, without the host."""
        return Links(urlsplit(self.sender.public_url).path.rstrip("/"))

    def source_title(self, name: str) -> str:
        """Return a source's title; its name where it is no longer configured."""
        return next((source.title for source in self.sources if source.name == name), name)

    def tongue(self, name: str) -> str | None:
        """Return the language of a source's own words, if it is known."""
        found = (country_language(source.country) for source in self.sources if source.name == name)
        return next(found, None)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its house, its language, and whether the address names that language."""

    house: House
    words: Words
    named: bool
    path: str
    query: tuple[tuple[str, str], ...]

    def here(self, address: str, **query: object) -> str:
        """Return an address of ours with these parameters, and the language where this one names it."""
        given = [(key, str(value)) for key, value in query.items() if value not in {None, ""}]
        if self.named:
            given.append(("lang", self.words.language))
        joint = "&" if "?" in address else "?"
        return f"{address}{joint}{urlencode(given)}" if given else address

    def in_language(self, language: str) -> str:
        """Return the address of this page in another language."""
        kept = [(key, value) for key, value in self.query if key != "lang"]
        return f"{self.house.links.root}{self.path}?{urlencode([*kept, ('lang', language)])}"

    def foreign(self, source: str) -> str | None:
        """Return the language of a source's words where it is not the page's."""
        tongue = self.house.tongue(source)
        return tongue if tongue != self.words.language else None

    def page(self, template: str, status: int = 200, **values: object) -> HTMLResponse:
        """Return a page in the language of the request."""
        usual = {
            "asked": self,
            "house": self.house,
            "links": self.house.links,
            "here": self.here,
            "words": self.words,
            "t": self.words.text,
            "because": partial(reason_in, words=self.words),
            "languages": LANGUAGES,
            "style": _STYLE_VERSION,
        }
        text = _TEMPLATES.get_template(template).render(usual | values)
        headers = {"Content-Language": self.words.language, "Vary": "Accept-Language"}
        return HTMLResponse(text, status, headers)


def asked(request: Request) -> Asked:
    """Return what this request asks: the language of ?lang, else the one the browser prefers."""
    wanted = request.query_params.get("lang", "")
    named = wanted in LANGUAGES
    language = wanted if named else chosen_language(_preferences(request.headers.get("accept-language", "")))
    return Asked(
        house=request.app.state.house,
        words=words(language),
        named=named,
        path=request.url.path.removeprefix(request.scope.get("root_path", "")),
        query=tuple(request.query_params.multi_items()),
    )


Ask = Annotated[Asked, Depends(asked)]
"""What an endpoint takes to get at all this."""

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""A number of a page, a capture, a project or a change, as databases hold it."""


def _preferences(header: str) -> list[str]:
    """Return the languages of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    weighed: list[tuple[float, str]] = []
    for item in header.split(",")[:20]:
        tag, _, rest = item.partition(";")
        try:
            weight = float(rest.strip().removeprefix("q=")) if rest else 1.0
        except ValueError:
            continue
        weighed.append((-weight, tag.strip()))
    return [tag for weight, tag in sorted(weighed, key=lambda one: one[0]) if weight < 0]


def _worded(value: str, words: Words, prefix: str) -> str:
    return words.text(f"{prefix}{value}")


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["worded"] = _worded
    environment.filters["country"] = lambda code, words: words.country(code)
    return environment


_TEMPLATES = _environment()
_STYLE_VERSION = sha256(STYLE).hexdigest()[:12]
