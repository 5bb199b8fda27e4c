"""Subscriptions: asked for, confirmed, told, ended; their links are never stored."""

import pytest
import sqlalchemy as sa

from scraper.errors import NotFoundError
from scraper.records import ChangeKind, Project, ProjectStatus
from store.database import Database, Session
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    SubscriptionState,
    TokenPurpose,
    active_subscriptions,
    advance,
    confirm,
    holder,
    mint,
    request_subscription,
    subscription,
    unsubscribe,
)
from tests.store_visits import day, enrolled, record_visit

EVERYTHING = Filters()
SOME = Filters(
    areas=("AFRICA",),
    countries=("GM",),
    statuses=(ProjectStatus.ONGOING,),
    kinds=(ChangeKind.ADDED,),
    words=("è",),
)


def ask(session: Session, address: str = "ong@example.org", filters: Filters = EVERYTHING) -> Subscription:
    """A request for digests at once, in Italian."""
    return request_subscription(session, address, "it", Frequency.AT_ONCE, filters, day(1))


def test_a_request_waits_for_its_confirmation(db: Database) -> None:
    """A new subscription is pending, and owed nothing yet."""
    with db.writing() as session:
        asked = ask(session, filters=SOME)

        assert (asked.state, asked.filters, asked.requested_at) == (SubscriptionState.PENDING, SOME, day(1))
        assert subscription(session, asked.id) == asked
        assert active_subscriptions(session) == ()


def test_the_same_wish_stands_once(db: Database) -> None:
    """A wish waits once for its confirmation, and touches nothing that stands already."""
    with db.writing() as session:
        first = ask(session)
        assert ask(session) == first
        confirm(session, first.id, day(2))
        again = ask(session)
        assert again.id != first.id
        assert again.state is SubscriptionState.PENDING
        assert ask(session, filters=SOME).id not in {first.id, again.id}
        assert ask(session, "other@example.org").id not in {first.id, again.id}

        unsubscribe(session, again.id, day(3))
        assert ask(session).state is SubscriptionState.PENDING
        assert subscription(session, first.id).state is SubscriptionState.ACTIVE


def test_confirming_begins_at_the_head_of_the_ledger(db: Database) -> None:
    """What became public before the confirmation is not told, and a second confirmation changes nothing."""
    with db.writing() as session:
        asked = ask(session)
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {1: Project(title="A")})
        confirm(session, asked.id, day(2))
        record_visit(session, page_id, day(3), {1: Project(title="B")})
        confirm(session, asked.id, day(4))

        (active,) = active_subscriptions(session)
        assert (active.cursor, active.confirmed_at, active.told_at) == (1, day(2), None)


def test_an_ended_subscription_is_not_revived_by_an_old_link(db: Database) -> None:
    """After unsubscribing, the first mail's confirmation link does nothing."""
    with db.writing() as session:
        asked = ask(session)
        confirm(session, asked.id, day(2))
        unsubscribe(session, asked.id, day(3))
        unsubscribe(session, asked.id, day(4))
        confirm(session, asked.id, day(5))

        ended = subscription(session, asked.id)
        assert (ended.state, ended.ended_at) == (SubscriptionState.ENDED, day(3))
        assert active_subscriptions(session) == ()


def test_a_cursor_never_goes_back(db: Database) -> None:
    """An older settlement that comes late does not make a reader hear things twice."""
    with db.writing() as session:
        asked = ask(session)
        advance(session, asked.id, 5, day(2))
        advance(session, asked.id, 3, day(3))

        told = subscription(session, asked.id)
        assert (told.cursor, told.told_at) == (5, day(3))


def test_a_token_opens_its_own_door_only(db: Database) -> None:
    """A link holds for its purpose, and until it expires; an unsubscribe link holds for ever."""
    with db.writing() as session:
        asked = ask(session)
        link = mint(session, asked.id, TokenPurpose.CONFIRM, day(1), expires=day(8))
        out = mint(session, asked.id, TokenPurpose.UNSUBSCRIBE, day(1))

        assert holder(session, link, TokenPurpose.CONFIRM, day(7)) == asked
        assert holder(session, link, TokenPurpose.CONFIRM, day(8)) is None
        assert holder(session, link, TokenPurpose.UNSUBSCRIBE, day(2)) is None
        assert holder(session, "guess", TokenPurpose.CONFIRM, day(2)) is None
        unsubscribe(session, asked.id, day(9))
        ended = holder(session, out, TokenPurpose.UNSUBSCRIBE, day(9999))
        assert ended is not None
        assert ended.state is SubscriptionState.ENDED


def test_only_hashes_of_tokens_are_stored(db: Database) -> None:
    """A stolen copy of the database opens no link; tokens are long, url-safe and never alike."""
    with db.writing() as session:
        asked = ask(session)
        tokens = {mint(session, asked.id, TokenPurpose.UNSUBSCRIBE, day(1)) for _ in range(50)}
        rows = session.execute(sa.text("SELECT * FROM token")).all()

    assert len(tokens) == len(rows) == 50
    assert all(len(token) == 22 and token.replace("-", "").replace("_", "").isalnum() for token in tokens)
    assert not any(token in repr(rows) for token in tokens)


def test_erasing_a_subscription_leaves_no_link(db: Database) -> None:
    """A person's rows can be deleted, and their tokens go with them."""
    with db.writing() as session:
        asked = ask(session)
        mint(session, asked.id, TokenPurpose.UNSUBSCRIBE, day(1))
        session.execute(sa.text("DELETE FROM subscription"))

        assert session.execute(sa.text("SELECT count(*) FROM token")).scalar() == 0
        assert ask(session).id > asked.id
        with pytest.raises(NotFoundError):
            subscription(session, asked.id)
