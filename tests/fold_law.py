"""A page's random history and its readers' random lives, to hold every digest against what it should tell."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from notifier.civil_periods import PERIODIC, due_at, newest
from notifier.digest import digest, lets_through
from notifier.news import News
from scraper.compare.differences import differences
from scraper.compare.plain_text import says_the_same
from scraper.records import Change, ChangeKind, Layout, Project, ProjectStatus
from store.ledger import LedgerEntry
from store.subscriptions import Filters, Frequency
from tests.digest_samples import reader as subscriber

STATUSES = (ProjectStatus.STARTING, ProjectStatus.ONGOING, ProjectStatus.CONCLUDED)
AREAS = ("AFRICA", "ASIA", None)
ENDS = (None, "2021", "2022-05")
TITLES = ("Acqua pulita", "Orti di città", "Scuole rurali")
LAYOUTS = (Layout.TABLE, Layout.TABLE, Layout.PROSE)
TOLD_FIELDS = ("title", "status", "area", "end")
WISHES = (
    Filters(),
    Filters(areas=("AFRICA",)),
    Filters(statuses=(ProjectStatus.ONGOING,)),
    Filters(words=("acqua",)),
    Filters(areas=("ASIA",), statuses=(ProjectStatus.STARTING, ProjectStatus.CONCLUDED)),
)
COMING = {ChangeKind.ADDED, ChangeKind.REAPPEARED}

Page = dict[int, Project]
"""The projects of a page by their tracks."""


@dataclass
class Reader:
    """A reader: what they asked for, how far they were told, and what they believe of the page."""

    frequency: Frequency
    filters: Filters
    cursor: int
    believes: Page
    active: bool = True
    heard: set[int] = field(default_factory=set)


@dataclass
class History:
    """A page's life in the making.

    `states` holds the page as it is known after each ledger number: what it silently lost is known still.
    """

    dice: random.Random
    now: datetime = datetime(2026, 10, 20, 8, tzinfo=UTC)
    page: Page = field(default_factory=dict)
    gone: Page = field(default_factory=dict)
    ledger: list[LedgerEntry] = field(default_factory=list)
    left: Page = field(default_factory=dict)
    states: list[Page] = field(default_factory=lambda: [{}])
    readers: list[Reader] = field(default_factory=list)
    done: dict[Frequency, str] = field(default_factory=dict)
    digests: int = 0

    @property
    def head(self) -> int:
        """The last ledger number."""
        return len(self.ledger)

    def edit(self) -> None:
        """Let a project come, go, come back or change, as the comparison would tell it."""
        track = self.dice.randint(1, 4)
        if track not in self.page:
            back = track in self.gone and self.dice.random() < 0.7
            record = self.gone[track] if back and self.dice.random() < 0.5 else self._record(Project())
            self.page[track] = record
            kind = ChangeKind.REAPPEARED if track in self.gone else ChangeKind.ADDED
            self._publish(Change(kind, track, record))
            return
        before = self.page[track]
        if self.dice.random() < 0.2:
            self.gone[track] = self.page.pop(track)
            self._publish(Change(ChangeKind.REMOVED, track, before))
            return
        after = self._record(before)
        self.page[track] = after
        for change in differences(track, before, after, before.layout is after.layout):
            self._publish(change)

    def _record(self, project: Project) -> Project:
        values = {
            "title": self.dice.choice(TITLES),
            "status": self.dice.choice(STATUSES),
            "area": self.dice.choice(AREAS),
            "end": self.dice.choice(ENDS),
            "section": self.dice.choice(("In corso", "Altri")),
            "layout": self.dice.choice(LAYOUTS),
        }
        new = project == Project()
        chosen = {name: value for name, value in values.items() if new or self.dice.random() < 0.3}
        return replace(project, **chosen)  # type: ignore[arg-type]

    def _publish(self, change: Change) -> None:
        self.ledger.append(LedgerEntry(self.head + 1, self.now, "torino", 1, 1, change))
        after = dict(self.states[-1])
        if change.kind == ChangeKind.REMOVED:
            self.left[change.track] = after.pop(change.track)
        elif change.kind in COMING:
            before = self.gone.get(change.track)
            after[change.track] = change.project
            if before is not None:
                same = before.layout is change.project.layout
                steps = differences(change.track, before, change.project, same)
                after[change.track] = _known(self.left[change.track], change.project, steps)
        else:
            after[change.track] = _known(after[change.track], change.project, [change])
        self.states.append(after)

    def live(self) -> None:
        """Let a reader sign up, switch, rest, go on or leave."""
        act = self.dice.random()
        if act < 0.4 or not self.readers:
            frequency, filters = self.dice.choice(list(Frequency)), self.dice.choice(WISHES)
            self.readers.append(Reader(frequency, filters, self.head, dict(self.states[-1])))
            return
        one = self.dice.choice(self.readers)
        if act < 0.6:
            one.frequency = self.dice.choice(list(Frequency))
        elif act < 0.75:
            # What a new filter lets in is known from the pages, as they stood where the old one ended.
            one.filters, one.believes = self.dice.choice(WISHES), dict(self.states[one.cursor])
        elif act < 0.9:
            one.active = not one.active
        else:
            self.readers.remove(one)

    def tick(self) -> None:
        """Tell whom a run is due for; one mail in five dies on its way."""
        due = {Frequency.AT_ONCE: self.head}
        for frequency in PERIODIC:
            period = newest(frequency, self.now)
            if self.done.get(frequency) != period:
                self.done[frequency] = period
                due[frequency] = sum(entry.at <= due_at(frequency, period) for entry in self.ledger)
        for one in list(self.readers):
            cutoff = due.get(one.frequency, 0)
            if one.active and one.cursor < cutoff and self.dice.random() < 0.8:
                self.tell(one, cutoff)

    def tell(self, one: Reader, cutoff: int) -> None:
        """Tell a reader all up to the cutoff, and hold the law against it."""
        subscription = replace(subscriber(cursor=one.cursor), filters=one.filters)
        owed = digest(subscription, self.ledger[:cutoff])
        before, after = self.states[one.cursor], self.states[cutoff]
        told = {news.number: news for news in (owed.news if owed else ())}
        assert len(told) == len(owed.news if owed else ())
        for news in told.values():
            assert news.entries and not one.heard & set(news.entries), "told twice"
            assert all(one.cursor < number <= cutoff for number in news.entries)
            one.heard |= set(news.entries)
            believe(one, news, before)
        for track in {*before, *after, *told}:
            hold(one, track, before.get(track), after.get(track), told.get(track))
        one.cursor = cutoff
        self.digests += bool(told)


def _known(before: Project, stated: Project, steps: Iterable[Change]) -> Project:
    """Return a record with the values that are known although the page no longer states them."""
    told = {change.field for change in steps if change.told}
    kept = {
        name: getattr(before, name)
        for name in TOLD_FIELDS
        if getattr(stated, name) is None and name not in told
    }
    return replace(stated, **kept)


def believe(one: Reader, news: News, before: Page) -> None:
    """Apply a piece of news to what the reader believes."""
    if news.kind == ChangeKind.REMOVED:
        one.believes.pop(news.number)
        return
    if news.kind in COMING or news.entered:
        assert news.entered or news.number not in before
        assert news.known is not None
        one.believes[news.number] = news.known
        return
    known = one.believes[news.number]
    for line in news.lines:
        assert not says_the_same(line.field, line.before, line.after), "nothing is news"
        assert line.before == getattr(known, line.field), "told from what nobody knew"
    changed = {line.field: line.after for line in news.lines}
    one.believes[news.number] = replace(known, **changed)  # type: ignore[arg-type]


def hold(one: Reader, track: int, before: Project | None, after: Project | None, told: News | None) -> None:
    """Assert the law for one project."""
    was = before is not None and lets_through(one.filters, "torino", before)
    stays = after is not None and lets_through(one.filters, "torino", after)
    if not was and not stays:
        assert told is None, "told of what is none of theirs"
        if after is None:
            one.believes.pop(track, None)
        return
    if after is None:
        assert told is not None and told.kind == ChangeKind.REMOVED, "not told that it went"
        return
    if not stays:
        assert told is not None, "not told of what took it out of the filters"
        one.believes[track] = after
        return
    believed = one.believes[track]
    for name in TOLD_FIELDS:
        public, known = getattr(after, name), getattr(believed, name)
        assert known == public, f"missed: {name} is {public!r}, believed {known!r}"


def histories(seeds: range) -> Iterator[History]:
    """Yield the history of each seed at its end, every reader told of everything."""
    for seed in seeds:
        history = History(random.Random(seed))
        for _ in range(40):
            history.now += timedelta(hours=history.dice.choice((1, 3, 9, 20, 50)))
            step = history.dice.choice((history.edit, history.edit, history.live, history.tick))
            step()
        for one in history.readers:
            if one.cursor < history.head:
                history.tell(one, history.head)
        yield history
