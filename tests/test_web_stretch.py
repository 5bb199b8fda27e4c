"""Check 7: the page behind a digest too long for a mail shows exactly what that digest counted."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.policy import default
from html import unescape

import httpx
import pytest

from notifier.holding import Caution
from notifier.words import LANGUAGES, words
from scraper.records import ProjectStatus
from store.database import Database
from store.subscriptions import Filters, Frequency
from tests.browsing import browsing, text
from tests.digest_samples import GAMBIA
from tests.run_world import SENDER, RunWorld
from tests.watched_history import SOURCE, days
from web.app import create_app

COUNT = 2000 if os.environ.get("COOPWATCH_SOAK") else 240
IN_AFRICA = tuple(
    replace(GAMBIA, title=f"Acqua pulita numero {n} di {n * 7919}", area="AFRICA") for n in range(COUNT // 2)
)
IN_ASIA = tuple(
    replace(GAMBIA, title=f"Scuole rurali numero {n} di {n * 7919}", area="ASIA") for n in range(COUNT // 2)
)
WISHES = {
    "tutto@example.org": Filters(),
    "africa@example.org": Filters(areas=("AFRICA",)),
    "prime@example.org": Filters(areas=("AFRICA", "ASIA"), words=("numero 1", "numero 2", "pulita & bella")),
}


@pytest.fixture
def client(sqlite_db: Database) -> Iterator[tuple[httpx.Client, RunWorld]]:
    """A house whose projects all changed their status but one, and that one came back to what it was."""
    world = RunWorld(sqlite_db, caution=Caution(100_000, 100_000))
    world.seen((*IN_AFRICA, *IN_ASIA))
    for address, filters in WISHES.items():
        world.joined(Frequency.AT_ONCE, address, filters)
    world.tick()
    after = tuple(replace(one, status=ProjectStatus.CONCLUDED) for one in (*IN_AFRICA, *IN_ASIA))
    world.clock.at = days(1)
    world.seen(after)
    world.clock.at = days(2)
    world.seen((IN_AFRICA[0], *after[1:]))
    world.tick()
    with browsing(create_app(sqlite_db, world.clock, SENDER, [SOURCE])) as client:
        yield client, world


@pytest.mark.soak
def test_check_07_the_page_behind_a_digest_shows_what_it_counted(
    client: tuple[httpx.Client, RunWorld],
) -> None:
    """Its link names the reader's filters: as many projects, those of the mail among them, and no other."""
    browser, world = client
    titles = {str(one.title) for one in (*IN_AFRICA[1:], *IN_ASIA)}
    expected = {
        "tutto@example.org": titles,
        "africa@example.org": {title for title in titles if title.startswith("Acqua")},
        "prime@example.org": {title for title in titles if re.search("numero [12]", title)},
    }
    for mail in world.mails():
        body = message_from_bytes(mail.message, policy=default).get_body(("plain",))
        assert body is not None
        said = body.get_content()
        headline = said.splitlines()[0]
        assert headline.startswith(f"{len(expected[mail.recipient]):,}".replace(",", "."))
        link = re.search(r"https://coopwatch\.example\.org(/changes\?\S+)", said)
        assert link is not None and "Per brevità manca" in said
        page = browser.get(link[1], headers={"Accept-Language": "it"})
        assert headline in text(page)
        shown = re.findall(r'<h2 class="title"><a [^>]*>([^<]+)</a>', page.text)
        assert {unescape(title) for title in shown} == expected[mail.recipient]
        assert len(shown) == len(expected[mail.recipient])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_says_its_filters(client: tuple[httpx.Client, RunWorld], language: str) -> None:
    """In words, so that who is sent the link knows that it is not everything; wrong ones are refused."""
    browser, _ = client
    page = browser.get(f"/changes?after=0&upto=9999&statuses=concluded&countries=GM&lang={language}")
    tongue = words(language)
    assert f"{tongue.country('GM')}, {tongue.text('status.concluded')}" in text(page)
    assert browser.get("/changes?after=0&upto=9999&area=AFRICA").status_code == 400


def test_the_page_begins_where_the_digest_begins(client: tuple[httpx.Client, RunWorld]) -> None:
    """What came to nothing over two visits was news to who had been told of the first."""
    browser, _ = client
    page = text(browser.get(f"/changes?after={COUNT}&upto={COUNT + 1}&lang=it"))
    assert "1 progetto con novità" in page and "stato da «concluso» a" in page
