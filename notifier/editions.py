"""Digests set once for all readers who are owed the same: one rendering for each distinct content."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from notifier.digest import digest
from notifier.links import Links
from notifier.message import Sender
from notifier.render import Envelope, Letter, Origins, digest_letter
from notifier.stencil import Stencil, stencil
from notifier.words import words
from store.kinds import Frequency
from store.ledger import LedgerEntry
from store.subscriptions import Filters, Subscription


@dataclass(frozen=True, slots=True)
class Edition:
    """What every reader with the same filters, language, frequency and cursor is owed, up to `cutoff`.

    `entries` are the ledger numbers of what it tells.
    """

    cutoff: int
    entries: tuple[int, ...]
    letter: Letter
    stencil: Stencil


_Sort = tuple[Filters, str, Frequency, int, int, date | None]


class Editions:
    """Makes each edition of one stretch of the ledger once and remembers it.

    `ledger` holds the entries, oldest first, from the least advanced reader's cursor on, with the past of
    their projects; `checkpoint` is the line of the evidence log's last one, which every digest carries.
    """

    def __init__(
        self, sender: Sender, origins: Origins, ledger: Iterable[LedgerEntry], checkpoint: str = ""
    ) -> None:
        self._sender = sender
        self._origins = origins
        self._ledger = tuple(ledger)
        self._checkpoint = checkpoint
        self._made: dict[_Sort, Edition | None] = {}

    def edition(self, reader: Subscription, cutoff: int, begins: date | None = None) -> Edition | None:
        """Return what this reader is owed up to that ledger number; None where it comes to nothing.

        `begins` is the civil day from which the reader's first digest tells; None in every later one.
        """
        sort = (reader.filters, reader.language, reader.frequency, reader.cursor, cutoff, begins)
        if sort not in self._made:
            self._made[sort] = self._set(reader, cutoff, begins)
        return self._made[sort]

    def _set(self, reader: Subscription, cutoff: int, begins: date | None) -> Edition | None:
        news = digest(reader, (entry for entry in self._ledger if entry.pub_seq <= cutoff))
        if news is None:
            return None
        envelope = Envelope(reader.frequency, self._sender.name, begins=begins, checkpoint=self._checkpoint)
        links = Links(self._sender.public_url)
        letter = digest_letter(news, envelope, self._origins, links, words(reader.language))
        told = tuple(number for one in news.news for number in one.entries)
        return Edition(cutoff, told, letter, stencil(letter, self._sender))
