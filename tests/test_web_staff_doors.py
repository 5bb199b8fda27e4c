"""Who may what on the staff's pages: strangers, roles, forged forms, guessed passwords, ended sessions."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from notifier.message import Sender
from store.kinds import ReviewKind
from store.pages import due_pages
from store.staff.accounts import disable_account, find_account
from store.staff.sign_in import IDLE
from store.staff.throttle import TRIES_FROM_ADDRESS, TRIES_OF_NAME, WINDOW
from tests.staff_accounts import PASSWORD
from tests.staffed_house import Member, StaffedHouse, furnish, staffed
from web.app import OFFICE
from web.office.entrance import COOKIE, form_key

ROLES = ("stranger", "auditor", "editor", "administrator")

LOOKING = {
    "/staff": "auditor",
    "/staff/pages/1": "auditor",
    "/staff/captures/7": "auditor",
    "/staff/captures/7/page": "auditor",
    "/staff/captures/7/bytes": "auditor",
    "/staff/projects": "auditor",
    "/staff/projects/torino/4": "auditor",
    "/staff/changes": "auditor",
    "/staff/changes/4": "auditor",
    "/staff/reviews": "auditor",
    "/staff/reviews/1": "auditor",
    "/staff/deliveries": "auditor",
    "/staff/deliveries/2": "auditor",
    "/staff/subscribers": "auditor",
    "/staff/subscribers/1": "auditor",
    "/staff/subscribers/1/erase": "administrator",
    "/staff/deliveries/2/page": "auditor",
    "/staff/runs": "auditor",
    "/staff/runs/4": "auditor",
    "/staff/log": "auditor",
    "/staff/accounts": "administrator",
}
"""Every page of the office, and the least role that may look at it."""

ACTING = {
    "/staff/pages/1/check": "editor",
    "/staff/notes": "editor",
    "/staff/reviews/{held}/release": "editor",
    "/staff/reviews/{held}/reject": "editor",
    "/staff/reviews/{pair}/same": "editor",
    "/staff/reviews/{pair}/different": "editor",
    "/staff/projects/torino/1/merge": "editor",
    "/staff/projects/torino/1/split": "editor",
    "/staff/decisions/1/undo": "editor",
    "/staff/subscribers": "editor",
    "/staff/subscribers/1/suspend": "editor",
    "/staff/subscribers/1/resume": "editor",
    "/staff/subscribers/1/erase": "administrator",
    "/staff/runs/4/hold": "editor",
    "/staff/corrections": "editor",
    "/staff/sign-out": "auditor",
}
"""Every form of the office, and the least role that may send it."""

FIELDS = {
    "why": "La pagina dice così.",
    "kind": "page",
    "subject": "1",
    "text": "Una nota",
    "other": "2",
    "reader": "nuova@example.org",
    "origin": "modulo cartaceo",
    "language": "it",
    "frequency": "weekly",
    "change": "1",
    "it": "Era sbagliato.",
    "address": "https://www.example.org/cooperazione/progetti",
}


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house with staff, to be copied."""
    return furnish(tmp_path_factory.mktemp("furnished") / "house.db")


@pytest.fixture(scope="module")
def quiet_house(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedHouse]:
    """A house in which nobody decides anything."""
    with staffed(furnished, tmp_path_factory.mktemp("quiet")) as house:
        yield house


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[StaffedHouse]:
    """A house of one's own."""
    with staffed(furnished, tmp_path) as house:
        yield house


def signed_in(
    house: StaffedHouse, name: str = "editor", password: str = PASSWORD, **more: str
) -> httpx.Response:
    """Send the sign-in form from an address of one's own."""
    headers = {name: more.pop(key) for key, name in FORWARDED.items() if key in more}
    form = {"name": name, "password": password, **more}
    return house.client.post("/staff/sign-in", data=form, headers=headers)


FORWARDED = {"address": "x-forwarded-for", "site": "sec-fetch-site"}


def contents(house: StaffedHouse) -> dict[str, list[object]]:
    """Return every row of every table but the sessions, which note that they are in use."""
    engine = sa.create_engine(house.db.url)
    with engine.connect() as connection:
        tables = [
            name
            for name in sa.inspect(connection).get_table_names()
            if name != "staff_session" and not name.startswith("said_words")
        ]
        found = {
            name: [tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}"))]
            for name in tables
        }
    engine.dispose()
    return found  # type: ignore[return-value]


def test_every_route_of_the_office_is_in_the_tables() -> None:
    """Whoever adds a page or a form says here who may see or send it."""
    routes = {
        (method, re.sub(r"{\w+}", "{}", route.path))
        for part in OFFICE
        for route in part.ROUTES.routes
        for method in route.methods
    }
    shapes = {
        *(("GET", re.sub(r"/(\d+|torino)(?=/|$)", "/{}", path)) for path in LOOKING),
        *(("POST", re.sub(r"/(\d+|torino|{\w+})(?=/|$)", "/{}", path)) for path in ACTING),
    }
    answers = {("POST", f"/staff/reviews/{{}}/{word}") for word in ("release", "reject", "same", "different")}
    doors = {("GET", "/staff/sign-in"), ("POST", "/staff/sign-in")}
    doors |= {("GET", "/staff/sign-in/provider"), ("GET", "/staff/sign-in/provider/back")}
    acts = {("POST", "/staff/runs/{}/hold")}
    any_of = {("POST", "/staff/reviews/{}/{}"), ("POST", "/staff/runs/{}/{}")}
    assert routes == (shapes - answers - acts) | any_of | doors


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("address", sorted(LOOKING))
def test_a_page_opens_for_its_roles_alone(quiet_house: StaffedHouse, address: str, role: str) -> None:
    """Strangers are led to the sign-in whether or not there is anything to see; a lower role is told no."""
    answer = quiet_house.member(role).get(address)
    if role == "stranger":
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/staff/sign-in") and answer.text == ""
    elif ROLES.index(role) < ROLES.index(LOOKING[address]):
        assert answer.status_code == 403 and "Il tuo ruolo non lo permette" in answer.text
    else:
        assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store" and answer.headers["x-robots-tag"] == "noindex"


@pytest.mark.parametrize("role", ["stranger", "auditor", "editor"])
@pytest.mark.parametrize("address", sorted(ACTING))
def test_a_form_is_taken_from_its_roles_alone(
    furnished: Path, tmp_path: Path, address: str, role: str
) -> None:
    """Who may not act changes nothing; who may is sent on, or told what stands in the way."""
    with staffed(furnished, tmp_path) as house:
        member = house.member(role)
        path = address.format(held=house.review(ReviewKind.CAPTURE), pair=house.review(ReviewKind.PAIR))
        before = contents(house)
        answer = member.post(path, **FIELDS)
        if ROLES.index(role) < ROLES.index(ACTING[address]):
            assert answer.status_code == 403 and contents(house) == before
        elif address == "/staff/decisions/1/undo":
            assert answer.status_code == 404 and contents(house) == before  # there is none yet
        elif address == "/staff/subscribers/1/resume":
            assert answer.status_code == 303 and contents(house) == before  # it is not suspended
        else:
            assert answer.status_code == 303 and contents(house) != before


@pytest.mark.parametrize("path", ["/staff/pages/999", "/staff/nix", "/staff/captures/abc"])
def test_a_stranger_learns_nothing_about_what_is_there(quiet_house: StaffedHouse, path: str) -> None:
    """What exists and what does not lead to the same door; staff are told that it does not exist."""
    stranger = quiet_house.member("stranger").get(path)
    assert stranger.status_code == (404 if path == "/staff/nix" else 303)
    assert quiet_house.member("auditor").get(path).status_code == 404


@pytest.mark.parametrize("address", sorted(ACTING))
def test_a_form_without_the_session_s_key_is_refused(house: StaffedHouse, address: str) -> None:
    """No key, a wrong one, or another session's: nothing happens."""
    member, other = house.member("administrator"), house.member("administrator")
    path = address.format(held=house.review(ReviewKind.CAPTURE), pair=house.review(ReviewKind.PAIR))
    before = contents(house)
    for key in ("", "x", form_key(other.token)):
        answer = member.post(path, key=key, **FIELDS)
        assert answer.status_code == 403 and "Richiesta non accettata" in answer.text
    assert contents(house) == before
    assert member.get("/staff").status_code == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_a_form_from_elsewhere_is_refused(house: StaffedHouse, site: str) -> None:
    """Where the browser says that another site made it ask, even the right key does not help."""
    member = house.member("editor")
    cookie = {"cookie": f"{COOKIE}={member.token}", "sec-fetch-site": site}
    form = {"key": form_key(member.token)}
    assert house.client.post("/staff/pages/1/check", headers=cookie, data=form).status_code == 403
    assert signed_in(house, site=site).status_code == 403
    same = cookie | {"sec-fetch-site": "same-origin"}
    assert house.client.post("/staff/pages/1/check", headers=same, data=form).status_code == 303


def test_looking_changes_nothing(house: StaffedHouse) -> None:
    """Every page can be looked at, by whoever may, without a row being written."""
    member = house.member("administrator")
    before = contents(house)
    for address in (*LOOKING, "/staff/sign-in"):
        for method in ("GET", "HEAD", "OPTIONS"):
            house.client.request(method, address, headers={"cookie": f"{COOKIE}={member.token}"})
    assert contents(house) == before


def test_signing_in_and_out(house: StaffedHouse) -> None:
    """The cookie opens the office and nothing else knows of it; after signing out it opens nothing."""
    answer = signed_in(house, next="/staff/pages/1")
    assert answer.status_code == 303 and answer.headers["location"] == "/staff/pages/1"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/staff" in cookie
    assert "Secure" not in cookie and "Max-Age" not in cookie and "Domain" not in cookie
    member = Member(house.client, house.client.cookies[COOKIE])
    house.client.cookies.clear()
    assert "editor (redazione)" in member.get("/staff").text
    assert "set-cookie" not in house.client.get("/").headers
    out = member.post("/staff/sign-out")
    assert out.status_code == 303 and out.headers["location"] == "/"
    assert 'coopwatch_staff=""' in out.headers["set-cookie"]
    assert member.get("/staff").status_code == 303


def test_behind_https_the_cookie_is_secure_and_keeps_to_its_path(furnished: Path, tmp_path: Path) -> None:
    """Where readers come by https the cookie never travels otherwise; below a path it stays below it."""
    sender = Sender("a@example.org", "x", "https://example.org/watch")
    with staffed(furnished, tmp_path, sender) as house:
        answer = signed_in(house)
        assert answer.headers["location"] == "/watch/staff"
        assert (
            "Secure" in answer.headers["set-cookie"] and "Path=/watch/staff" in answer.headers["set-cookie"]
        )


@pytest.mark.parametrize(
    "elsewhere",
    [
        "//evil.example",
        "https://evil.example/staff",
        "/staff\\@evil.example",
        "/staff/..//evil.example",
        "/x",
    ],
)
def test_signing_in_leads_nowhere_else(house: StaffedHouse, elsewhere: str) -> None:
    """The address to go on to is one of the office's own pages or none."""
    location = signed_in(house, next=elsewhere).headers["location"]
    assert location.startswith("/staff") and "evil" not in location.replace("/staff/..//evil.example", "evil")


def test_a_new_sign_in_ends_the_session_before(house: StaffedHouse) -> None:
    """The browser that signs in again does not leave an open session behind, nor keep a planted one."""
    member = house.member("auditor")
    form = {"name": "editor", "password": PASSWORD}
    answer = house.client.post("/staff/sign-in", data=form, headers={"cookie": f"{COOKIE}={member.token}"})
    assert answer.status_code == 303 and house.client.cookies[COOKIE] != member.token
    house.client.cookies.clear()
    assert member.get("/staff").status_code == 303


def test_a_wrong_name_and_a_wrong_password_look_alike(house: StaffedHouse) -> None:
    """An unknown name, a wrong password, a shut account: the same words, and about the same time."""
    with house.db.writing() as session:
        disable_account(session, find_account(session, "auditor").id, house.clock.now())
    answers: set[str] = set()
    took: dict[str, list[float]] = {}
    for name, password in (("editor", "x" * 20), ("nobody", PASSWORD), ("auditor", PASSWORD)) * 3:
        began = time.perf_counter()
        answer = signed_in(house, name, password)
        took.setdefault(name, []).append(time.perf_counter() - began)
        assert answer.status_code == 403 and "set-cookie" not in answer.headers
        answers.add(answer.text.replace(f'value="{name}"', ""))
    assert len(answers) == 1 and 'role="alert"' in answers.pop()
    fastest = [min(times) for times in took.values()]
    assert min(fastest) > 0.3 * max(fastest)


def test_tries_are_limited_by_name(house: StaffedHouse) -> None:
    """After ten wrong tries of a name even the right password waits until a quarter of an hour is over."""
    for number in range(TRIES_OF_NAME):
        signed_in(house, "editor", "", address=f"198.51.100.{number}")
    refused = signed_in(house, "editor", address="192.0.2.1")
    assert refused.status_code == 403
    assert refused.text == signed_in(house, "editor", "", address="192.0.2.2").text
    assert signed_in(house, "auditor", address="192.0.2.1").status_code == 303
    house.clock.advance(WINDOW.total_seconds())
    assert signed_in(house, "editor", address="192.0.2.1").status_code == 303


def test_tries_are_limited_by_address(house: StaffedHouse) -> None:
    """After thirty wrong tries from one address nobody signs in from there; from elsewhere they do."""
    for number in range(TRIES_FROM_ADDRESS):
        signed_in(house, f"name{number}", "", address="198.51.100.9")
    assert signed_in(house, "editor", address="198.51.100.9").status_code == 403
    assert signed_in(house, "editor", address="198.51.100.10").status_code == 303


def test_an_idle_session_ends(house: StaffedHouse) -> None:
    """Used within the hour it goes on; left alone it is over, and a form sent then is not lost in silence."""
    member = house.member("editor")
    for _ in range(3):
        house.clock.advance(IDLE.total_seconds() - 1)
        assert member.get("/staff").status_code == 200
    house.clock.advance(IDLE.total_seconds())
    assert member.get("/staff/pages/1").headers["location"] == "/staff/sign-in?next=%2Fstaff%2Fpages%2F1"
    answer = member.post("/staff/notes", **FIELDS)
    assert answer.status_code == 403 and "La sessione è finita" in answer.text


def test_a_shut_account_is_out_at_once(house: StaffedHouse) -> None:
    """Whoever is disabled while signed in sees the door with the next request."""
    member = house.member("editor")
    with house.db.writing() as session:
        disable_account(session, find_account(session, "editor").id, house.clock.now())
    assert member.get("/staff").status_code == 303


def test_asking_for_a_visit_marks_the_page(house: StaffedHouse) -> None:
    """The mark is due at once and the deed is logged; the web pages visit nobody."""
    answer = house.member("editor").post("/staff/pages/1/check")
    assert answer.headers["location"] == "/staff/pages/1?done=check"
    with house.db.reading() as session:
        assert [page.id for page in due_pages(session, house.clock.now())] == [1]
    log = house.member("auditor").get("/staff/log").text
    assert "visita richiesta" in log and "page 1" in log


def test_public_pages_know_no_staff(quiet_house: StaffedHouse) -> None:
    """A session changes nothing on the public pages, which get no cookie of it."""
    member = quiet_house.member("administrator")
    assert member.get("/pages/1").text == quiet_house.member("stranger").get("/pages/1").text
