"""The filters that a feed's address names; whatever no filter knows is said, for nobody looks after a feed.

A misspelt filter would tell of everything or of nothing for ever. What pages say in words of their own
(areas, programmes) is taken as it is: it comes and goes with the pages, and a feed must outlive that.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields

from scraper.records import ChangeKind, ProjectStatus, Role
from store.filters import Filters

FILTERS = tuple(one.name for one in fields(Filters))
MOST, LONGEST = 50, 200
"""So many values of one filter are taken, of so many letters each."""

NAMED = 10
"""So many mistakes of one address are named: it may hold thousands."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a filter: the key of the sentence that says so, and what is put into it."""

    key: str
    filter: str
    value: str = ""
    known: str = ""


class FilterError(Exception):
    """An address names filters that there are not."""

    def __init__(self, mistakes: tuple[Mistake, ...]) -> None:
        super().__init__(", ".join(one.filter for one in mistakes))
        self.mistakes = mistakes


def named_filters(
    given: Sequence[tuple[str, str]], sources: Collection[str], countries: Collection[str]
) -> Filters:
    """Return the filters that an address's query names; raises FilterError where they are not known."""
    known: Mapping[str, Collection[str]] = {
        "sources": sources,
        "countries": countries,
        "statuses": tuple(ProjectStatus),
        "roles": tuple(Role),
        "kinds": tuple(ChangeKind),
    }
    mistakes = [mistake for name, value in given if (mistake := _mistake(name, value, known.get(name)))]
    chosen: dict[str, list[str]] = defaultdict(list)
    for name, value in given:
        chosen[name].append(value)
    mistakes += [Mistake("feed.too_many", name) for name, values in chosen.items() if len(values) > MOST]
    if mistakes:
        raise FilterError(tuple(mistakes[:NAMED]))
    return Filters(
        sources=tuple(chosen["sources"]),
        areas=tuple(chosen["areas"]),
        countries=tuple(chosen["countries"]),
        programmes=tuple(chosen["programmes"]),
        statuses=tuple(map(ProjectStatus, chosen["statuses"])),
        roles=tuple(map(Role, chosen["roles"])),
        kinds=tuple(map(ChangeKind, chosen["kinds"])),
        words=tuple(chosen["words"]),
    )


def _mistake(name: str, value: str, known: Collection[str] | None) -> Mistake | None:
    if name not in FILTERS:
        return Mistake("feed.no_filter", name[:LONGEST], known=", ".join(FILTERS))
    if len(value) > LONGEST:
        return Mistake("feed.too_long", name)
    if known is not None and value not in known:
        return Mistake("feed.no_value", name, value, ", ".join(known))
    return None
