"""What a subscription wants to hear of, and how that is kept as text."""

from dataclasses import dataclass, fields

from pydantic import TypeAdapter

from scraper.records import ChangeKind, ProjectStatus, Role


@dataclass(frozen=True, slots=True)
class Filters:
    """What a subscription wants to hear of; an empty tuple means everything."""

    sources: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    statuses: tuple[ProjectStatus, ...] = ()
    roles: tuple[Role, ...] = ()
    kinds: tuple[ChangeKind, ...] = ()
    words: tuple[str, ...] = ()

    def named(self) -> tuple[tuple[str, str], ...]:
        """Return every value with the name of its filter, as addresses of pages and feeds name them."""
        names = (one.name for one in fields(self))
        return tuple((name, str(value)) for name in names for value in getattr(self, name))


_KEPT = TypeAdapter(Filters)


def filters_text(filters: Filters) -> str:
    """Return filters as the text in which tables hold them."""
    return _KEPT.dump_json(filters).decode()


def filters_from(text: str) -> Filters:
    """Return the filters that a text of `filters_text` holds; one of an earlier version lacks some."""
    return _KEPT.validate_json(text)
