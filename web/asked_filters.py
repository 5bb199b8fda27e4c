"""The filters that a request's address names, and how people call them."""

from collections.abc import Collection

from store.filters import Filters
from store.pages import pages
from web.asked import Asked
from web.feed_filters import named_filters


def asked_filters(asked: Asked, besides: Collection[str]) -> Filters:
    """Return the filters of this request; `besides` is what else its address may say. Raises FilterError."""
    with asked.house.db.reading() as session:
        once_watched = {page.source for page in pages(session)}
    sources = once_watched.union(source.name for source in asked.house.sources)
    countries = [code for code, _ in asked.words.countries()]
    given = [(name, value) for name, value in asked.query if name not in besides]
    return named_filters(given, sorted(sources), sorted(countries))


def filter_titles(asked: Asked, filters: Filters) -> list[str]:
    """Return every value of the filters as people say it."""
    return [_title(asked, name, value) for name, value in filters.named()]


def _title(asked: Asked, name: str, value: str) -> str:
    match name:
        case "sources":
            return asked.house.source_title(value)
        case "countries":
            return asked.words.country(value)
        case "statuses" | "roles" | "kinds":
            return asked.words.text(f"{_KEYS[name]}.{value}")
        case _:
            return value


_KEYS = {"statuses": "status", "roles": "role", "kinds": "kind"}
