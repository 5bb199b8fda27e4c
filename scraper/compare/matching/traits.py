"""What a record or a track offers as evidence of its identity, and how rare each piece of it is."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from scraper.compare.matching.naming import Name, fold, initials, name
from scraper.compare.plain_text import plain, plain_link, plain_set
from scraper.records import Project

_PAST = 8  # titles of a track that still count; more would only cost time


@dataclass(frozen=True)
class Evidence:
    """The evidence of one record or track: its present facts, and all titles, links and CUPs it ever had."""

    project: Project
    titles: tuple[str, ...] = ()
    links: frozenset[str] = frozenset()
    cups: frozenset[str] = frozenset()

    @cached_property
    def names(self) -> tuple[Name, ...]:
        """The anatomies of its titles, the present one first."""
        return tuple(name(title) for title in self.titles[:_PAST])

    @cached_property
    def codes(self) -> frozenset[str]:
        """Its acronyms and codes in small letters."""
        stated = {plain(self.project.acronym).replace(".", "")} if self.project.acronym else set()
        return frozenset(stated.union(*(each.codes for each in self.names)))

    @cached_property
    def phases(self) -> frozenset[int]:
        """The phases its titles state."""
        return frozenset(each.phase for each in self.names if each.phase is not None)

    @cached_property
    def slugs(self) -> frozenset[str]:
        """The last parts of its links: they outlive a move of the page to another folder."""
        return frozenset(link.rsplit("/", 1)[-1] for link in self.links if link.count("/") > 1)

    @cached_property
    def area(self) -> str | None:
        """The area's label in plain text."""
        return plain(self.project.area) if self.project.area else None

    @cached_property
    def programmes(self) -> frozenset[str]:
        """Its funding lines and funders in plain text."""
        return plain_set(self.project.programmes)

    @cached_property
    def partners(self) -> frozenset[str]:
        """Its partners in plain text."""
        return plain_set(self.project.partners)

    @cached_property
    def note_words(self) -> frozenset[str]:
        """The longer words of its prose, without those that its title says already."""
        words = re.findall(r"[^\W_]{5,}", plain(self.project.note or ""))
        return frozenset(map(fold, words)).difference(*(each.words for each in self.names))

    @cached_property
    def years(self) -> frozenset[str]:
        """The years that its titles state."""
        return frozenset[str]().union(*(each.years for each in self.names))

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The other numbers that its titles state."""
        return frozenset[str]().union(*(each.numbers for each in self.names))

    @cached_property
    def keys(self) -> frozenset[str]:
        """Every rare thing that two sides must share at least one of to be compared at all."""
        return frozenset(self._keys())

    def _keys(self) -> Iterator[str]:
        for each in self.names:
            yield from (f"word {word}" for word in each.words)
            yield from (f"code {code}" for code in initials(each.letters))
        yield from (f"code {code}" for code in self.codes)
        yield from (f"cup {cup}" for cup in self.cups)
        yield from (f"link {link}" for link in self.links)
        yield from (f"slug {slug}" for slug in self.slugs)
        yield from (f"partner {partner}" for partner in self.partners)
        if self.project.amount is not None:
            yield f"amount {self.project.amount:.2f}"
        yield f"facts {self.area} {sorted(self.programmes)}"
        yield f"dates {self.project.start} {self.project.end} {self.project.countries}"


def evidence(
    project: Project, titles: Iterable[str] = (), links: Iterable[str] = (), cups: Iterable[str] = ()
) -> Evidence:
    """Return the evidence of a record; the past of a track, oldest first, is added to the present facts."""
    present = (project.title,) if project.title else ()
    past = [title for title in reversed(tuple(titles)) if title != project.title]
    return Evidence(
        project,
        (*present, *past),
        frozenset(plain_link(link) for link in (project.link, *links) if link),
        frozenset(plain(cup).replace(" ", "") for cup in (project.cup, *cups) if cup),
    )


class Rarity:
    """How many records and tracks share a piece of evidence: what many share tells little."""

    def __init__(self, sides: Iterable[Iterable[Evidence]]) -> None:
        self._counts: Counter[str] = Counter()
        for side in sides:
            self._counts |= _count(side)  # the larger count of the sides

    def sharers(self, kind: str, value: str) -> int:
        """Return how many on one side have this value, at least one."""
        return max(1, self._counts[f"{kind} {value}"])


def _count(side: Iterable[Evidence]) -> Counter[str]:
    """Count in how many differently titled records each value stands: a record printed twice counts once."""
    holders: dict[str, set[object]] = defaultdict(set)
    for each in side:
        holder = each.titles[0] if each.titles else id(each)
        for value in _values(each):
            holders[value].add(holder)
    return Counter({value: len(held) for value, held in holders.items()})


def _values(each: Evidence) -> Iterator[str]:
    for present in each.names[:1]:
        yield from (f"word {word}" for word in present.words)
    yield from (f"code {code}" for code in each.codes)
    yield from (f"link {link}" for link in each.links)
    yield from (f"slug {slug}" for slug in each.slugs)
    yield from (f"partner {partner}" for partner in each.partners)
    yield from (f"programme {programme}" for programme in each.programmes)
    yield from (f"country {country}" for country in each.project.countries)
    yield from (f"note {word}" for word in each.note_words)
    yield f"area {each.area}"
