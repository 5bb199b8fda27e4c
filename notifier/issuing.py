"""The mails of one run made: each reader's digest with its exact bytes, or a cursor moved on over nothing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from notifier.editions import Edition, Editions
from notifier.message import Sender, message_id
from notifier.render import Origins
from notifier.stencil import printed
from notifier.words import HOME
from store.database import Database, Session
from store.deliveries import DeliveryKind, owe
from store.digest_runs import Run, RunState, move
from store.evidence.keepsakes import last_head_line
from store.ledger import entries_with_past
from store.run_mails import mail_counts, make_way, readers_behind, told_readers
from store.subscriptions import (
    Filters,
    Subscription,
    SubscriptionState,
    TokenPurpose,
    advance,
    mint,
    subscription,
)
from store.telling import keep_content

AT_A_TIME = 100
"""Readers in one transaction: each commit waits for the disk."""


def issue(
    db: Database,
    frozen: Run,
    at: datetime,
    sender: Sender,
    origins: Callable[[Session], Origins],
    canary: str | None,
) -> int:
    """Make the mails of a frozen run and return how many; none of them may leave yet.

    Repeating it after a crash makes what was missing. Without any mail the run ends as quiet.
    """
    assert frozen.frequency is not None and frozen.start is not None and frozen.cutoff is not None
    with db.reading() as session:
        readers = readers_behind(session, frozen.frequency, frozen.cutoff)
        ledger = entries_with_past(session, frozen.start, frozen.cutoff)
        editions = Editions(sender, origins(session), ledger, last_head_line(session))
        maker = _Maker(frozen, editions, sender, at, told_readers(session))
    made = 0
    for begin in range(0, len(readers), AT_A_TIME):
        with db.writing() as session:
            made += sum(maker.serve(session, reader.id) for reader in readers[begin : begin + AT_A_TIME])
    with db.writing() as session:
        if made and canary is not None:
            maker.serve_canary(session, canary, readers)
        ending = RunState.COMPOSED if mail_counts(session, frozen.id) else RunState.QUIET
        move(session, frozen.id, [RunState.FROZEN], ending, at)
    return made


class _Maker:
    """Makes the mails of one run, and remembers which content was written down under which number."""

    def __init__(
        self, frozen: Run, editions: Editions, sender: Sender, at: datetime, told: frozenset[int]
    ) -> None:
        self._run = frozen
        self._told = told
        self._editions = editions
        self._sender = sender
        self._at = at
        self._contents: dict[int, int] = {}

    def serve(self, session: Session, number: int) -> bool:
        """Owe a reader the digest, or move the cursor on; nothing where the reader has changed meanwhile."""
        reader, cutoff = subscription(session, number), self._cutoff
        if reader.state != SubscriptionState.ACTIVE or reader.frequency != self._run.frequency:
            return False
        if reader.cursor >= cutoff or not make_way(session, number, self._at):
            return False
        edition = self._editions.edition(reader, cutoff, self._begins(reader))
        if edition is None:
            advance(session, number, cutoff, self._at)
            return False
        token = mint(session, number, TokenPurpose.UNSUBSCRIBE, self._at)
        return self._owe(session, edition, reader.address, token, number)

    def serve_canary(self, session: Session, address: str, readers: Sequence[Subscription]) -> None:
        """Owe the canary all news of the run, or where that comes to nothing what the first reader gets."""
        assert self._run.start is not None
        copy = replace(readers[0], filters=Filters(), cursor=self._run.start)
        edition = self._editions.edition(copy, self._cutoff)
        if edition is not None:
            self._owe(session, edition, address, "canary", None)

    def _begins(self, reader: Subscription) -> date | None:
        """Return the day from which a reader's first digest tells: that of the confirmation, in Rome."""
        if reader.id in self._told or reader.confirmed_at is None:
            return None
        return reader.confirmed_at.astimezone(HOME).date()

    @property
    def _cutoff(self) -> int:
        assert self._run.cutoff is not None
        return self._run.cutoff

    def _owe(self, session: Session, edition: Edition, address: str, token: str, number: int | None) -> bool:
        key = f"{self._run.id}/{'canary' if number is None else number}"
        identifier = message_id(DeliveryKind.DIGEST, key, self._sender.domain)
        message = printed(
            edition.stencil,
            recipient=address,
            identifier=identifier,
            at=self._at,
            token=token,
            subscription=number,
        )
        owed = owe(
            session,
            kind=DeliveryKind.DIGEST,
            recipient=address,
            message_id=identifier,
            message=message,
            at=self._at,
            subscription_id=number,
            cutoff=self._cutoff,
            run_id=self._run.id,
            content_id=self._content(session, edition),
        )
        return owed is not None

    def _content(self, session: Session, edition: Edition) -> int:
        if id(edition) not in self._contents:
            self._contents[id(edition)] = keep_content(session, self._run.id, edition.entries)
        return self._contents[id(edition)]
