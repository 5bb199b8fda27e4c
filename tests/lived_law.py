"""Random lives of a page and its readers through the real store and runs, held against their mails' words."""

import random
from dataclasses import replace

from notifier.compose import compose
from notifier.corrections import correct
from notifier.holding import Caution
from notifier.message import Sender
from scraper.errors import DecisionError
from scraper.records import Layout, Project
from store.database import Database
from store.decisions import Signature
from store.deliveries import Delivery, DeliveryKind, deliveries
from store.digest_runs import RunState, open_runs
from store.kinds import Refusal, RunKind, SuspensionReason
from store.ledger import head
from store.outbox import (
    doubts,
    send_again,
    settle_accepted,
    settle_in_doubt,
    settle_rejected,
)
from store.preferences import Wish, keep_preference
from store.returns import settle_bounced
from store.reviews import open_reviews, reject, release
from store.run_decisions import hold_run, reject_run, release_run
from store.subscriptions import (
    Frequency,
    confirm,
    request_subscription,
    resume,
    subscription,
    suspend,
    unsubscribe,
)
from store.tracks import projects
from tests.clocks import FakeClock
from tests.fold_law import STATUSES, WISHES, Page
from tests.reading_subscriber import Subscriber
from tests.sending import claim
from tests.told_mails import told
from tests.watched_history import SOURCE, days, enrolled, visited

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
NEVER_HELD = Caution(changed_percent=100_000, removed=100_000)
AREAS = ("AFRICA", "ASIA")
RHYTHMS = (*Frequency, Frequency.AT_ONCE, Frequency.AT_ONCE, Frequency.DAILY)
TITLES = (
    *("Acqua pulita nei villaggi dell'Etiopia", "Orti urbani a Dakar", "Scuole rurali del Benin"),
    *("Mare sicuro", "Energia solare per gli ospedali", "Teatro di comunità", "Formazione di fabbri"),
)


class Life:
    """A page, staff, a mail server and readers, in a database; `states` is the page after ledger numbers."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.dice, self.clock = db, random.Random(seed), FakeClock(days(0))
        self.shown = {title: self._record(Project(title=title, layout=Layout.TABLE)) for title in TITLES[:5]}
        self.readers: dict[int, Subscriber] = {}
        self.wishes: dict[int, Wish] = {}
        self.states: dict[int, Page] = {}
        with db.writing() as session:
            self.page = enrolled(session)
        self._visit()
        for _ in range(4):
            self.join()

    def live(self) -> None:
        """Let something happen: an edit, or a wish of a reader or of staff; and mostly a tick."""
        self.clock.advance(self.dice.choice((3600, 5 * 3600, 20 * 3600, 30 * 3600)))
        acts = (*[self.edit] * 6, *[self.switch] * 3, self.decide, self.decide, self.join, self.join)
        self.dice.choice((*acts, self.rest, self.leave, self.mend))()
        if self.dice.random() < 0.7:
            self.tick()

    def end(self) -> None:
        """Let all that waits be decided, everybody go on, the page change once more, and all mails arrive."""
        for _ in range(3):
            self.decide(sure=True)
            self.tick(mishaps=False)
        with self.db.writing() as session:
            for one in self.readers.values():
                resume(session, one.number)
                one.active, one.frequency = True, Frequency.AT_ONCE
                keep_preference(session, one.number, one.wish, self.clock.now())
        self.clock.advance(3600)
        for title, record in list(self.shown.items()):
            other = next(status for status in STATUSES if status is not record.status)
            self.shown[title] = replace(record, status=other)
        self._visit()
        self.decide(sure=True)
        for _ in range(3):
            self.tick(mishaps=False)
        with self.db.reading() as session:
            newest = head(session)
        assert {one.cursor for one in self.readers.values()} <= {newest}, "somebody was left behind"

    def edit(self) -> None:
        """Let a project come, go or change; sometimes the page breaks down instead, which is held."""
        if self.dice.random() < 0.1:
            with self.db.writing() as session:
                visited(session, self.page, self.clock.now(), ())
            return
        title = self.dice.choice(TITLES)
        if title not in self.shown:
            self.shown[title] = self._record(Project(title=title, layout=Layout.TABLE))
        elif self.dice.random() < 0.25 and len(self.shown) > 3:
            del self.shown[title]
        else:
            self.shown[title] = self._record(self.shown[title])
        self._visit()

    def tick(self, *, mishaps: bool = True) -> None:
        """Compose what is due and send what may leave; with mishaps some mails are lost, or refused."""
        compose(self.db, self.clock, SENDER, [SOURCE], NEVER_HELD)
        with self.db.reading() as session:
            fresh = [
                one for one in deliveries(session, kind=DeliveryKind.DIGEST) if one.id not in self.wishes
            ]
        for one in fresh:
            assert one.subscription_id is not None
            self.wishes[one.id] = self.readers[one.subscription_id].wish
        for reader in self.readers.values():
            # Nothing is told, but the cursor may have moved on.
            reader.follow(self._cursor(reader), self.states, {})
        if mishaps and self.dice.random() < 0.2:
            self._hold_back()
        self._settle_doubts(mishaps)
        while (taken := self._claimed()) is not None:
            self._fate(taken, self.dice.random() if mishaps else 1.0)

    def decide(self, *, sure: bool = False) -> None:
        """Let staff believe a held page or not, and release or reject held runs, however late."""
        with self.db.writing() as session:
            for asked in open_reviews(session):
                if sure or self.dice.random() < 0.5:
                    act = release if self.dice.random() < 0.3 else reject
                    act(session, asked.id, self._signed())
            for held in open_runs(session):
                if held.state is RunState.HELD and (sure or self.dice.random() < 0.6):
                    yes = held.kind is RunKind.CORRECTION or self.dice.random() < 0.7
                    (release_run if yes else reject_run)(session, held.id, self._signed())
        self._note_state()

    def join(self) -> None:
        """Let somebody sign up; whoever left may come back, as somebody new."""
        filters, address = self.dice.choice(WISHES), f"ong{self.dice.randint(1, 5)}@example.org"
        if any(self._address(one.number) == address for one in self.readers.values()):
            return
        language, frequency = self.dice.choice(("it", "en", "fr")), self.dice.choice(RHYTHMS)
        with self.db.writing() as session:
            asked = request_subscription(session, address, language, frequency, filters, self.clock.now())
            number = confirm(session, asked.id, self.clock.now())
        upto = max(self.states)
        page = dict(self.states[upto])
        self.readers[number] = Subscriber(frequency, filters, upto, page, number=number, language=language)

    def switch(self) -> None:
        """Let a reader wish for other filters, another frequency, another language."""
        if (one := self._somebody()) is None:
            return
        one.language, one.frequency = self.dice.choice(("it", "en", "fr")), self.dice.choice(RHYTHMS)
        if self.dice.random() < 0.7:
            # What a new filter lets in is known from the pages, as they stood where the old one ended.
            one.filters, one.believes = self.dice.choice(WISHES), dict(self.states[one.cursor])
        with self.db.writing() as session:
            keep_preference(session, one.number, one.wish, self.clock.now())

    def rest(self) -> None:
        """Let a reader rest, or go on."""
        if (one := self._somebody()) is None:
            return
        one.active = not one.active
        with self.db.writing() as session:
            if one.active:
                assert resume(session, one.number)
            else:
                assert suspend(session, one.number, self.clock.now(), SuspensionReason.READER)

    def leave(self) -> None:
        """Let a reader go."""
        if self.dice.random() < 0.4 and (one := self._somebody()) is not None:
            del self.readers[one.number]
            with self.db.writing() as session:
                unsubscribe(session, one.number, self.clock.now())

    def mend(self) -> None:
        """Correct something that was told: it goes to those who were told, and to nobody else."""
        known = sorted(
            {entry for one in self.readers.values() for _, said in one.heard_of.values() for entry in said}
        )
        if not known:
            return
        wrong = self.dice.choice(known)
        wording = {"it": "Era sbagliato."}
        try:
            run, _ = correct(self.db, SENDER, [wrong], wording, self._signed(), [SOURCE])
        except DecisionError:
            run = 0
        with self.db.reading() as session:
            mended = {one.subscription_id for one in deliveries(session, run_id=run)}
        tellings = [(one.number, *each) for one in self.readers.values() for each in one.heard_of.values()]
        surely = {number for number, _, said in tellings if wrong in said}
        perhaps = {number for number, passed, _ in tellings if wrong in passed}
        assert surely <= mended <= perhaps, (wrong, surely, mended, perhaps)
        self.clock.advance(1)

    def _fate(self, one: Delivery, dice: float) -> None:
        now = self.clock.now()
        with self.db.writing() as session:
            if dice < 0.1:
                settle_rejected(session, one.id, now, "550 5.2.2 full", refusal=Refusal.SOFT)
                return
            if dice < 0.2:
                settle_in_doubt(session, one.id, now, now, "lost after the final dot")
                return
            settle_accepted(session, one.id, now, "250 taken")
        self._arrived(one)
        if dice < 0.3 and one.kind is DeliveryKind.DIGEST:
            self._bounce(one)

    def _settle_doubts(self, mishaps: bool) -> None:
        with self.db.reading() as session:
            found = doubts(session)
        for one in found:
            if mishaps and self.dice.random() < 0.3:
                continue
            taken = self.dice.random() < 0.5
            with self.db.writing() as session:
                if taken:
                    settle_accepted(session, one.id, self.clock.now(), "in the archive")
                else:
                    send_again(session, one, self.clock.now(), proven=True)
            if taken:
                self._arrived(one)

    def _arrived(self, mail: Delivery) -> None:
        reader = self.readers.get(mail.subscription_id or 0)
        if mail.kind is not DeliveryKind.DIGEST:
            return
        wanted = reader is not None and reader.active and reader.wish == self.wishes[mail.id]
        assert wanted or mail.doubted_at, "not wanted any more, and left all the same"
        if reader is None:
            return
        assert mail.cutoff == self._cursor(reader)
        reader.read(mail, told(mail.message), self.wishes[mail.id], self.states)

    def _bounce(self, mail: Delivery) -> None:
        """Let a mail come back: what it told its reader does not know, and is told again."""
        with self.db.writing() as session:
            settle_bounced(session, mail.id, self.clock.now(), Refusal.SOFT, "4.2.2 full")
        if (reader := self.readers.get(mail.subscription_id or 0)) is not None:
            reader.forget(mail, self._cursor(reader), self.states)

    def _hold_back(self) -> None:
        with self.db.writing() as session:
            leaving = [one for one in open_runs(session) if one.state is RunState.DRAINING]
            for one in leaving:
                hold_run(session, one.id, self._signed())

    def _claimed(self) -> Delivery | None:
        with self.db.writing() as session:
            return claim(session, self.clock.now(), self.clock.now())

    def _visit(self) -> None:
        with self.db.writing() as session:
            visited(session, self.page, self.clock.now(), tuple(self.shown.values()))
        self._note_state()

    def _note_state(self) -> None:
        with self.db.reading() as session:
            upto, entries = head(session), projects(session, SOURCE.name, present=True)
        self.states.setdefault(upto, {entry.number: entry.project for entry in entries})

    def _record(self, project: Project) -> Project:
        return replace(project, status=self.dice.choice(STATUSES), area=self.dice.choice(AREAS))

    def _somebody(self) -> Subscriber | None:
        return self.dice.choice(list(self.readers.values())) if self.readers else None

    def _cursor(self, reader: Subscriber) -> int:
        with self.db.reading() as session:
            return subscription(session, reader.number).cursor

    def _address(self, number: int) -> str:
        with self.db.reading() as session:
            return subscription(session, number).address

    def _signed(self) -> Signature:
        return Signature("Anna", "Guardato", self.clock.now())
