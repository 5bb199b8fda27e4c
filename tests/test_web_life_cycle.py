"""The acceptance list of subscriptions, over the real pages: scanners, one click, floods, addresses."""

import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes
from email.policy import default
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from notifier.compose import compose
from notifier.message import Sender
from store.askings import FROM_ONE_PLACE, IN_ALL, grant_mail
from store.consents import ConsentEvent, consents
from store.database import Database
from store.deliveries import Delivery, DeliveryKind, deliveries
from store.kinds import SuppressionReason
from store.subscriptions import Subscription, TokenPurpose, mint, subscriptions
from store.suppressions import suppress
from store.tables import Row
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.watched_history import SOURCE, days, watched_2018
from web.app import create_app

SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")
FORM: dict[str, Any] = {"address": "ong@example.org", "language": "it", "frequency": "at_once"}
LINKS = re.compile(r"https://coopwatch\.example\.org(/[^\s\"<>]*)")


@pytest.fixture
def clock() -> FakeClock:
    """A clock before the history."""
    return FakeClock(days(0))


@pytest.fixture
def client(db: Database, clock: FakeClock) -> Iterator[httpx.Client]:
    """A stranger at the pages, over each kind of database."""
    with browsing(create_app(db, clock, SENDER, [SOURCE])) as client:
        yield client


def mails(db: Database) -> list[Delivery]:
    """Return the mails owed, oldest first."""
    with db.reading() as session:
        return list(reversed(deliveries(session)))


def readers(db: Database) -> list[Subscription]:
    """Return every subscription."""
    with db.reading() as session:
        return list(subscriptions(session))


def links(delivery: Delivery) -> set[str]:
    """Return every link of ours in a mail's header and parts."""
    message = message_from_bytes(delivery.message, policy=default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return {found for text in (*parts, str(message.items())) for found in LINKS.findall(text)}


def joined(db: Database, client: httpx.Client, address: str = "ong@example.org") -> Subscription:
    """Sign up, confirm, and return the subscription."""
    client.post("/subscribe", data={**FORM, "address": address})
    (path,) = [link for link in links(mails(db)[-1]) if link.startswith("/confirm/")]
    assert client.post(path).status_code == 200
    return readers(db)[-1]


def leave_path(db: Database, clock: FakeClock, reader: Subscription) -> str:
    """Return a digest's link to leave."""
    with db.writing() as session:
        return f"/unsubscribe/{mint(session, reader.id, TokenPurpose.UNSUBSCRIBE, clock.now())}"


def rows(db: Database) -> str:
    """Return every row of every table."""
    with db.reading() as session:
        tables = Row.metadata.sorted_tables
        return repr([tuple(row) for table in tables for row in session.execute(sa.select(table))])


def test_check_15_no_scanner_changes_a_row(db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """Every link of every mail, and every link and form behind it, asked three times: nothing is written."""
    joined(db, client)
    client.post("/preferences", data={"address": "ong@example.org"})
    client.post("/subscribe", data={**FORM, "address": "attesa@example.org"})
    watched_2018(db)
    clock.at = days(170)
    compose(db, clock, SENDER, [SOURCE])
    clock.at = days(0.5)
    assert {mail.kind for mail in mails(db)} == {"confirmation", "link", "digest"}
    before = rows(db)
    found = {link for mail in mails(db) for link in links(mail)}
    behind = {
        path
        for link in found
        for path in re.findall(r"(?:href|action)=\"(/[^\"]*)\"", client.get(link).text)
        if "/preferences/" in path or "/confirm/" in path or "/unsubscribe/" in path
    }
    assert any(path.endswith("/erase") for path in behind)
    for path in sorted(found | behind):
        for method in ("GET", "HEAD", "OPTIONS") * 3:
            client.request(method, path)
    assert rows(db) == before


ONE_CLICK: dict[str, dict[str, Any]] = {
    "urlencoded": {"data": {"List-Unsubscribe": "One-Click"}},
    "multipart": {"files": {"List-Unsubscribe": (None, "One-Click")}},
}


@pytest.mark.parametrize("form", sorted(ONE_CLICK))
def test_check_16_one_click_is_done_at_once_and_once(
    db: Database, client: httpx.Client, clock: FakeClock, form: str
) -> None:
    """POST without cookie, Referer or key: 200, no redirect, again 200; five hundred at once: one event."""
    path = leave_path(db, clock, joined(db, client))
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: client.post(path, **ONE_CLICK[form]).status_code, range(500)))
    assert set(answers) == {200}
    (reader,) = readers(db)
    assert reader.state == "ended"
    with db.reading() as session:
        events = [one.event for one in consents(session, reader.mailbox)]
    assert events == [ConsentEvent.GIVEN, ConsentEvent.WITHDRAWN]


def test_check_17_links_to_leave_never_expire(db: Database, client: httpx.Client, clock: FakeClock) -> None:
    """One of 400 days ago works; it ends its own subscription alone; each flipped bit is an unknown link."""
    first, second = joined(db, client), joined(db, client, "altra@example.org")
    path = leave_path(db, clock, first)
    clock.advance(400 * 86400)
    unknown = client.post("/unsubscribe/" + "A" * 22)
    stem, _, token = path.rpartition("/")
    for place, letter in enumerate(token):
        for bit in range(7):
            flipped = chr(ord(letter) ^ 1 << bit)
            if not (flipped.isascii() and (flipped.isalnum() or flipped in "-_")):
                continue
            wrong = f"{stem}/{token[:place]}{flipped}{token[place + 1 :]}"
            answer = client.post(wrong)
            assert answer.status_code == unknown.status_code == 404
            assert answer.text.replace(wrong, "") == unknown.text.replace("/unsubscribe/" + "A" * 22, "")
    assert {reader.state for reader in readers(db)} == {"active"}
    assert client.post(path).status_code == 200
    assert [reader.state for reader in readers(db)] == ["ended", "active"]
    assert second.id == readers(db)[1].id


def test_check_18_a_flood_of_sign_ups_is_three_mails(
    db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """A hundred within any hour, however the address is spelt and whatever is wished: three mails at most."""
    rng = random.Random(7)
    spellings = ("ong@example.org", "ONG@Example.org", "ong@example.org.", "ong+{}@example.org")
    for number in range(100):
        spelt = rng.choice(spellings).format(number)
        answer = client.post("/subscribe", data={**FORM, "address": spelt, "words": f"parola{number}"})
        assert answer.status_code == 200
        client.post("/preferences", data={"address": spelt})
        clock.advance(36)
        made = [mail for mail in mails(db) if (clock.now() - mail.created_at).total_seconds() <= 3600]
        assert len(made) <= 3
    assert {mail.kind for mail in mails(db)} <= {"confirmation", "link"}


def test_limits_hold_for_a_place_and_for_all(db: Database) -> None:
    """One place, an IPv6 customer's network included, asks so often; all places together so often."""
    with db.writing() as session:
        granted = [grant_mail(session, f"a{n}@x.org", f"2001:db8::{n:x}", days(0)) for n in range(30)]
        assert granted == [True] * FROM_ONE_PLACE + [False] * (30 - FROM_ONE_PLACE)
        others = [grant_mail(session, f"b{n}@x.org", f"192.0.2.{n % 250}", days(0)) for n in range(250)]
        assert sum(others) == IN_ALL - FROM_ONE_PLACE
        assert grant_mail(session, "c@x.org", "198.51.100.1", days(1))
        raw = repr(session.execute(sa.text("SELECT * FROM asking")).all())
    assert "x.org" not in raw and "198.51" not in raw


def test_check_19_nobody_learns_who_is_known(db: Database, client: httpx.Client) -> None:
    """Unknown, pending, active, suppressed and too often asked: the same status, bytes and header names."""
    joined(db, client, "attiva@example.org")
    client.post("/subscribe", data={**FORM, "address": "attesa@example.org"})
    with db.writing() as session:
        suppress(session, "soppressa@example.org", SuppressionReason.COMPLAINT, days(0))
    for path in ("/subscribe", "/preferences"):
        seen = set()
        for name in ("attiva", "attesa", "soppressa", "ignota", "ignota", "ignota", "ignota"):
            answer = client.post(path, data={**FORM, "address": f"{name}@example.org"})
            fields = tuple(sorted(set(answer.headers) - {"date"}))
            seen.add((answer.status_code, fields, answer.text.replace(f"{name}@example.org", "X")))
        assert len(seen) == 1


def test_an_attacker_writes_nothing_into_the_mail(db: Database, client: httpx.Client) -> None:
    """Whatever is put into the form, the confirmation differs in its link and recipient alone."""
    client.post("/subscribe", data=FORM)
    client.post(
        "/subscribe",
        data={
            **FORM,
            "words": "COMPRA https://male.example",
            "name": "COMPRA",
            "address": "altra@example.org",
        },
        headers={"user-agent": "COMPRA", "referer": "https://male.example/"},
    )
    texts = []
    for mail in mails(db):
        body = message_from_bytes(mail.message, policy=default).get_body(("plain",))
        assert body is not None
        texts.append(re.sub(r"/confirm/\S+", "", body.get_content()))
        assert b"COMPRA" not in mail.message and "male.example" not in body.get_content()
    assert texts[0] == texts[1]


SPELLINGS = {
    "perché@example.org": "perché@example.org",
    "ong@caffè.example.org": "ong@xn--caff-8oa.example.org",
    "ONG@XN--CAFF-8OA.example.org": "ONG@xn--caff-8oa.example.org",
    "ong+lista@example.org": "ong+lista@example.org",
    "".join(chr(ord(letter) + 0xFEE0) for letter in "ong@example.org"): "ong@example.org",  # full width
    "ong@example.org.": "ong@example.org",
    " Ong@Example.ORG ": "Ong@example.org",
    "perche\u0301@example.org": "perché@example.org",
}


def test_check_24_one_subscriber_for_each_mailbox(
    db: Database, client: httpx.Client, clock: FakeClock
) -> None:
    """However an address is spelt it reaches one subscription, with the envelope that mail servers take."""
    for typed, envelope in SPELLINGS.items():
        clock.advance(3601)
        joined(db, client, typed)
        assert mails(db)[-1].recipient == envelope, typed
    standing = [reader for reader in readers(db) if reader.state == "active"]
    assert sorted(reader.mailbox for reader in standing) == [
        "ong@example.org",
        "ong@xn--caff-8oa.example.org",
        "perché@example.org",
    ]
    assert all(mail.kind == DeliveryKind.CONFIRMATION for mail in mails(db))
