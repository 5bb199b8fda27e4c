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
from store.deliveries import DeliveryKind, Mail, owe_all
from store.digest_runs import Run, RunState, move
from store.evidence.keepsakes import last_head_line
from store.ledger import entries_with_past
from store.run_mails import hold_still, mail_counts, make_way, readers_behind, told_readers
from store.subscriptions import Filters, Subscription, TokenPurpose, advance_all, mint_all
from store.telling import keep_content

AT_A_TIME = 100
"""Readers in one transaction and each of its statements: a crash loses no more, and that is made again."""


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
            made += maker.serve(session, [reader.id for reader in readers[begin : begin + AT_A_TIME]])
    with db.writing() as session:
        mails = mail_counts(session, frozen.id)
        if mails and readers and canary is not None:
            maker.serve_canary(session, canary, readers[0])
        move(session, frozen.id, [RunState.FROZEN], RunState.COMPOSED if mails else RunState.QUIET, at)
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

    def serve(self, session: Session, numbers: Sequence[int]) -> int:
        """Owe readers their digests, or move their cursors on over nothing; return how many mails that made.

        Nothing happens to who has changed meanwhile.
        """
        assert self._run.frequency is not None
        readers = hold_still(session, numbers, self._run.frequency, self._cutoff)
        free = make_way(session, [reader.id for reader in readers], self._run.id, self._at)
        found = [(one, self._editions.edition(one, self._cutoff, self._begins(one))) for one in readers]
        quiet = [reader.id for reader, edition in found if edition is None and reader.id in free]
        told = [(reader, edition) for reader, edition in found if edition is not None and reader.id in free]
        advance_all(session, quiet, self._cutoff, self._at)
        tokens = mint_all(session, [reader.id for reader, _ in told], TokenPurpose.UNSUBSCRIBE, self._at)
        mails = [
            self._mail(session, edition, reader.address, tokens[reader.id], reader.id)
            for reader, edition in told
        ]
        return len(owe_all(session, mails, self._at))

    def serve_canary(self, session: Session, address: str, first: Subscription) -> None:
        """Owe the canary all news of the run, or where that comes to nothing what the first reader gets."""
        assert self._run.start is not None
        copy = replace(first, filters=Filters(), cursor=self._run.start)
        edition = self._editions.edition(copy, self._cutoff)
        if edition is not None:
            owe_all(session, [self._mail(session, edition, address, "canary", None)], self._at)

    def _begins(self, reader: Subscription) -> date | None:
        """Return the day from which a reader's first digest tells: that of the confirmation, in Rome."""
        if reader.id in self._told or reader.confirmed_at is None:
            return None
        return reader.confirmed_at.astimezone(HOME).date()

    @property
    def _cutoff(self) -> int:
        assert self._run.cutoff is not None
        return self._run.cutoff

    def _mail(self, session: Session, edition: Edition, address: str, token: str, number: int | None) -> Mail:
        # With the instant, for a database that was put back gives the numbers of its runs out once more.
        key = f"{self._run.id}/{'canary' if number is None else number}/{self._at.isoformat()}"
        identifier = message_id(DeliveryKind.DIGEST, key, self._sender.domain)
        message = printed(
            edition.stencil,
            recipient=address,
            identifier=identifier,
            at=self._at,
            token=token,
            subscription=number,
        )
        return Mail(
            kind=DeliveryKind.DIGEST,
            recipient=address,
            message_id=identifier,
            message=message,
            subscription_id=number,
            cutoff=self._cutoff,
            run_id=self._run.id,
            content_id=self._content(session, edition),
        )

    def _content(self, session: Session, edition: Edition) -> int:
        if id(edition) not in self._contents:
            self._contents[id(edition)] = keep_content(session, self._run.id, edition.entries)
        return self._contents[id(edition)]
