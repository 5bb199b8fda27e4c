"""Signing in through an identity provider: whose word counts, and whose does not."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from notifier.message import Sender
from schedules.present import Present
from scraper.fetch import ask_provider
from store.database import create_database, open_database
from store.staff.accounts import disable_account, find_account
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.identity_provider import CLIENT, SECRET, Issuer, issuing
from tests.staffed_house import NOW, StaffedHouse, furnish
from tests.watched_history import SOURCE
from web.app import create_app
from web.office.entrance import COOKIE
from web.office.vouching import Provider

START = "/staff/sign-in/provider"


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    """A provider."""
    with issuing(NOW.timestamp()) as issuer:
        yield issuer


@pytest.fixture(autouse=True)
def honest(issuer: Issuer) -> None:
    """Every test begins with a provider that tells the truth."""
    issuer.name, issuer.claims, issuer.signing = "editor", {}, None


@pytest.fixture(scope="module")
def house(issuer: Issuer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedHouse]:
    """A house with staff whose provider this is."""
    db = open_database(f"sqlite:///{furnish(tmp_path_factory.mktemp('house') / 'house.db')}")
    clock = FakeClock(NOW)

    def ask(address: str, form: bytes | None, headers: dict[str, str]) -> bytes:
        return ask_provider(address, form, headers, Present(), "coopwatch test")

    provider = Provider(issuer.address, CLIENT, SECRET, "preferred_username", ask)
    sender = Sender("avvisi@coopwatch.example.org", "Ente", "https://coopwatch.example.org")
    with browsing(create_app(db, clock, sender, [SOURCE], provider=provider)) as client:
        yield StaffedHouse(db, clock, client)
    db.close()


def begun(house: StaffedHouse, after: str = "") -> tuple[str, str]:
    """Begin in a new browser; return its cookie, and the way back that the provider answers with."""
    house.client.cookies.clear()
    answer = house.client.get(START, params={"next": after} if after else {})
    assert answer.status_code == 303
    back = httpx.get(answer.headers["location"], trust_env=False).headers["location"]
    assert back.startswith("https://coopwatch.example.org/staff/sign-in/provider/back?")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" in cookie
    house.client.cookies.clear()
    return cookie.partition(";")[0], back.removeprefix("https://coopwatch.example.org")


def returned(house: StaffedHouse, cookie: str, back: str) -> httpx.Response:
    """Come back with this cookie."""
    answer = house.client.get(back, headers={"cookie": cookie, "accept-language": "it"})
    house.client.cookies.clear()
    return answer


def refused(answer: httpx.Response) -> bool:
    """Say whether the answer is the sign-in page that says why, and no session."""
    return (
        answer.status_code == 403
        and 'role="alert"' in answer.text
        and f"{COOKIE}=" not in str(answer.headers)
    )


def test_whom_the_provider_vouches_for_is_in(house: StaffedHouse) -> None:
    """The account of that name gets a session, at the page that was wanted; a code serves once."""
    cookie, back = begun(house, "/staff/pages/1")
    answer = returned(house, cookie, back)
    assert answer.status_code == 303 and answer.headers["location"] == "/staff/pages/1"
    (session,) = [line for line in answer.headers.get_list("set-cookie") if line.startswith(COOKIE)]
    page = house.client.get("/staff", headers={"cookie": session.partition(";")[0]})
    assert page.status_code == 200 and "editor" in page.text
    house.client.cookies.clear()
    assert refused(returned(house, cookie, back))


def test_a_sign_in_belongs_to_the_browser_that_began_it(house: StaffedHouse) -> None:
    """Without its cookie, with another browser's, or with another state nobody is let in."""
    cookie, back = begun(house)
    other, _ = begun(house)
    assert refused(returned(house, "", back)) and refused(returned(house, other, back))
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert refused(returned(house, cookie, back.replace(state, "0" * 64)))
    assert returned(house, cookie, back).status_code == 303


@pytest.mark.parametrize(
    "lie",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another"},
        {"aud": ["another", CLIENT], "azp": "another"},
        {"iss": "https://evil.example"},
        {"exp": int(NOW.timestamp()) - 120},
        {"exp": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"at_hash": "wrong"},
        {"preferred_username": None},
        {"preferred_username": ["editor"]},
        {"preferred_username": "nobody"},
    ],
)
def test_a_word_that_does_not_fit_is_none(
    house: StaffedHouse, issuer: Issuer, lie: dict[str, object]
) -> None:
    """Meant for another sign-in or another house, from elsewhere, out of date, or about nobody we know."""
    issuer.claims = lie
    assert refused(returned(house, *begun(house)))


def test_a_word_signed_by_somebody_else_lets_nobody_in(house: StaffedHouse, issuer: Issuer) -> None:
    """Signed with another key of the same name."""
    issuer.signing = RSAKey.generate_key(2048, {"kid": "a", "alg": "RS256"})
    assert refused(returned(house, *begun(house)))


def test_a_refusal_of_the_provider_is_said(house: StaffedHouse) -> None:
    """What the provider gives as its reason stands on the page, as text."""
    cookie, back = begun(house)
    state = parse_qs(urlsplit(back).query)["state"][0]
    answer = returned(house, cookie, f"{START}/back?error=<b>denied&state={state}")
    assert refused(answer) and "the provider refused: &lt;b&gt;denied" in answer.text


def test_a_shut_account_stays_out(house: StaffedHouse, issuer: Issuer) -> None:
    """The provider knows the name, the house no longer."""
    with house.db.writing() as session:
        disable_account(session, find_account(session, "auditor").id, house.clock.now())
    issuer.name = "auditor"
    answer = returned(house, *begun(house))
    assert refused(answer) and "non c’è un account attivo" in answer.text


def test_the_way_through_is_offered_where_there_is_one(house: StaffedHouse, tmp_path: Path) -> None:
    """The sign-in page shows the button only where a provider is set; elsewhere the way does not exist."""
    assert START in house.client.get("/staff/sign-in").text
    db = open_database(f"sqlite:///{furnish(tmp_path / 'house.db')}")
    sender = Sender("a@example.org", "x", "http://example.org")
    with browsing(create_app(db, FakeClock(NOW), sender, [SOURCE])) as client:
        assert START not in client.get("/staff/sign-in").text
        assert client.get(START).status_code == client.get(f"{START}/back").status_code == 404
    db.close()


def test_half_a_provider_is_a_fault_of_the_settings(tmp_path: Path) -> None:
    """Said at once, before anything is served; so is a secret in the file, or an address in the clear."""
    create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}").close()
    for line, said in (
        ('oidc_issuer = "https://id.example.org"', "oidc_client_id"),
        ('oidc_client_secret = "x"', "COOPWATCH_OIDC_CLIENT_SECRET"),
        ('oidc_issuer = "http://id.example.org"', "oidc_issuer"),
    ):
        (tmp_path / "coopwatch.toml").write_text(f'contact = "a@example.org"\nweb_port = 0\n{line}\n')
        run = coopwatch("run", "--data", tmp_path)
        assert run.returncode == 1 and said in run.stderr
