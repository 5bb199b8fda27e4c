"""Ledger entries as events: what one visit brought about one project, told in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from notifier.digest import through
from notifier.news import News, fold
from notifier.story import Story, story
from notifier.words import Words
from scraper.records import ChangeKind
from store.filters import Filters
from store.ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class Event:
    """What one visit, or a decision about it, brought about one project; `told`: it goes into digests."""

    story: Story
    capture_id: int
    told: bool


def events(
    entries: Iterable[LedgerEntry], words: Words, *, untold: bool = False, filters: Filters | None = None
) -> tuple[Event, ...]:
    """Return the events that these entries (oldest first) make up, newest first.

    Without `untold` they are what digests tell, by number; with it everything that is on record, by day. With
    `filters` they are what feeds tell: what these let through, and moves within a page too.
    """
    found: list[Event] = []
    for _, run in groupby(sorted(entries, key=_occasion), key=_occasion):
        members = tuple(run)
        told = any(entry.change.told for entry in members)
        news = fold(members, untold=untold)
        if filters is not None:
            news = through(filters, news or _moves(members))
        found += [Event(story(one, words), members[0].capture_id, told) for one in news]
    return tuple(sorted(found, key=_day if untold else _number, reverse=True))


def _day(event: Event) -> tuple[datetime, int]:
    """Return the place of an event in a history: what old captures brought has late numbers."""
    return event.story.news.at, event.story.news.pub_seq


def _number(event: Event) -> int:
    return event.story.news.pub_seq


def _occasion(entry: LedgerEntry) -> tuple[int, datetime, str, int]:
    """Return what entries of one event share; a later decision about the same visit is another event."""
    return entry.capture_id, entry.at, entry.source, entry.change.track


def _moves(members: Iterable[LedgerEntry]) -> tuple[News, ...]:
    """Return the news that a project only moved to another section or page, which digests leave out."""
    own = [entry for entry in members if not entry.retold]
    return tuple(news for news in fold(own, untold=True) if news.kind is ChangeKind.MOVED)
