"""The staff's pages of subscribers: added with an origin, rested, erased, masked to those who only look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.deliveries import DeliveryKind, deliveries
from store.kinds import SignUpForm, SuppressionReason
from store.outbox import settle_accepted
from store.subscriptions import mailbox_subscriptions, subscription
from store.suppressions import suppressed
from store.telling import entries_told
from tests.staffed_house import MASKED, READER, StaffedHouse, furnish, staffed

FORM = {
    "reader": "Nuova@Example.org",
    "origin": "modulo <b>cartaceo</b>",
    "language": "fr",
    "frequency": "monthly",
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house with staff, to be copied."""
    return furnish(tmp_path_factory.mktemp("furnished") / "house.db")


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[StaffedHouse]:
    """A house of one's own."""
    with staffed(furnished, tmp_path) as house:
        yield house


def test_auditors_see_no_address(house: StaffedHouse) -> None:
    """Whatever page of the office names a reader: masked for those who look, clear for those who work."""
    with house.db.writing() as session:
        told = deliveries(session, recipient=READER, kind=DeliveryKind.DIGEST)[0]
        settle_accepted(session, told.id, house.clock.now(), f"250 <{READER.upper()}>: taken")
        change = entries_told(session, told.content_id or 0)[0]
    pages = (
        "subscribers",
        "subscribers/1",
        "deliveries",
        f"deliveries/{told.id}",
        f"deliveries/{told.id}/page",
    )
    for page in (*pages, f"changes/{change}", f"runs/{told.run_id}"):
        masked, clear = (house.member(role).get(f"/staff/{page}").text for role in ("auditor", "editor"))
        assert READER not in masked.lower(), page
        if not page.endswith("/page"):
            assert MASKED in masked and READER in clear, page
    assert "<form" not in house.member("auditor").get("/staff/subscribers/1").text.partition("<main")[2]


def test_an_address_is_added_with_the_origin_of_its_consent(house: StaffedHouse) -> None:
    """One mail asks; the record says who, where from and what for, as text; the log names no address."""
    editor = house.member("editor")
    assert editor.post("/staff/subscribers", **FORM).headers["location"] == "/staff/subscribers?done=added"
    with house.db.reading() as session:
        (added,) = mailbox_subscriptions(session, "nuova@example.org")
        mail = deliveries(session, limit=1)[0]
    assert (added.state, added.language, added.frequency) == ("pending", "fr", "monthly")
    assert added.sign_up.form is SignUpForm.STAFF and added.sign_up.member is not None
    assert (mail.kind, mail.recipient) == ("confirmation", "Nuova@example.org")
    page = editor.get(f"/staff/subscribers/{added.id}").text
    assert "modulo &lt;b&gt;cartaceo" in page and ": editor" in page
    log = editor.get("/staff/log").text
    assert "indirizzo aggiunto" in log and "uova@" not in log


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"reader": "x y"}, 422, "non è un indirizzo"),
        ({"origin": " "}, 422, "da dove viene"),
        ({"language": "de"}, 422, "da dove viene"),
        ({"reader": "ONG+x@example.org"}, 409, "già un’iscrizione"),
    ],
)
def test_what_cannot_be_added_is_said(
    house: StaffedHouse, changes: dict[str, str], status: int, said: str
) -> None:
    """The form comes back with the reason and what was typed; nothing is written."""
    answer = house.member("editor").post("/staff/subscribers", **{**FORM, **changes})
    assert answer.status_code == status and said in answer.text and 'role="alert"' in answer.text
    with house.db.reading() as session:
        assert mailbox_subscriptions(session, "nuova@example.org") == ()


def test_resting_and_erasing(house: StaffedHouse) -> None:
    """Editors suspend and resume; an administrator erases after being asked, and the address is gone."""
    editor, administrator = house.member("editor"), house.member("administrator")
    for deed, state in (("suspend", "suspended"), ("resume", "active")):
        assert editor.post(f"/staff/subscribers/1/{deed}").status_code == 303
        with house.db.reading() as session:
            assert subscription(session, 1).state == state
    assert editor.post("/staff/subscribers/1/erase").status_code == 403
    assert "per sempre" in administrator.get("/staff/subscribers/1/erase").text
    assert administrator.post("/staff/subscribers/1/erase").status_code == 303
    assert administrator.get("/staff/subscribers/1").status_code == 404
    assert READER not in administrator.get("/staff/deliveries").text
    with house.db.reading() as session:
        assert suppressed(session, READER) is SuppressionReason.ERASED
    assert "iscritto cancellato" in administrator.get("/staff/log").text
