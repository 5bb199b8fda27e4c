"""Corrections of mailed digests: to those alone who were told what was wrong, under the mail that said it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from notifier.digest import Digest
from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.news import fold
from notifier.origins import origins
from notifier.render import Envelope, Letter, Origins, digest_letter
from notifier.stencil import printed, stencil
from notifier.words import HOME, words
from scraper.errors import DecisionError
from scraper.sources import Source
from store.database import Database, Session
from store.decisions import Signature
from store.deliveries import DeliveryKind, DeliveryState, owe
from store.digest_runs import RunState, begin_correction, move
from store.kinds import RunAction
from store.ledger import entry
from store.run_decisions import keep_from_leaving, keep_run_decision
from store.subscriptions import Subscription, TokenPurpose, mint, subscription
from store.telling import Telling, entries_told, keep_content, told_of

ARRIVED = (DeliveryState.ACCEPTED, DeliveryState.DELIVERED)
WAITS = "a correction: look at its mails, then release it"


def correct(
    db: Database,
    sender: Sender,
    pub_seqs: Iterable[int],
    wording: Mapping[str, str],
    signature: Signature,
    sources: Iterable[Source] = (),
) -> tuple[int, int]:
    """Write a held run of corrections and return its number and how many mails it has.

    `pub_seqs` are the ledger numbers of what was wrong; `wording` is what readers are told about it, by
    language, the Italian for who reads in another. Raises DecisionError where nobody was told of them, or
    nothing is said in Italian, and NotFoundError for a change that is not in the ledger.
    """
    wrong = frozenset(pub_seqs)
    if not wording.get("it", "").strip():
        raise DecisionError("a correction says nothing", "Say in Italian what was wrong.")
    with db.writing() as session:
        for number in sorted(wrong):
            entry(session, number)
        told = [one for one in told_of(session, wrong) if one.kind == DeliveryKind.DIGEST]
        received = {one.subscription_id: one for one in told if one.state in ARRIVED}
        number = begin_correction(session, signature.at)
        writer = _Writer(session, sender, number, wrong, wording, origins(session, sources), signature.at)
        made = sum(
            writer.write(subscription(session, reader), telling)
            for reader, telling in received.items()
            if reader is not None
        )
        if not made:
            raise DecisionError(
                "nobody who still reads was told of these changes",
                "`coopwatch explain CHANGE` says who was told of one.",
            )
        move(session, number, [RunState.FROZEN], RunState.COMPOSED, signature.at)
        keep_from_leaving(session, number, (WAITS,), signature.at)
        keep_run_decision(session, number, RunAction.CORRECT, signature)
    return number, made


class _Writer:
    """Writes the corrections of one run; those who were told the same in one language get the same words."""

    def __init__(
        self,
        session: Session,
        sender: Sender,
        run_id: int,
        wrong: frozenset[int],
        wording: Mapping[str, str],
        where: Origins,
        at: datetime,
    ) -> None:
        self._session = session
        self._sender = sender
        self._run_id = run_id
        self._wrong = wrong
        self._wording = wording
        self._origins = where
        self._at = at
        self._contents: dict[frozenset[int], int] = {}

    def write(self, reader: Subscription, telling: Telling) -> bool:
        """Owe one reader the correction of one mail; False where the reader has left."""
        known = frozenset(entries_told(self._session, telling.content_id)) & self._wrong
        letter = self._letter(reader, telling, known)
        key = f"{self._run_id}/{reader.id}/{self._at.isoformat()}"
        identifier = message_id(DeliveryKind.CORRECTION, key, self._sender.domain)
        token = mint(self._session, reader.id, TokenPurpose.UNSUBSCRIBE, self._at)
        message = printed(
            stencil(letter, self._sender),
            recipient=reader.address,
            identifier=identifier,
            at=self._at,
            token=token,
            answers=telling.message_id,
            subscription=reader.id,
        )
        owed = owe(
            self._session,
            kind=DeliveryKind.CORRECTION,
            recipient=reader.address,
            message_id=identifier,
            message=message,
            at=self._at,
            subscription_id=reader.id,
            run_id=self._run_id,
            content_id=self._content(known),
            corrects_id=telling.delivery_id,
        )
        return owed is not None

    def _content(self, known: frozenset[int]) -> int:
        if known not in self._contents:
            self._contents[known] = keep_content(self._session, self._run_id, known)
        return self._contents[known]

    def _letter(self, reader: Subscription, telling: Telling, known: frozenset[int]) -> Letter:
        entries = [entry(self._session, number) for number in sorted(known)]
        news = fold(entries) or tuple(one for each in entries for one in fold([each]))
        first, last = entries[0], entries[-1]
        said = Digest(first.pub_seq - 1, last.pub_seq, first.at, last.at, news)
        reason = self._wording.get(reader.language, "").strip() or self._wording["it"].strip()
        day = (telling.settled_at or telling.created_at).astimezone(HOME).date()
        envelope = Envelope(reader.frequency, self._sender.name, corrects=day, reason=reason)
        return digest_letter(
            said, envelope, self._origins, Links(self._sender.public_url), words(reader.language)
        )
