"""A house with staff for tests: the history of 2018, a held page, a doubtful pair, a digest, notes, seals."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import httpx

from notifier.compose import compose
from notifier.invitations import owe_confirmation
from notifier.message import Sender
from store.database import Database, create_database, open_database
from store.evidence.seals import seal
from store.kinds import ReviewKind
from store.outbox import settle_accepted
from store.reviews import open_reviews
from store.staff.accounts import StaffRole
from store.staff.remarks import Subject, add_remark
from store.staff.sign_in import begin_attempt, begin_session
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.evidence_world import SIGNER
from tests.sending import claim
from tests.staff_accounts import account_of
from tests.watched_history import SMART, SOURCE, THIRD, days, visited, watched_2018
from web.app import create_app
from web.office.entrance import COOKIE, form_key

SENDER = Sender("avvisi@coopwatch.example.org", "Città metropolitana", "http://coopwatch.example.org")
NOW = days(170)
READER = "ong@example.org"
MASKED = "o•••@example.org"
NOTE = "L'ufficio conferma: «concluso» è giusto. <b>"

OLD = replace(SMART, title="Rete delle scuole rurali", acronym=None)
NEW = replace(OLD, title="Rete delle scuole rurali - fase 2")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff in a session, or with an empty token a stranger."""

    client: httpx.Client
    token: str = ""

    def get(self, address: str) -> httpx.Response:
        """Look at a page."""
        return self.client.get(address, headers=self._cookie())

    def post(self, path: str, /, key: str | None = None, **fields: object) -> httpx.Response:
        """Send a form, with the session's own key unless another one is given."""
        form = {"key": form_key(self.token) if key is None else key, **fields}
        return self.client.post(path, headers=self._cookie(), data=form)

    def _cookie(self) -> dict[str, str]:
        return {"cookie": f"{COOKIE}={self.token}"} if self.token else {}


@dataclass(frozen=True, slots=True)
class StaffedHouse:
    """The running pages, their clock and database, and one member of each role."""

    db: Database
    clock: FakeClock
    client: httpx.Client

    def member(self, role: str) -> Member:
        """Return the member of that role in a new session; "stranger" has none."""
        if role == "stranger":
            return Member(self.client)
        with self.db.writing() as session:
            attempt = begin_attempt(session, role, "127.0.0.1", self.clock.now())
            assert attempt is not None
            token = begin_session(session, attempt, self.clock.now())
        assert token is not None
        return Member(self.client, token)

    def review(self, kind: ReviewKind) -> int:
        """Return the number of the open review of that kind."""
        with self.db.reading() as session:
            (found,) = [review.id for review in open_reviews(session) if review.kind is kind]
        return found


def furnish(path: Path) -> Path:
    """Make the database of such a house."""
    db, clock = create_database(f"sqlite:///{path}"), FakeClock(days(-1))
    for role in StaffRole:
        account_of(db, clock, role)
    clock.at = days(0)
    with db.writing() as session:
        reader = request_subscription(session, READER, "it", Frequency.AT_ONCE, Filters(), clock.now())
        owe_confirmation(session, reader, SENDER, clock.now())
        confirm(session, reader.id, clock.now())
    page_id = watched_2018(db)
    clock.at = days(162)
    compose(db, clock, SENDER, [SOURCE])
    with db.writing() as session:
        while (taken := claim(session, clock.now(), clock.now() + timedelta(minutes=5))) is not None:
            settle_accepted(session, taken.id, clock.now(), "250 2.0.0 Ok: queued as 4F2")
    for day, found in ((163, (*THIRD, OLD)), (164, (*THIRD, NEW)), (165, (SMART,))):
        with db.writing() as session:
            visited(session, page_id, days(day), found)
    with db.writing() as session:
        add_remark(session, Subject.PROJECT, "torino/1", NOTE, 2, days(166))
    for day in (167, 168):
        with db.writing() as session:
            seal(session, SIGNER, days(day))
    db.close()
    return path


@contextmanager
def staffed(furnished: Path, folder: Path, sender: Sender = SENDER) -> Iterator[StaffedHouse]:
    """Open a copy of a furnished house and serve its pages."""
    db = open_database(f"sqlite:///{shutil.copy(furnished, folder / 'house.db')}")
    clock = FakeClock(NOW)
    with browsing(create_app(db, clock, sender, [SOURCE], log_key=SIGNER.verifier)) as client:
        yield StaffedHouse(db, clock, client)
    db.close()
