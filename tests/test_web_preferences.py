"""One's own subscription behind a mailed link, over the real pages: changed, suspended, exported, erased."""

import json
import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from notifier.agreement import Controller
from notifier.compose import compose
from notifier.invitations import PREFERENCES_WITHIN
from notifier.message import Sender
from store.consents import Wording
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, deliveries
from store.evidence.verification import verify
from store.kinds import SuppressionReason
from store.outbox import settle_accepted
from store.subscriptions import Subscription, SubscriptionState, TokenPurpose, mint, subscriptions
from store.suppressions import suppress, suppressed
from store.tables import Row
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.sending import claim
from tests.watched_history import SOURCE, days, watched_2018
from web.app import create_app

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
CONTACTS = ("privacy@prova.example.org", "dpo@prova.example.org")
CONTROLLER = Controller("Città di Prova", "piazza 1, 10100 Prova", *CONTACTS)
ADDRESS = "ong@example.org"
FORM: dict[str, Any] = {"address": ADDRESS, "language": "it", "frequency": "at_once"}


@pytest.fixture
def clock() -> FakeClock:
    """A clock before the history, so that a reader can join ahead of it."""
    return FakeClock(days(0))


@pytest.fixture
def client(db: Database, clock: FakeClock) -> Iterator[httpx.Client]:
    """A reader at the pages, over each kind of database."""
    with browsing(create_app(db, clock, SENDER, [SOURCE], CONTROLLER)) as client:
        yield client


def mails(db: Database, kind: DeliveryKind | None = None) -> list[Delivery]:
    """Return the mails owed, oldest first."""
    with db.reading() as session:
        return list(reversed(deliveries(session, kind=kind)))


def readers(db: Database) -> list[Subscription]:
    """Return every subscription."""
    with db.reading() as session:
        return list(subscriptions(session))


def link(delivery: Delivery) -> str:
    """Return the path of the link in a mail."""
    body = message_from_bytes(delivery.message, policy=default).get_body(("plain",))
    assert body is not None
    found = re.search(
        r"https://coopwatch\.example\.org(/(?:confirm|preferences|unsubscribe)/\S+)", body.get_content()
    )
    assert found is not None
    return found[1]


def joined(db: Database, client: httpx.Client, **changes: Any) -> Subscription:
    """Sign up, confirm, and return the subscription."""
    client.post("/subscribe", data={**FORM, **changes})
    assert client.post(link(mails(db)[-1])).status_code == 200
    return readers(db)[-1]


def preferences_link(db: Database, client: httpx.Client, address: str = ADDRESS) -> str:
    """Ask for the link and return its path."""
    assert client.post("/preferences", data={"address": address}).status_code == 200
    return link(mails(db, DeliveryKind.LINK)[-1])


def told(db: Database, clock: FakeClock) -> None:
    """Let the history happen, compose what is due and have it accepted."""
    watched_2018(db)
    clock.at = days(170)
    compose(db, clock, SENDER, [SOURCE])
    with db.writing() as session:
        while (taken := claim(session, clock.now(), days(171))) is not None:
            settle_accepted(session, taken.id, clock.now(), f"250 taken for {taken.recipient}")


def everything(db: Database) -> str:
    """Return every row of every table as text."""
    with db.reading() as session:
        rows = [row for table in Row.metadata.sorted_tables for row in session.execute(sa.select(table))]
    return repr([tuple(row) for row in rows])


def test_the_link_lets_a_reader_change_the_wish(db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """The form comes filled in; what is saved holds at once, in the same subscription with its cursor."""
    watched_2018(db)
    reader = joined(db, client, areas=["AFRICA"], roles=["partner"], words="acqua")
    path = preferences_link(db, client)
    page = client.get(path).text
    assert 'value="AFRICA" checked' in page and 'value="partner" checked' in page and 'value="acqua"' in page
    answer = client.post(path, data={"language": "fr", "frequency": "monthly", "countries": ["GM"]})
    assert answer.status_code == 200 and 'role="status"' in answer.text
    (changed,) = readers(db)
    assert (changed.id, changed.cursor, changed.language, changed.frequency) == (
        reader.id,
        reader.cursor,
        "fr",
        "monthly",
    )
    assert changed.filters.countries == ("GM",) and changed.filters.areas == ()
    assert client.post(path, data={"language": "xx", "frequency": "monthly"}).status_code == 422
    assert readers(db) == [changed]


def test_suspending_resuming_and_leaving(db: Database, client: httpx.Client) -> None:
    """Each button does what it says, once or more often."""
    joined(db, client)
    path = preferences_link(db, client)
    for deed, state in (
        ("suspend", "suspended"),
        ("suspend", "suspended"),
        ("resume", "active"),
        ("leave", "ended"),
        ("resume", "ended"),
    ):
        assert client.post(f"{path}/{deed}").status_code == 200
        assert readers(db)[0].state == state
    assert 'name="frequency"' not in client.get(path).text


def test_the_link_is_mailed_to_who_is_known_and_the_answer_tells_nobody(
    db: Database, client: httpx.Client
) -> None:
    """Known, pending, suppressed, unknown: the same status and the same page; a mail for the known alone."""
    joined(db, client)
    client.post("/subscribe", data={**FORM, "address": "attesa@example.org"})
    with db.writing() as session:
        suppress(session, "lamenta@example.org", SuppressionReason.COMPLAINT, days(0))
    pages = set()
    for address in (ADDRESS, "attesa@example.org", "lamenta@example.org", "ignota@example.org"):
        answer = client.post("/preferences", data={"address": address})
        assert answer.status_code == 200
        pages.add(answer.text.replace(address, "X"))
    assert len(pages) == 1
    assert [mail.recipient for mail in mails(db, DeliveryKind.LINK)] == [ADDRESS, "attesa@example.org"]
    assert {reader.address for reader in readers(db)} == {ADDRESS, "attesa@example.org"}


def test_the_link_opens_one_door_for_a_day(db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """A digest's link, or yesterday's, opens nothing; nor does this one confirm or leave."""
    reader = joined(db, client)
    path = preferences_link(db, client)
    with db.writing() as session:
        out = mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, clock.now())
    token = path.rpartition("/")[2]
    for wrong in (f"/preferences/{out}", f"/preferences/{out}/export", f"/preferences/{out}/erase"):
        assert client.get(wrong).status_code == 404
    assert client.post(f"/preferences/{out}/erase").status_code == 404
    assert (
        client.post(f"/unsubscribe/{token}").status_code
        == client.post(f"/confirm/{token}").status_code
        == 404
    )
    assert client.get(path).headers["cache-control"] == "no-store"
    clock.advance(PREFERENCES_WITHIN.total_seconds())
    assert client.get(path).status_code == client.post(f"{path}/erase").status_code == 404
    assert readers(db)[0].state == SubscriptionState.ACTIVE


def test_check_20_consent_is_proven_in_the_exact_words(
    db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """The record has words, version, language, form, both instants; nothing rewrites it; export shows it."""
    page = client.get("/subscribe?lang=fr").text
    client.post("/subscribe?lang=fr", data=FORM)
    clock.advance(3600)
    path = link(mails(db)[-1])
    shown = client.get(f"{path}?lang=en").text
    client.post(f"{path}?lang=en")
    held = client.get(f"{preferences_link(db, client)}/export").json()
    (consent,) = held["consents"]
    asked, confirmed = consent["words_of_the_form"], consent["words_of_the_confirmation"]
    assert asked["text"] in page and confirmed["text"] in shown and "Città di Prova" in asked["text"]
    assert (asked["language"], confirmed["language"], asked["version"]) == ("fr", "en", "1")
    for words in (asked, confirmed):
        assert Wording(words["version"], words["language"], words["text"]).sha256 == words["sha256"]
    assert (consent["form"], consent["requested_at"], consent["at"]) == (
        "web",
        days(0).strftime("%Y-%m-%dT%H:%M:%SZ"),
        clock.now().strftime("%Y-%m-%dT%H:%M:%SZ"),
    )
    for statement in (
        "UPDATE consent SET language = 'xx'",
        "DELETE FROM consent",
        "UPDATE consent_wording SET text = 'altro'",
        "DELETE FROM consent_wording",
    ):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.writing() as session:
            session.execute(sa.text(statement))


def test_check_21_export_and_erasure_are_whole(db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """The export holds all there is; after erasing nothing names the address, and its owner may come back."""
    joined(db, client)
    told(db, clock)
    client.post("/subscribe", data={**FORM, "address": "ONG+progetti@Example.org", "frequency": "daily"})
    client.post(link(mails(db)[-1]))
    path = preferences_link(db, client)
    held = client.get(f"{path}/export").json()
    assert [one["state"] for one in held["subscriptions"]] == ["active", "ended"]
    assert len(held["subscriptions"][0]["preferences"]) == 2
    assert {one["purpose"] for one in held["subscriptions"][0]["links"]} == {
        "confirm",
        "unsubscribe",
        "preferences",
    }
    assert len(held["consents"]) == 2
    kinds = [one["kind"] for one in held["deliveries"]]
    assert sorted(kinds) == ["confirmation", "confirmation", "digest", "link"]
    assert "Gambia" in json.dumps(held["deliveries"]) and "•••" in json.dumps(held, ensure_ascii=False)
    assert path.rpartition("/")[2] not in json.dumps(held)

    assert "Cancellare tutto" in client.get(f"{path}/erase").text
    assert client.post(f"{path}/erase").status_code == 200
    for trace in ("ong@", "ong+", "ONG+"):
        assert trace not in everything(db)
    with db.reading() as session:
        assert suppressed(session, ADDRESS) is SuppressionReason.ERASED
        findings = verify(session, ())
    assert [fault for fault in findings.faults if "sealed" not in fault.problem] == []
    assert client.get(path).status_code == 404

    clock.advance(7200)
    assert joined(db, client).state == SubscriptionState.ACTIVE
    with db.reading() as session:
        assert suppressed(session, ADDRESS) is None


def test_check_21_nothing_lingers_in_the_file(
    sqlite_db: Database, clock: FakeClock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No byte of the database's files, write-ahead log included, nor a line of any log has the address."""
    with browsing(create_app(sqlite_db, clock, SENDER, [SOURCE], CONTROLLER)) as client:
        joined(sqlite_db, client, address="lingering.reader@example.org")
        told(sqlite_db, clock)
        path = preferences_link(sqlite_db, client, "lingering.reader@example.org")
        files = list(tmp_path.glob("coopwatch.db*"))
        assert any(b"lingering.reader" in file.read_bytes() for file in files)
        assert client.post(f"{path}/erase").status_code == 200
    assert not [file for file in tmp_path.glob("coopwatch.db*") if b"lingering.reader" in file.read_bytes()]
    assert "lingering.reader" not in caplog.text


def test_the_privacy_notice_says_who_and_how_long(client: httpx.Client) -> None:
    """In each language: controller, contacts, terms, rights; linked where one signs up."""
    for language in ("it", "en", "fr"):
        page = client.get(f"/privacy?lang={language}").text
        for said in ("Città di Prova", "piazza 1", *CONTACTS):
            assert said in page
        assert {"7", "28", "30"} <= set(re.findall(r"\d+", page))
        assert f'href="/privacy?lang={language}"' in client.get(f"/subscribe?lang={language}").text
