"""The life of a reader whose mails come back, step by step on a clock that is moved."""

import re
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes

import pytest

from notifier.alerts import owe_alerts
from notifier.bounces.suspension import follow_up
from notifier.links import Links
from notifier.render import plain_letter
from notifier.words import words
from store.database import Database
from store.deliveries import DeliveryKind, DeliveryState, deliveries
from store.kinds import Refusal, SuppressionReason, SuspensionReason
from store.outbox import settle_accepted, settle_rejected
from store.subscriptions import SubscriptionState, TokenPurpose, holder, mint, resume, subscriptions, suspend
from store.suppressions import suppressed
from tests.bounce_world import READER, SENDER, BounceWorld, bounce_world
from tests.browsing import browsing
from tests.sending import claim
from tests.watched_history import days
from web.app import create_app

A_DAY = 86400


@pytest.fixture
def world(db: Database) -> BounceWorld:
    """A reader with digests."""
    return bounce_world(db, days(200))


def steps(world: BounceWorld) -> list[str]:
    """Take the steps that are due, twice: the second time nothing is."""
    found = sorted(follow_up(world.db, world.clock, SENDER).elements())
    assert not follow_up(world.db, world.clock, SENDER)
    return [str(step) for step in found]


def posted(world: BounceWorld) -> int:
    """Let the notice that is owed go out; return its number."""
    with world.db.writing() as session:
        taken = claim(session, world.clock.now(), world.clock.now() + timedelta(minutes=15))
        assert taken is not None
        assert taken.kind is DeliveryKind.NOTICE
        settle_accepted(session, taken.id, world.clock.now(), "250 queued")
    return taken.id


def probed(world: BounceWorld) -> int:
    """Let two digests come back, a day apart, and the probe go out; return its number."""
    world.returned(world.sent(1))
    assert steps(world) == []
    world.clock.advance(A_DAY)
    world.returned(world.sent(2))
    assert steps(world) == ["probe"]
    return posted(world)


def test_check_37_a_reader_is_suspended_warned_resumed_and_in_the_end_erased(world: BounceWorld) -> None:
    """Two runs, a probe, a rest with three notices; one link resumes with the cursor intact; else erasure."""
    world.sent(3)
    told = world.reader.cursor
    world.clock.advance(A_DAY)
    world.returned(world.sent(5))
    world.clock.advance(A_DAY)
    world.returned(world.sent(6))
    assert steps(world) == ["probe"]
    world.returned(posted(world))
    assert steps(world) == ["suspend"]
    assert (world.state(), world.reader.suspended_for) == (
        SubscriptionState.SUSPENDED,
        SuspensionReason.BOUNCES,
    )
    assert world.reader.cursor == told

    for day, step in ((7, ["notice"]), (23, ["notice"])):
        world.clock.advance(day * A_DAY)
        assert steps(world) == step
        posted(world)
    link = re.search(rb"/resume/([\w-]+)", world.notices()[0].message.replace(b"=\r\n", b""))
    assert link is not None
    with world.db.writing() as session:
        back = holder(session, link.group(1).decode(), TokenPurpose.RESUME, world.clock.now())
        assert back is not None
        assert resume(session, back.id)
    assert steps(world) == ["forgive"]
    assert (world.state(), world.reader.cursor) == (SubscriptionState.ACTIVE, told)

    world.clock.advance(A_DAY)
    world.returned(probed(world))
    assert steps(world) == ["suspend"]
    for day in (7, 23, 50):
        world.clock.advance(day * A_DAY)
        assert steps(world) == ["notice"]
    world.clock.advance(10 * A_DAY)
    assert steps(world) == ["erase"]
    with world.db.reading() as session:
        assert subscriptions(session) == ()
        assert suppressed(session, READER) is SuppressionReason.BOUNCED


def test_refusals_at_once_feed_the_same_scale(world: BounceWorld) -> None:
    """A mail server that refuses the recipient outright counts as one that reports it later."""
    world.refused(1, Refusal.ADDRESS)
    world.clock.advance(A_DAY)
    world.refused(2, Refusal.ADDRESS)

    assert steps(world) == ["probe"]


def test_a_probe_that_is_refused_at_once_suspends(world: BounceWorld) -> None:
    """No report has to be awaited."""
    world.returned(world.sent(1))
    world.clock.advance(A_DAY)
    world.returned(world.sent(2))
    steps(world)
    with world.db.writing() as session:
        taken = claim(session, world.clock.now(), world.clock.now() + timedelta(minutes=15))
        assert taken is not None
        settle_rejected(session, taken.id, world.clock.now(), "550 5.1.1", refusal=Refusal.ADDRESS)

    assert steps(world) == ["suspend"]


def test_a_probe_that_arrives_forgives(world: BounceWorld) -> None:
    """After five silent days all is as if nothing had been; only later failures count."""
    probed(world)
    world.clock.advance(4 * A_DAY)
    assert steps(world) == []
    world.clock.advance(A_DAY)
    assert steps(world) == ["forgive"]
    world.clock.advance(A_DAY)
    world.returned(world.sent(3))
    assert steps(world) == []
    assert world.state() is SubscriptionState.ACTIVE


def test_faults_of_ours_never_lead_to_a_question(world: BounceWorld) -> None:
    """A month of policy refusals costs the reader nothing."""
    for n in range(10):
        number = world.sent(n + 1)
        world.returned(number, "5.7.1")
        assert world.delivery(number).state is DeliveryState.BOUNCED
        world.clock.advance(A_DAY)
    assert steps(world) == []


def test_bounced_confirmations_are_no_points(world: BounceWorld) -> None:
    """Who signs a stranger up with a dead address does not count against anybody."""
    for _ in range(2):
        world.returned(world.sent(1, DeliveryKind.CONFIRMATION))
        world.clock.advance(A_DAY)
    assert steps(world) == []


@pytest.mark.parametrize("language", ["it", "en", "fr"])
def test_the_notices_are_in_the_readers_language(language: str) -> None:
    """Each language has its own words, lines of at most 78 columns, and no tracking of any kind."""

    for name in ("notice_probe", "notice_suspended"):
        values = {"resume": "https://coopwatch.example.org/resume/x", "since": days(1), "ends": days(91)}
        found = plain_letter(name, words(language), links=Links("https://x.example"), sender="Noi", **values)
        assert found.subject
        assert all(len(line) <= 78 for line in found.text.splitlines())


def test_staff_are_told_once_of_faults_that_are_ours(world: BounceWorld) -> None:
    """A policy against us pages staff once for its domain and day, however many mails it hits."""
    staff = replace(SENDER, alerts_to=("staff@example.org",))
    for n in (1, 2):
        world.returned(world.sent(n), "5.7.1")
    world.returned(world.sent(3), "5.1.1")

    assert owe_alerts(world.db, world.clock, staff) == 1
    assert owe_alerts(world.db, world.clock, staff) == 0
    with world.db.reading() as session:
        (alert,) = deliveries(session, kind=DeliveryKind.ALERT)
    assert "example.net" in message_from_bytes(alert.message)["Subject"]
    world.clock.advance(8 * A_DAY)
    assert owe_alerts(world.db, world.clock, staff) == 0


def test_a_link_in_a_notice_resumes_by_a_button_alone(world: BounceWorld) -> None:
    """Looking at the page changes nothing; its button resumes; a wrong link is none."""
    with world.db.writing() as session:
        token = mint(session, world.reader_id, TokenPurpose.RESUME, world.clock.now())
        suspend(session, world.reader_id, world.clock.now(), SuspensionReason.BOUNCES)
    with browsing(create_app(world.db, world.clock, SENDER, [])) as client:
        assert client.get(f"/resume/{token}").status_code == 200
        assert world.state() is SubscriptionState.SUSPENDED
        for _ in range(2):
            assert client.post(f"/resume/{token}").status_code == 200
            assert world.state() is SubscriptionState.ACTIVE
        assert client.get("/resume/wrong").status_code == client.post("/resume/wrong").status_code == 404
