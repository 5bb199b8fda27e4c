"""Who is owed which digest: composed from the ledger, once, with its bytes."""

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html import unescape
from sqlite3 import connect

import pytest

from notifier.compose import compose, previews
from notifier.message import Sender
from scraper.records import Project, ProjectStatus
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, DeliveryState, deliveries
from store.evidence.keepsakes import agreement, kept_head
from store.evidence.seals import seal
from store.ledger import head
from store.outbox import settle_accepted, settle_rejected
from store.pages import pages
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    TokenPurpose,
    confirm,
    holder,
    request_subscription,
    subscription,
    unsubscribe,
)
from tests.clocks import FakeClock
from tests.evidence_world import SIGNER, VERIFIERS
from tests.sending import claim
from tests.watched_history import FIRST, SECOND, SOURCE, THIRD, days, enrolled, visited

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")


@pytest.fixture
def clock() -> FakeClock:
    """A clock at the beginning of the history."""
    return FakeClock(days(0))


@pytest.fixture
def house(sqlite_db: Database) -> Iterator[Database]:
    """A database whose page has been visited once."""
    with sqlite_db.writing() as session:
        visited(session, enrolled(session), days(0), FIRST)
    yield sqlite_db


def joined(
    db: Database,
    at: datetime,
    frequency: Frequency = Frequency.AT_ONCE,
    address: str = "ong@example.org",
    language: str = "it",
    **filters: tuple[str, ...],
) -> int:
    """Sign somebody up, confirmed at once, and return the subscription's number."""
    with db.writing() as session:
        reader = request_subscription(session, address, language, frequency, Filters(**filters), at)  # type: ignore[arg-type]
        confirm(session, reader.id, at)
        return reader.id


def seen(db: Database, at: datetime, projects: tuple[Project, ...]) -> None:
    """Record a visit."""
    with db.writing() as session:
        visited(session, pages(session)[0].id, at, projects)


def owed(db: Database) -> list[Delivery]:
    """Return every digest, oldest first."""
    with db.reading() as session:
        return list(reversed(deliveries(session, kind=DeliveryKind.DIGEST)))


def read(delivery: Delivery) -> EmailMessage:
    """Read a delivery's message."""
    return message_from_bytes(delivery.message, policy=default)


def reader_of(db: Database, number: int) -> Subscription:
    """Return a subscription."""
    with db.reading() as session:
        return subscription(session, number)


def composed(db: Database, clock: FakeClock, at: datetime) -> int:
    """Compose at an instant."""
    clock.at = at
    return compose(db, clock, SENDER, [SOURCE])


def test_a_change_makes_one_digest(house: Database, clock: FakeClock) -> None:
    """A row with the exact bytes, the cutoff and a Message-ID; composing again makes no second one."""
    number = joined(house, days(1))
    seen(house, days(2), SECOND)
    assert [composed(house, clock, days(2)), composed(house, clock, days(3))] == [1, 0]
    (one,) = owed(house)
    assert (one.state, one.recipient, one.subscription_id) == (DeliveryState.READY, "ong@example.org", number)
    with house.reading() as session:
        assert one.cutoff == head(session)
    assert one.message_id == read(one)["Message-ID"] and one.message_id.endswith("@coopwatch.example.org>")
    assert read(one)["Subject"] == "2 novità: MC2CM e RAGAZZI IN GAMBIA (22 agosto 2018)"


def test_a_digest_that_stands_already_costs_nothing(
    house: Database, sqlite_url: str, clock: FakeClock
) -> None:
    """While nothing new is public, an open digest, or one refused as it is, stands: no link is minted."""
    joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    with house.writing() as session:
        taken = claim(session, days(2), days(3))
        assert taken is not None
        settle_rejected(session, taken.id, days(2), "550 5.1.1 nobody")
    assert [composed(house, clock, days(3)) for _ in range(3)] == [0] * 3 and minted(sqlite_url) == 1
    seen(house, days(4), THIRD)
    for day in (4, 5, 6):
        composed(house, clock, days(day))
    assert minted(sqlite_url) == 2


def minted(sqlite_url: str) -> int:
    """Return how many links the store has handed out."""
    with closing(connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        return int(connection.execute("SELECT count(*) FROM token").fetchone()[0])


def test_the_link_to_leave_works(house: Database, clock: FakeClock) -> None:
    """The token in the mail's header is one that the store knows, for leaving alone."""
    number = joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    link = read(owed(house)[0])["List-Unsubscribe"].strip("<>")
    token = link.removeprefix("https://coopwatch.example.org/unsubscribe/")
    with house.reading() as session:
        found = holder(session, token, TokenPurpose.UNSUBSCRIBE, days(4000))
        assert found is not None and found.id == number
        assert holder(session, token, TokenPurpose.CONFIRM, days(3)) is None


def test_nothing_new_makes_nothing(house: Database, clock: FakeClock) -> None:
    """Quiet visits and pages under maintenance owe nobody anything."""
    joined(house, days(1))
    seen(house, days(2), FIRST)
    with house.writing() as session:
        visited(session, pages(session)[0].id, days(3), None)
    assert composed(house, clock, days(4)) == 0 and owed(house) == []


def test_what_came_to_nothing_moves_the_cursor(house: Database, clock: FakeClock) -> None:
    """A change that was undone before anybody heard leaves no mail, and is not looked at again."""
    seen(house, days(0.5), SECOND)
    number = joined(house, days(1), Frequency.WEEKLY)
    seen(house, days(2), THIRD)
    seen(house, days(3), SECOND)
    assert composed(house, clock, days(14)) == 0
    with house.reading() as session:
        assert reader_of(house, number).cursor == head(session) > 0


def test_a_new_reader_hears_only_of_later_changes(house: Database, clock: FakeClock) -> None:
    """The cursor of a new reader is the head of the ledger at the confirmation."""
    seen(house, days(2), SECOND)
    joined(house, days(3))
    assert composed(house, clock, days(4)) == 0
    seen(house, days(5), THIRD)
    assert composed(house, clock, days(6)) == 1
    assert "S.M.A.R.T." in read(owed(house)[0])["Subject"]


def test_daily_readers_hear_in_the_morning(house: Database, clock: FakeClock) -> None:
    """A change of the forenoon is told after 07:00 of the next day, in Rome's time."""
    joined(house, days(1), Frequency.DAILY)
    seen(house, days(2) + timedelta(hours=2), SECOND)  # 08:30 in Rome
    assert composed(house, clock, days(2) + timedelta(hours=10)) == 0
    seen(house, days(3) + timedelta(hours=1), THIRD)  # 07:30 in Rome
    assert composed(house, clock, days(3) + timedelta(hours=3)) == 1
    assert "2 novità" in read(owed(house)[0])["Subject"]


def test_missed_mornings_merge(house: Database, clock: FakeClock) -> None:
    """After a week of silence one digest tells it all."""
    joined(house, days(1), Frequency.DAILY)
    seen(house, days(2), SECOND)
    seen(house, days(4), THIRD)
    assert composed(house, clock, days(9)) == 1
    assert "3 novità" in read(owed(house)[0])["Subject"]


def test_a_digest_that_may_have_left_holds_the_next_one_back(house: Database, clock: FakeClock) -> None:
    """While a digest is on its way no other is made; once it was taken, the next tells what came since."""
    joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    with house.writing() as session:
        taken = claim(session, days(2), days(3))
        assert taken is not None
    seen(house, days(3), THIRD)
    assert composed(house, clock, days(3)) == 0 and len(owed(house)) == 1
    with house.writing() as session:
        settle_accepted(session, taken.id, days(3), "250 taken")
    assert composed(house, clock, days(3)) == 1 and "S.M.A.R.T." in read(owed(house)[1])["Subject"]


def test_a_digest_that_has_not_left_is_covered_by_the_next(house: Database, clock: FakeClock) -> None:
    """What still waits for the mail server makes way for one digest of all: nobody gets two at once."""
    joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    seen(house, days(3), THIRD)
    assert composed(house, clock, days(3)) == 1
    assert [one.state for one in owed(house)] == [DeliveryState.CANCELLED, DeliveryState.READY]
    assert "3 novità" in read(owed(house)[1])["Subject"]


def test_a_refused_digest_is_covered_by_the_next(house: Database, clock: FakeClock) -> None:
    """A refusal for good is not repeated as it is; the next change makes a digest of both."""
    joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    with house.writing() as session:
        taken = claim(session, days(2), days(3))
        assert taken is not None
        settle_rejected(session, taken.id, days(2), "550 5.1.1 nobody")
    assert composed(house, clock, days(3)) == 0
    seen(house, days(4), THIRD)
    assert composed(house, clock, days(4)) == 1
    assert "3 novità" in read(owed(house)[1])["Subject"]


def test_filters_and_languages_are_each_reader_s_own(house: Database, clock: FakeClock) -> None:
    """Each gets what concerns them, in their language; who is not concerned gets nothing."""
    joined(house, days(1), address="fr@example.org", language="fr", statuses=(ProjectStatus.EVALUATION,))
    joined(house, days(1), address="en@example.org", language="en", areas=("AREA MEDITERRANEA",))
    quiet = joined(house, days(1), address="it@example.org", areas=("ASIA",))
    seen(house, days(2), SECOND)
    assert composed(house, clock, days(2)) == 2
    subjects = {one.recipient: read(one)["Subject"] for one in owed(house)}
    assert subjects["fr@example.org"].startswith("RAGAZZI IN GAMBIA : nouveau projet")
    entered = "MC2CM: now meets your criteria (status from “starting” to “ongoing”"
    assert subjects["en@example.org"].startswith(entered)
    assert reader_of(house, quiet).cursor == 9


def test_who_has_left_is_owed_nothing(house: Database, clock: FakeClock) -> None:
    """Leaving ends it, also for a digest that was ready."""
    number = joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    with house.writing() as session:
        unsubscribe(session, number, days(2))
    seen(house, days(3), THIRD)
    assert composed(house, clock, days(3)) == 0
    assert [one.state for one in owed(house)] == [DeliveryState.CANCELLED]


def test_a_preview_shows_and_changes_nothing(house: Database, clock: FakeClock) -> None:
    """A preview is the digest as if it were due, without its link to leave, and owes nothing."""
    joined(house, days(1), Frequency.WEEKLY)
    joined(house, days(1), address="altra@example.org")
    seen(house, days(2), SECOND)
    (one,) = previews(house, SENDER, "ong@example.org")
    assert "MC2CM" in one.subject and "PROGETTO MC2CM - seconda fase" in one.text and "•••" in one.text
    assert len(previews(house, SENDER)) == 2 and owed(house) == []


def test_a_digest_names_source_and_page(house: Database, clock: FakeClock) -> None:
    """Titles of sources and addresses of pages stand in the mail."""
    joined(house, days(1))
    seen(house, days(2), SECOND)
    composed(house, clock, days(2))
    text = read(owed(house)[0]).get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert SOURCE.title in text and SOURCE.pages[0].address in text


@pytest.mark.parametrize("language", ["it", "en", "fr"])
def test_every_digest_makes_its_reader_a_witness(house: Database, clock: FakeClock, language: str) -> None:
    """Text and HTML name the last checkpoint; the saved mail is proof enough against a later log."""
    joined(house, days(1), language=language)
    seen(house, days(2), SECOND)
    with house.writing() as session:
        made = seal(session, SIGNER, days(2))
    composed(house, clock, days(2))
    (one,) = owed(house)
    with house.writing() as session:
        seal(session, SIGNER, days(3))

    root = made.note.split("\n")[2]
    for kind in ("plain", "html"):
        body = read(one).get_body((kind,))
        assert body is not None
        assert root in unescape(body.get_content())
    kept = kept_head(one.message, VERIFIERS, SIGNER.name)
    assert kept.size == made.size
    with house.reading() as session:
        assert agreement(session, kept, VERIFIERS).size > made.size
