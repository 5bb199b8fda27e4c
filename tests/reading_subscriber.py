"""A reader with a subscription who believes what the mails say, and holds the fold law against them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from notifier.news import News
from store.deliveries import Delivery
from store.preferences import Wish
from tests.fold_law import Page, Reader, believe, hold


@dataclass
class Subscriber(Reader):
    """A reader of the law with a subscription, and the ranges of the ledger that mails told it."""

    number: int = 0
    language: str = "it"
    heard_of: dict[int, tuple[range, set[int]]] = field(default_factory=dict)

    @property
    def wish(self) -> Wish:
        """What the reader wishes for at present."""
        return Wish(self.language, self.frequency, self.filters)

    def follow(self, upto: int, states: Mapping[int, Page], news: Mapping[int, News]) -> None:
        """Hold the law where the cursor moves on: `news` is all that was told of what lies between."""
        before, after = states[self.cursor], states[upto]
        for one in news.values():
            believe(self, one, before)
        for number in {*before, *after, *news}:
            hold(self, number, before.get(number), after.get(number), news.get(number))
        self.cursor = upto

    def read(
        self, mail: Delivery, news: Mapping[int, News], made_for: Wish, states: Mapping[int, Page]
    ) -> None:
        """Read a mail that was made for that wish: an earlier one ends with it."""
        assert mail.cutoff is not None
        present, self.filters = self.filters, made_for.filters
        if present != self.filters:
            self.believes = dict(states[self.cursor])
        passed = range(self.cursor + 1, mail.cutoff + 1)
        self.follow(mail.cutoff, states, news)
        self.heard_of[mail.id] = (passed, {one.pub_seq for one in news.values()})
        if present != self.filters:
            self.filters, self.believes = present, dict(states[self.cursor])

    def forget(self, mail: Delivery, cursor: int, states: Mapping[int, Page]) -> None:
        """Know nothing of a mail that came back; the cursor now stands before what it told."""
        passed, _ = self.heard_of.pop(mail.id)
        assert cursor < passed.start, "what came back is not told again"
        self.cursor, self.believes = cursor, dict(states[cursor])
