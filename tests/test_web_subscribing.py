"""Joining and leaving on the web: looking changes nothing, asking does, and nobody learns who is known."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any

import httpx
import pytest

from notifier.invitations import CONFIRM_WITHIN
from notifier.message import Sender
from scraper.records import ChangeKind, ProjectStatus
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, DeliveryState, deliveries, owe
from store.ledger import head
from store.subscriptions import (
    Filters,
    Frequency,
    Subscription,
    SubscriptionState,
    TokenPurpose,
    mint,
    subscriptions,
)
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.watched_history import SOURCE, days, watched_2018
from web.app import create_app

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
FORM: dict[str, Any] = {"address": "ong@example.org", "language": "it", "frequency": "weekly"}


@pytest.fixture
def clock() -> FakeClock:
    """A clock after the history."""
    return FakeClock(days(200))


@pytest.fixture
def client(sqlite_db: Database, clock: FakeClock) -> Iterator[httpx.Client]:
    """A stranger at the pages of a house that watches nothing yet."""
    with browsing(create_app(sqlite_db, clock, SENDER, [SOURCE])) as client:
        yield client


def sign_up(client: httpx.Client, **changes: Any) -> httpx.Response:
    """Send the form."""
    return client.post("/subscribe", data={**FORM, **changes})


def readers(db: Database) -> list[Subscription]:
    """Return every subscription."""
    with db.reading() as session:
        return list(subscriptions(session))


def mails(db: Database) -> list[Delivery]:
    """Return every delivery, oldest first."""
    with db.reading() as session:
        return list(reversed(deliveries(session)))


def confirm_path(delivery: Delivery) -> str:
    """Return the path of the link in a confirmation mail."""
    body = message_from_bytes(delivery.message, policy=default).get_body(("plain",))
    assert body is not None
    found = re.search(r"https://coopwatch\.example\.org(/confirm/\S+)", body.get_content())
    assert found is not None
    return found[1]


def leave_path(db: Database, clock: FakeClock, reader: Subscription) -> str:
    """Return the path of a digest's link to leave."""
    with db.writing() as session:
        return f"/unsubscribe/{mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, clock.now())}"


def joined(db: Database, client: httpx.Client) -> Subscription:
    """Sign up, confirm, and return the subscription."""
    sign_up(client)
    assert client.post(confirm_path(mails(db)[-1])).status_code == 200
    return readers(db)[-1]


def test_a_sign_up_owes_one_mail_and_nothing_else(sqlite_db: Database, client: httpx.Client) -> None:
    """A pending subscription and its confirmation are written together; the mail has no one-click."""
    answer = sign_up(client)
    assert answer.status_code == 200 and "Abbiamo scritto a ong@example.org" in answer.text
    (reader,), (mail,) = readers(sqlite_db), mails(sqlite_db)
    assert (reader.state, reader.frequency, reader.language) == ("pending", "weekly", "it")
    assert (mail.kind, mail.state, mail.recipient) == (DeliveryKind.CONFIRMATION, "ready", "ong@example.org")
    assert "List-Unsubscribe" not in message_from_bytes(mail.message)


def test_the_form_s_choices_become_filters(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """Boxes and words are kept as what they mean; offered are the areas and countries that are known."""
    watched_2018(sqlite_db)
    page = client.get("/subscribe").text
    assert 'value="AREA MEDITERRANEA"' in page and 'value="GM"' in page
    choices = {
        "areas": ["AFRICA"],
        "countries": ["GM"],
        "statuses": ["ongoing"],
        "kinds": ["added", "removed"],
    }
    sign_up(client, **choices, words="acqua, rifiuti ,", frequency="at_once", language="fr")
    assert readers(sqlite_db)[0].filters == Filters(
        areas=("AFRICA",),
        countries=("GM",),
        statuses=(ProjectStatus.ONGOING,),
        kinds=(ChangeKind.ADDED, ChangeKind.REMOVED),
        words=("acqua", "rifiuti"),
    )
    assert (readers(sqlite_db)[0].frequency, readers(sqlite_db)[0].language) == (Frequency.AT_ONCE, "fr")


@pytest.mark.parametrize(
    "changes",
    [
        {"address": "nessun indirizzo"},
        {"address": ""},
        {"address": "a@b@c.it"},
        {"address": "ong@example.org\r\nBcc: x@example.org"},
        {"address": "pe\u00adrché@exa mple.org"},
        {"language": "de"},
        {"frequency": "hourly"},
        {"areas": ["ATLANTIDE"]},
        {"countries": ["XX"]},
        {"sources": ["altro"]},
        {"words": "x" * 300},
    ],
)
def test_a_wrong_form_comes_back_with_a_word(
    sqlite_db: Database, client: httpx.Client, changes: dict[str, Any]
) -> None:
    """What cannot be meant is said, the form keeps what was typed, and nothing is written."""
    answer = sign_up(client, **changes)
    assert answer.status_code == 422 and 'role="alert"' in answer.text and "<form" in answer.text
    assert readers(sqlite_db) == [] and mails(sqlite_db) == []


def test_what_is_typed_is_shown_as_text(client: httpx.Client) -> None:
    """The form that comes back quotes, and never runs, what somebody typed."""
    answer = sign_up(client, address='"><script>alert(1)</script>')
    assert "<script>" not in answer.text and "&lt;script&gt;" in answer.text


def test_a_huge_request_is_refused(sqlite_db: Database, client: httpx.Client) -> None:
    """More than a form can hold is not even read."""
    assert sign_up(client, words="x" * 100_000).status_code == 413
    assert readers(sqlite_db) == []


def test_a_known_address_gets_the_same_answer(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """New, pending or active: the answers do not differ in a letter, so nobody learns who reads."""
    first = sign_up(client).text
    assert sign_up(client).text == first
    client.post(confirm_path(mails(sqlite_db)[0]))
    assert sign_up(client).text == first
    assert sign_up(client).text == first  # the fourth within the hour, which sends no mail
    assert [reader.state for reader in readers(sqlite_db)] == ["active", "pending"]
    assert len(mails(sqlite_db)) == 3


def test_the_form_cannot_bomb_anybody(sqlite_db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """However often and variously somebody signs an address up, it gets three mails an hour at most."""
    for i in range(12):
        assert sign_up(client, words=f"parola{i}").status_code == 200
    assert len(mails(sqlite_db)) == 3
    sign_up(client, address="altra@example.org")
    assert len(mails(sqlite_db)) == 4
    clock.advance(3601)
    sign_up(client)
    assert len(mails(sqlite_db)) == 5


def test_looking_confirms_nothing(sqlite_db: Database, client: httpx.Client) -> None:
    """A scanner that opens the mailed link changes nothing, however it asks; pressing the button does."""
    sign_up(client)
    path = confirm_path(mails(sqlite_db)[0])
    for method in ("GET", "HEAD", "OPTIONS", "GET"):
        client.request(method, path)
    assert readers(sqlite_db)[0].state == SubscriptionState.PENDING
    page = client.get(path)
    assert page.status_code == 200 and '<form method="post">' in page.text
    assert page.headers["cache-control"] == "no-store" and page.headers["x-robots-tag"] == "noindex"
    assert "Iscrizione confermata" in client.post(path).text
    assert readers(sqlite_db)[0].state == SubscriptionState.ACTIVE


def test_a_confirmation_starts_from_now_and_once(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """The cursor is the head of the ledger at the first press; a second press moves nothing."""
    sign_up(client)
    path = confirm_path(mails(sqlite_db)[0])
    watched_2018(sqlite_db)
    client.post(path)
    reader = readers(sqlite_db)[0]
    with sqlite_db.reading() as session:
        assert reader.cursor == head(session) > 0
    clock.advance(3600)
    assert client.post(path).status_code == 200
    assert readers(sqlite_db)[0] == reader


def test_an_old_confirmation_link_is_over(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """After its days, and after leaving, the link confirms nothing and shows the way to a new one."""
    sign_up(client)
    path = confirm_path(mails(sqlite_db)[0])
    clock.advance(CONFIRM_WITHIN / timedelta(seconds=1))
    assert client.get(path).status_code == client.post(path).status_code == 404
    assert "/subscribe" in client.get(path).text
    assert readers(sqlite_db)[0].state == SubscriptionState.PENDING


def test_leaving_ends_the_confirmation_link(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """Who has left is not brought back by the link of an old confirmation mail."""
    reader = joined(sqlite_db, client)
    client.post(leave_path(sqlite_db, clock, reader))
    assert client.post(confirm_path(mails(sqlite_db)[0])).status_code == 404
    assert readers(sqlite_db)[0].state == SubscriptionState.ENDED


ONE_CLICK = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
    "empty": {},
    "odd": {"content": b"\xff\x00", "headers": {"content-type": "text/strange"}},
}


@pytest.mark.parametrize("form", sorted(ONE_CLICK))
def test_one_click_leaves_at_once(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock, form: str
) -> None:
    """RFC 8058: a POST without cookie or context, in either encoding, is done before its 200; no redirect."""
    reader = joined(sqlite_db, client)
    path = leave_path(sqlite_db, clock, reader)
    answer = client.post(path, **ONE_CLICK[form])  # type: ignore[arg-type]
    assert answer.status_code == 200 and "Iscrizione annullata" in answer.text
    assert readers(sqlite_db)[0].state == SubscriptionState.ENDED
    assert client.post(path, **ONE_CLICK[form]).status_code == 200  # type: ignore[arg-type]


def test_looking_leaves_nothing(sqlite_db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """Scanners open the link of every digest: only a POST leaves."""
    reader = joined(sqlite_db, client)
    path = leave_path(sqlite_db, clock, reader)
    for method in ("GET", "HEAD", "OPTIONS"):
        client.request(method, path)
    assert "Vuoi annullare" in client.get(path).text
    assert readers(sqlite_db)[0].state == SubscriptionState.ACTIVE
    client.post(path)
    assert "Iscrizione annullata" in client.get(path).text


def test_leaving_links_never_expire_and_open_one_door(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """A link of years ago still works; a changed letter, or a link for confirming, does not."""
    reader = joined(sqlite_db, client)
    path = leave_path(sqlite_db, clock, reader)
    clock.advance(4000 * 86400)
    changed = path[:-1] + ("A" if path[-1] != "A" else "B")
    token = confirm_path(mails(sqlite_db)[0]).rpartition("/")[2]
    unknown = client.post("/unsubscribe/unknown").text
    for wrong in (changed, f"/unsubscribe/{token}"):
        answer = client.post(wrong)
        assert answer.status_code == 404
        assert answer.text.replace(wrong, "/unsubscribe/unknown") == unknown
    assert readers(sqlite_db)[0].state == SubscriptionState.ACTIVE
    assert client.post(path).status_code == 200
    assert readers(sqlite_db)[0].state == SubscriptionState.ENDED


def test_leaving_cancels_what_is_still_owed(
    sqlite_db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """A digest that waits to be sent is not sent to who has left."""
    reader = joined(sqlite_db, client)
    with sqlite_db.writing() as session:
        owe(
            session,
            kind=DeliveryKind.DIGEST,
            recipient=reader.address,
            message_id="<x@example.org>",
            message=b"x",
            at=clock.now(),
            subscription_id=reader.id,
            cutoff=1,
        )
    client.post(leave_path(sqlite_db, clock, reader))
    assert mails(sqlite_db)[-1].state == DeliveryState.CANCELLED


def test_who_left_can_come_back(sqlite_db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """A new sign-up after leaving makes a new subscription, confirmed by its own mail."""
    client.post(leave_path(sqlite_db, clock, joined(sqlite_db, client)))
    clock.advance(60)
    joined(sqlite_db, client)
    assert [reader.state for reader in readers(sqlite_db)] == ["ended", "active"]
