"""The staff's pages about runs: what waits, the exact mails in their frame, decisions, corrections."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.compose import compose
from notifier.holding import Caution
from store.deliveries import DeliveryKind, DeliveryState, deliveries
from store.digest_runs import RunState, run
from store.kinds import ReviewKind
from store.outbox import settle_accepted
from tests.browsing import text
from tests.sending import claim
from tests.staffed_house import READER, SENDER, Member, StaffedHouse, furnish, staffed
from tests.watched_history import SOURCE


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house with staff, to be copied."""
    return furnish(tmp_path_factory.mktemp("furnished") / "house.db")


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[StaffedHouse]:
    """A house of one's own, whose run number 5 waits for staff since a new reader reads the page."""
    with staffed(furnished, tmp_path) as house:
        yield house


@pytest.fixture
def editor(house: StaffedHouse) -> Member:
    """Somebody who may decide."""
    return house.member("editor")


def held(house: StaffedHouse, editor: Member) -> int:
    """Bring something new, composed by another reader version, and return the number of the held run."""
    number = house.review(ReviewKind.PAIR)
    editor.post(f"/staff/reviews/{number}/different", why="Sono due")
    compose(house.db, house.clock, SENDER, [SOURCE], Caution(reader_version="reader-2"))
    found = re.search(r"/staff/runs/(\d+)", section(editor.get("/staff/runs").text))
    assert found is not None
    return int(found[1])


def section(page: str) -> str:
    """Return the part of the queue that lists what waits."""
    return page.split("<h2>")[1]


def test_the_queue_names_what_waits(house: StaffedHouse, editor: Member) -> None:
    """A held run stands on top, with its reasons on its own page; without one the page says so."""
    assert "Nessuna tornata aspetta" in text(editor.get("/staff/runs"))
    number = held(house, editor)
    page = text(editor.get(f"/staff/runs/{number}"))
    assert "trattenuta" in page and READER in page
    assert "il lettore delle pagine è nuovo: reader-2 al posto di" in page
    with house.db.reading() as session:
        assert run(session, number).reasons[0].startswith("the page reader is new: reader-2")
    english = text(editor.get(f"/staff/runs/{number}?lang=en"))
    assert "the page reader is new: reader-2 instead of" in english


def test_the_exact_mail_is_shown_as_text_and_in_a_frame(house: StaffedHouse, editor: Member) -> None:
    """The frame has no rights at all, and no secret of a mailed link."""
    held(house, editor)
    with house.db.reading() as session:
        (mail,) = deliveries(session, state=DeliveryState.COMPOSED)
    page = editor.get(f"/staff/deliveries/{mail.id}")
    assert f'sandbox="" referrerpolicy="no-referrer" src="/staff/deliveries/{mail.id}/page"' in page.text
    assert "frame-src 'self'" in page.headers["content-security-policy"]
    framed = editor.get(f"/staff/deliveries/{mail.id}/page")
    assert framed.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert "/unsubscribe/•••" in framed.text and "Rete delle scuole rurali" in framed.text
    confirmation = editor.get("/staff/deliveries/1/page")
    assert confirmation.status_code == 200 and "/confirm/•••" in confirmation.text


@pytest.mark.parametrize(
    ("act", "state", "said"),
    [
        ("release", RunState.RELEASED, "Tornata lasciata partire"),
        ("reject", RunState.CANCELLED, "Tornata respinta"),
        ("told", RunState.CANCELLED, "contano come informati"),
    ],
)
def test_staff_decide_a_held_run(
    house: StaffedHouse, editor: Member, act: str, state: RunState, said: str
) -> None:
    """With a reason it is done once, and stays on the page; without one it is turned away."""
    number = held(house, editor)
    assert editor.post(f"/staff/runs/{number}/{act}", why=" ").status_code == 422
    answer = editor.post(f"/staff/runs/{number}/{act}", why="Guardato con l'ufficio")
    page = text(editor.get(answer.headers["location"]))
    assert said in page and "Guardato con l'ufficio" in page
    with house.db.reading() as session:
        assert run(session, number).state == state
    assert editor.post(f"/staff/runs/{number}/{act}", why="Di nuovo").status_code == 409


def test_a_correction_is_written_on_the_page_of_the_run(house: StaffedHouse, editor: Member) -> None:
    """Ticked changes, words for readers and a reason make a run of corrections that waits."""
    number = held(house, editor)
    editor.post(f"/staff/runs/{number}/release", why="Va bene")
    compose(house.db, house.clock, SENDER, [SOURCE], Caution(reader_version="reader-2"))
    with house.db.writing() as session:
        until = house.clock.now() + timedelta(minutes=5)
        while (taken := claim(session, house.clock.now(), until)) is not None:
            settle_accepted(session, taken.id, house.clock.now(), "250 Ok")
    boxes = re.findall(r'name="change" value="(\d+)"', editor.get(f"/staff/runs/{number}").text)
    assert boxes
    answer = editor.post(
        "/staff/corrections", change=boxes[0], why="Letto male", it="Non è un progetto nuovo."
    )
    page = text(editor.get(answer.headers["location"]))
    assert "Correzione scritta" in page and "una correzione: guardare le sue e-mail" in page
    with house.db.reading() as session:
        (mail,) = deliveries(session, kind=DeliveryKind.CORRECTION)
    assert mail.state == DeliveryState.COMPOSED
    assert "Non è un progetto nuovo." in text(editor.get(f"/staff/deliveries/{mail.id}"))


def test_an_auditor_sees_and_cannot_act(house: StaffedHouse, editor: Member) -> None:
    """Whoever may only look sees the reasons and the mails, and no form."""
    number = held(house, editor)
    page = house.member("auditor").get(f"/staff/runs/{number}")
    assert page.status_code == 200 and "/release" not in page.text
