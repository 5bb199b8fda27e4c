"""The look: what is static comes from us alone, is licensed, is what it was when it came, and stays light."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from store.database import create_database
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.staffed_house import SENDER
from tests.watched_history import SOURCE, days
from web.app import create_app
from web.safety import SAFE_HEADERS

STATIC = Path(__file__).parent.parent / "web" / "static"
FONTS = STATIC / "fonts"
STYLE = (STATIC / "coopwatch.css").read_text("utf-8")

LIGHTER_THAN = 100_000
"""Bytes of everything that a first visit loads besides the page."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A stranger at the pages of an empty house."""
    db = create_database(f"sqlite:///{tmp_path_factory.mktemp('house') / 'house.db'}")
    with browsing(create_app(db, FakeClock(days(0)), SENDER, [SOURCE])) as client:
        yield client
    db.close()


def test_the_fonts_are_those_that_came_and_their_licence_stands_with_them() -> None:
    """Every file in the folder has the digest that was noted, and none is unknown."""
    lines = (FONTS / "SHA256SUMS").read_text("utf-8").splitlines()
    noted = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert "SIL OPEN FONT LICENSE" in (FONTS / "OFL.txt").read_text("utf-8")
    found = {file.name: sha256(file.read_bytes()).hexdigest() for file in FONTS.iterdir()}
    del found["SHA256SUMS"]
    assert found == noted


def test_the_style_sheet_loads_our_own_files_alone(client: httpx.Client) -> None:
    """Every address in it is one of ours, answers, and is of the type that browsers expect of a font."""
    assert "@import" not in STYLE
    addresses = re.findall(r"url\(\"?([^)\"]+)", STYLE)
    assert len(addresses) == 3
    for address in addresses:
        answer = client.get(f"/static/{address}")
        assert answer.status_code == 200 and answer.headers["content-type"] == "font/woff2"
    assert "font-src 'self'" in SAFE_HEADERS["Content-Security-Policy"]


def test_what_is_static_stays_light() -> None:
    """Style, mark and fonts together weigh less than a photograph."""
    loaded = [STATIC / "coopwatch.css", STATIC / "coopwatch.svg", *FONTS.glob("*.woff2")]
    assert sum(file.stat().st_size for file in loaded) < LIGHTER_THAN


def test_a_page_names_its_owner_and_the_ways_in(client: httpx.Client) -> None:
    """The slim bar says whose service it is; the footer links what every public body owes."""
    page = client.get("/", headers={"accept-language": "it"}).text
    header, footer = page.partition("<main")[0], page.rpartition("</main>")[2]
    assert f'<p class="owner">{SENDER.name}</p>' in header and SENDER.name in footer
    for address in ("/privacy", "/accessibility", "/evidence", "/staff"):
        assert f'href="{address}"' in footer
