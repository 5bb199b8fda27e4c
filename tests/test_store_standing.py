"""One subscription for each mailbox: confirmed, changed, suspended and ended while its cursor goes on."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from scraper.records import Project
from store.consents import consents
from store.database import Database, Session
from store.deliveries import DeliveryKind, deliveries, owe
from store.kinds import ConsentEvent, SuppressionReason, SuspensionReason
from store.ledger import head
from store.preferences import keep_preference, preferences
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    SubscriptionState,
    TokenPurpose,
    Wish,
    advance,
    confirm,
    holder,
    mailbox_subscriptions,
    mint,
    request_subscription,
    resume,
    subscription,
    suspend,
    unsubscribe,
)
from store.suppressions import suppress, suppressed
from tests.store_visits import day, enrolled, record_visit

AFRICA = Wish("fr", Frequency.MONTHLY, Filters(areas=("AFRICA",)))


def ask(session: Session, address: str = "ong@example.org", wish: Wish | None = None) -> Subscription:
    """A wish for digests, not confirmed yet."""
    wish = wish or Wish("it", Frequency.AT_ONCE, Filters())
    return request_subscription(session, address, wish.language, wish.frequency, wish.filters, day(1))


def joined(session: Session, address: str = "ong@example.org") -> int:
    """A confirmed subscription that was told of the first change already, and not of the second."""
    number = ask(session, address).id
    confirm(session, number, day(1))
    page_id = enrolled(session)
    record_visit(session, page_id, day(1), {1: Project(title="A")})
    record_visit(session, page_id, day(2), {1: Project(title="B")})
    advance(session, number, 1, day(2))
    return number


def test_a_second_wish_of_a_mailbox_changes_its_subscription(db: Database) -> None:
    """Confirming another wish from another spelling keeps the subscription, its cursor and its old links."""
    with db.writing() as session:
        number = joined(session)
        out = mint(session, number, TokenPurpose.UNSUBSCRIBE, day(2))
        other = ask(session, "ONG+news@Example.org", AFRICA)
        link = mint(session, other.id, TokenPurpose.CONFIRM, day(3), expires=day(9))
        assert other.id != number
        assert confirm(session, other.id, day(4)) == number

        kept = subscription(session, number)
        assert (kept.wish, kept.cursor, kept.state) == (AFRICA, 1, SubscriptionState.ACTIVE)
        assert kept.address == "ONG+news@Example.org"
        assert subscription(session, other.id).state is SubscriptionState.ENDED
        for token, purpose in ((out, TokenPurpose.UNSUBSCRIBE), (link, TokenPurpose.CONFIRM)):
            assert holder(session, token, purpose, day(5)) == kept
        assert [one.version for one in preferences(session, number)] == [1, 2]


def test_wishes_are_kept_in_versions(db: Database) -> None:
    """Each change is a version with its instant and who entered it; the same wish again is none."""
    with db.writing() as session:
        number = joined(session)
        keep_preference(session, number, AFRICA, day(3))
        keep_preference(session, number, AFRICA, day(4))
        keep_preference(session, number, replace(AFRICA, language="en"), day(5), member=7)

        kept = preferences(session, number)
        assert [(one.version, one.at, one.member) for one in kept] == [
            (1, day(1), None),
            (2, day(3), None),
            (3, day(5), 7),
        ]
        assert kept[1].wish == AFRICA
        now = subscription(session, number)
        assert (now.wish, now.cursor) == (replace(AFRICA, language="en"), 1)


def test_a_suspension_keeps_the_cursor(db: Database) -> None:
    """What waited to be sent is cancelled; who resumes goes on from what was told last."""
    with db.writing() as session:
        number = joined(session)
        owe(
            session,
            kind=DeliveryKind.DIGEST,
            recipient="ong@example.org",
            message_id="<1@x>",
            message=b"x",
            at=day(3),
            subscription_id=number,
            cutoff=2,
        )
        assert suspend(session, number, day(4), SuspensionReason.READER)
        assert not suspend(session, number, day(5), SuspensionReason.STAFF)
        resting = subscription(session, number)
        assert (resting.state, resting.cursor) == (SubscriptionState.SUSPENDED, 1)
        assert (resting.suspended_at, resting.suspended_for) == (day(4), SuspensionReason.READER)
        assert [one.state for one in deliveries(session)] == ["cancelled"]

        assert resume(session, number)
        assert not resume(session, number)
        again = subscription(session, number)
        assert (again.state, again.cursor, again.suspended_for) == (SubscriptionState.ACTIVE, 1, None)


def test_who_comes_back_starts_at_the_head(db: Database) -> None:
    """After unsubscribing, a new sign-up is a new subscription, told from its own confirmation on."""
    with db.writing() as session:
        number = joined(session)
        unsubscribe(session, number, day(3))
        anew = ask(session)
        assert confirm(session, anew.id, day(4)) == anew.id
        assert subscription(session, anew.id).cursor == head(session) == 2
        assert subscription(session, number).state is SubscriptionState.ENDED


def test_the_database_lets_one_subscription_of_a_mailbox_stand(db: Database) -> None:
    """Whatever goes wrong above it, a unique index keeps a second one from standing."""
    with db.writing() as session:
        joined(session)
        other = ask(session, "ong+2@example.org").id
    with pytest.raises(sa.exc.IntegrityError), db.writing() as session:
        session.execute(sa.text(f"UPDATE subscription SET state = 'suspended' WHERE id = {other}"))


def test_a_confirmation_lifts_a_suppression(db: Database) -> None:
    """Staff may not write to a suppressed mailbox; its owner may have it written to again."""
    with db.writing() as session:
        suppress(session, "Ong+a@example.org", SuppressionReason.COMPLAINT, day(0))
        suppress(session, "ong@example.org", SuppressionReason.ERASED, day(0))
        assert suppressed(session, "ONG@example.org") is SuppressionReason.ERASED
        number = ask(session).id
        assert suppressed(session, "ong@example.org") is SuppressionReason.ERASED
        confirm(session, number, day(1))
        assert suppressed(session, "ong@example.org") is None
        raw = session.execute(sa.text("SELECT * FROM suppression")).all()
    assert "ong" not in repr(raw)


def test_leaving_twice_is_one_withdrawal(db: Database) -> None:
    """However often a subscription is ended, its consent is withdrawn once."""
    with db.writing() as session:
        number = joined(session)
        for at in (day(3), day(4), day(5)):
            unsubscribe(session, number, at)
        events = [(one.event, one.at) for one in consents(session, "ong@example.org")]
        assert events == [(ConsentEvent.GIVEN, day(1)), (ConsentEvent.WITHDRAWN, day(3))]
        assert len(mailbox_subscriptions(session, "ong@example.org")) == 1
