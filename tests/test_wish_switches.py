"""Switching wishes: whatever a reader changes or suspends, each change is told once, or let pass once."""

import os
import random
import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from shutil import copy

import pytest

from notifier.compose import compose
from notifier.holding import Caution
from notifier.message import Sender
from scraper.records import Project, Role
from store.database import Database, open_database
from store.deliveries import DeliveryKind, deliveries
from store.kinds import SuspensionReason
from store.ledger import head
from store.outbox import settle_accepted
from store.preferences import keep_preference
from store.subscriptions import (
    Filters,
    Frequency,
    Wish,
    confirm,
    request_subscription,
    resume,
    subscription,
    suspend,
)
from tests.clocks import FakeClock
from tests.sending import claim
from tests.store_visits import day, enrolled, record_visit, source

HISTORIES = 1000 if os.environ.get("COOPWATCH_SOAK") else 12
SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
NEVER_HELD = Caution(changed_percent=100_000, removed=100_000)
AREAS = ("AFRICA", "ASIA", "AMERICA LATINA")


class Story:
    """A reader and a page that grows by one project at a time, in a database of their own."""

    def __init__(self, db: Database, seed: int) -> None:
        self.db, self.rng, self.clock = db, random.Random(seed), FakeClock(day(0))
        self.projects: dict[int, Project] = {}
        self.seen = self.upto = 0
        with db.writing() as session:
            self.page = enrolled(session)
            record_visit(session, self.page, day(0), {})
            wish = self.wish()
            asked = request_subscription(
                session, "ong@example.org", wish.language, wish.frequency, wish.filters, day(0)
            )
            self.number = confirm(session, asked.id, day(0))

    def wish(self) -> Wish:
        """Return any wish."""
        areas = tuple(area for area in AREAS if self.rng.random() < 0.4)
        roles = tuple(role for role in (Role.LEAD, Role.PARTNER) if self.rng.random() < 0.2)
        frequency = self.rng.choice([*Frequency, Frequency.AT_ONCE])
        return Wish(self.rng.choice(["it", "en", "fr"]), frequency, Filters(areas=areas, roles=roles))

    def step(self) -> None:
        """Let something happen."""
        self.clock.advance(self.rng.randrange(3600, 5 * 86400))
        match self.rng.randrange(8):
            case 0 | 1 | 2:
                self.publish()
            case 3:
                with self.db.writing() as session:
                    keep_preference(session, self.number, self.wish(), self.clock.now())
            case 4:
                with self.db.writing() as session:
                    if not suspend(session, self.number, self.clock.now(), SuspensionReason.READER):
                        resume(session, self.number)
            case _:
                self.tell()

    def publish(self) -> None:
        """Let one more project appear."""
        number = len(self.projects) + 1
        area, role = self.rng.choice(AREAS), self.rng.choice([Role.LEAD, Role.PARTNER])
        self.projects[number] = Project(title=f"Progetto {number}", area=area, role=role)
        with self.db.writing() as session:
            record_visit(session, self.page, self.clock.now(), self.projects)

    def tell(self) -> None:
        """Send what is due; it is what the present wish lets through of what the cursor moved over."""
        with self.db.reading() as session:
            before = subscription(session, self.number)
        compose(self.db, self.clock, SENDER, [source()], NEVER_HELD)
        while True:
            with self.db.writing() as session:
                taken = claim(session, self.clock.now(), self.clock.now() + timedelta(minutes=5))
                if taken is None:
                    break
                settle_accepted(session, taken.id, self.clock.now(), "250 ok")
        with self.db.reading() as session:
            after = subscription(session, self.number)
        assert before.cursor == self.upto  # nothing but telling moves it
        self.upto = after.cursor
        passed = range(before.cursor + 1, after.cursor + 1)
        assert self.told() == {number for number in passed if self.lets_through(before.filters, number)}

    def lets_through(self, filters: Filters, number: int) -> bool:
        """Say whether filters let the news of a project's appearance through."""
        project = self.projects[number]
        return (not filters.areas or project.area in filters.areas) and (
            not filters.roles or project.role in filters.roles
        )

    def told(self) -> set[int]:
        """Return the projects in digests that are new since the last look."""
        with self.db.reading() as session:
            fresh = [one for one in deliveries(session, kind=DeliveryKind.DIGEST) if one.id > self.seen]
        self.seen = max((one.id for one in fresh), default=self.seen)
        found: set[int] = set()
        for one in fresh:
            body = message_from_bytes(one.message, policy=default).get_body(("plain",))
            assert body is not None
            found |= {int(number) for number in re.findall(r"Progetto (\d+)", body.get_content())}
        return found


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(HISTORIES))
def test_check_22_no_switch_tells_twice_or_misses(empty_sqlite: Path, tmp_path: Path, seed: int) -> None:
    """Over random histories of changes, wishes and suspensions: every change is passed over exactly once."""
    db = open_database(f"sqlite:///{copy(empty_sqlite, tmp_path / 'story.db')}")
    told_once(db, seed)
    db.close()


@pytest.mark.parametrize("seed", (2200, 2201, 2202))
def test_check_22_holds_on_every_database(db: Database, seed: int) -> None:
    """A few of the same histories, composed and settled on SQLite and on PostgreSQL."""
    told_once(db, seed)


def told_once(db: Database, seed: int) -> None:
    """Live through a history, and assert that every change was passed over exactly once."""
    story = Story(db, seed)
    for _ in range(30):
        story.step()
    with db.writing() as session:
        resume(session, story.number)
        keep_preference(session, story.number, Wish("it", Frequency.AT_ONCE, Filters()), story.clock.now())
    story.tell()
    with db.reading() as session:
        assert subscription(session, story.number).cursor == head(session) == len(story.projects)
