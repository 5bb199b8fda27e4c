"""Ledger entries as events: what one visit brought about one project, told in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from notifier.news import fold
from notifier.story import Story, story
from notifier.words import Words
from store.ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class Event:
    """What one visit brought about one project; `told` says whether it goes into digests."""

    story: Story
    capture_id: int
    told: bool


def events(entries: Iterable[LedgerEntry], words: Words, *, untold: bool = False) -> tuple[Event, ...]:
    """Return the events that these entries (oldest first) make up, newest first.

    Without `untold` they are what digests tell; with it they are everything that is on record.
    """
    ordered = sorted(entries, key=lambda entry: (entry.capture_id, entry.source, entry.change.track))
    found: list[Event] = []
    for (capture_id, _, _), run in groupby(
        ordered, key=lambda entry: (entry.capture_id, entry.source, entry.change.track)
    ):
        members = tuple(run)
        told = any(entry.change.told for entry in members)
        found += [Event(story(news, words), capture_id, told) for news in fold(members, untold=untold)]
    return tuple(sorted(found, key=lambda event: event.story.news.pub_seq, reverse=True))
