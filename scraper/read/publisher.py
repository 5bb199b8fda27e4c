"""The body whose page it is: as the source names it, else as the page does in its title, its host or its
edges."""

import re
from urllib.parse import urlsplit

from scraper.read.fields.typography import clean
from scraper.read.ourselves import Body
from scraper.read.outlining.content import Area
from scraper.read.outlining.headings import HeadingKind, kind_of
from scraper.read.outlining.signatures import BODY, confirmed_names, host_names, signed_names
from scraper.sources import Source

_PARTS = re.compile(r"\s+(?:[-–—|·:]{1,2}|::)\s+")
_COUNTRIES = {
    "it": "IT",
    "fr": "FR",
    "es": "ES",
    "eus": "ES",
    "cat": "ES",
    "uk": "GB",
    "scot": "GB",
    "wales": "GB",
    "ie": "IE",
    "de": "DE",
    "at": "AT",
    "pt": "PT",
}
"""The country of the bodies under a top-level domain."""


def body_of(area: Area, source: Source | None, address: str, html: str) -> Body:
    """Return the names and the country of the body whose page it is; `html` is the whole page."""
    if source:
        return Body(source.names, source.country)
    parts = [part.strip() for part in _PARTS.split(area.title)]
    stated = [*(parts if len(parts) > 1 else []), area.site.strip()]
    named = tuple(dict.fromkeys(name for name in stated if BODY.match(name) and len(name) < 80))
    called = [part for part in reversed(parts) if kind_of(part) is HeadingKind.TITLE and part != area.heading]
    names = named or host_names(address) or signed_names(html) or confirmed_names(html, called)
    host = urlsplit(address).hostname or ""
    return Body(names, _COUNTRIES.get(host.rsplit(".", 1)[-1]))


def page_name(title: str) -> str:
    """Return what a page's title calls the page, without the site's name; "" where it says nothing of its
    own."""
    parts = [part.strip() for part in _PARTS.split(title)]
    own = [part for part in parts if not BODY.match(part) and kind_of(part) is HeadingKind.TITLE]
    return clean(own[0]) if own else ""
