"""Feeds: what parsers that are not ours read in them, their names, pages, filters, and what costs nothing."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import feedparser
import httpx
import jsonschema
import pytest

from notifier.message import Sender
from notifier.words import LANGUAGES, words
from scraper.records import ChangeKind
from store.database import Database, open_database
from store.filters import Filters
from store.history import captures
from store.ledger import LedgerEntry, publish
from store.pages import pages
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.digest_samples import GAMBIA, MC2CM, changed, happened
from tests.watched_history import ADDRESS, SOURCE, days, watched_2018
from web.app import create_app
from web.events import Event, events
from web.feed_routes import LONGEST_CHANGE, feed_part

PUBLIC = "https://coopwatch.example.org"
SENDER = Sender("avvisi@coopwatch.example.org", "Città metropolitana", PUBLIC)
SCHEMA = json.loads((Path(__file__).parent / "json_feed_schema.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def db(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """The history of 2018."""
    place = tmp_path_factory.mktemp("watched") / "coopwatch.db"
    db = open_database(f"sqlite:///{shutil.copy(empty_sqlite, place)}")
    watched_2018(db)
    yield db
    db.close()


@pytest.fixture(scope="module")
def client(db: Database) -> Iterator[httpx.Client]:
    """A feed reader."""
    with browsing(create_app(db, FakeClock(days(162)), SENDER, [SOURCE])) as client:
        yield client


def atom(client: httpx.Client, address: str = "/feed.atom?lang=it") -> Any:
    """Return a feed as feedparser understands it, which must find nothing wrong."""
    answer = client.get(address)
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/atom+xml")
    found = feedparser.parse(answer.content, response_headers={"content-type": "application/atom+xml"})
    assert not found.bozo, found.get("bozo_exception")
    assert found.version == "atom10" and found.feed.id and found.feed.title and found.feed.updated_parsed
    assert all(one.id and one.title and one.updated_parsed and one.link for one in found.entries)
    return found


def items(client: httpx.Client, address: str = "/feed.json?lang=it") -> list[dict[str, Any]]:
    """Return the items of a JSON feed, which must follow the schema."""
    answer = client.get(address)
    assert answer.headers["content-type"].startswith("application/feed+json")
    document = answer.json()
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.FormatChecker())
    return list(document["items"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_both_feeds_say_what_digests_say(client: httpx.Client, language: str) -> None:
    """The same sentences in the reader's language, newest first, with links to the change and the page."""
    found, others = atom(client, f"/feed.atom?lang={language}"), items(client, f"/feed.json?lang={language}")
    assert [one.title for one in found.entries] == [one["title"] for one in others]
    assert [one.id for one in found.entries] == [one["id"] for one in others]
    said = {
        "it": "MC2CM: stato da «in fase",
        "en": "MC2CM: status from “starting”",
        "fr": "MC2CM\xa0: état de",
    }
    assert any(one["title"].startswith(said[language]) for one in others)
    dates = [one.updated_parsed for one in found.entries]
    assert dates == sorted(dates, reverse=True)
    newest = found.entries[0]
    assert newest.link.startswith(f"{PUBLIC}/changes/")
    assert {link.rel: link.href for link in newest.links}["related"] == ADDRESS
    assert (
        found.feed.language
        == language
        == client.get("/feed.json", params={"lang": language}).json()["language"]
    )
    content = next(one for one in found.entries if "MC2CM" in one.title).content[0]
    assert content.type == "text/html" and "PROGETTO MC2CM - seconda fase" in re.sub(
        "<[^>]+>", "", content.value
    )


def test_names_of_entries_last(client: httpx.Client, db: Database) -> None:
    """They are tag: addresses, alike in every feed of the language and after more has happened."""
    before = [one["id"] for one in items(client)]
    assert all(one.startswith("tag:coopwatch.example.org,2026:change/") for one in before)
    assert len(set(before)) == len(before)
    narrow = [one["id"] for one in items(client, "/feed.json?lang=it&areas=AREA MEDITERRANEA")]
    assert narrow and set(narrow) < set(before)
    own = [one["id"] for one in items(client, "/projects/torino/4/feed.json?lang=it")]
    assert own and set(own) <= set(before)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("sources=torino", ["S.M.A.R.T.", "RAGAZZI", "MC2CM"]),
        ("areas=area mediterranea", ["MC2CM"]),
        ("countries=GM&countries=FR", ["RAGAZZI"]),
        ("programmes=allo sviluppo", ["S.M.A.R.T."]),
        ("statuses=evaluation", ["RAGAZZI"]),
        ("roles=lead", ["RAGAZZI"]),
        ("kinds=added", ["RAGAZZI"]),
        ("words=sanitation&words=gambia", ["S.M.A.R.T.", "RAGAZZI"]),
        ("words=<script>", []),
    ],
)
def test_a_feed_takes_the_filters_of_a_subscription(
    client: httpx.Client, query: str, titles: list[str]
) -> None:
    """What comes through is what a subscriber with these filters would be told of."""
    for found in (
        [one["title"] for one in items(client, f"/feed.json?lang=it&{query}")],
        [one.title for one in atom(client, f"/feed.atom?lang=it&{query}").entries],
    ):
        assert {word for word in titles if any(one.startswith(word) for one in found)} == set(titles)
        assert all(one.startswith(tuple(titles)) for one in found)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("statuses=nix", "statuses: nix is not known. Known are: evaluation, starting"),
        ("kinds=x", "kinds: x is not known. Known are: added"),
        ("roles=y", "roles: y is not known. Known are: lead"),
        ("sources=turin", "sources: turin is not known. Known are: torino."),
        ("countries=et", "countries: et is not known. Known are: "),
        ("area=AFRICA", "area is no filter. There are: sources, areas"),
        ("areas=AFRICA&status=ongoing&kinds=x", "kinds: x is not known"),
        ("words=" + "x" * 201, "words: a value is too long"),
        ("&".join(["words=x"] * 51), "words: too many values"),
    ],
)
def test_a_wrong_filter_is_said_to_be_wrong(client: httpx.Client, query: str, said: str) -> None:
    """Nothing is guessed: the answer is a refusal that says what is known."""
    for form in ("atom", "json"):
        answer = client.get(f"/feed.{form}?lang=en&{query}")
        assert answer.status_code == 400 and said in unescape(answer.text)


def test_no_feed_is_where_there_is_nothing_to_follow(client: httpx.Client) -> None:
    """An unknown form, an unknown project or an impossible place in the ledger is not found."""
    for address in ("/feed.rss", "/feed.atom?before=-1", "/projects/torino/999/feed.atom"):
        assert client.get(address).status_code == 404


def test_who_has_it_already_gets_nothing(client: httpx.Client) -> None:
    """304 for the entity tag and for the date, the whole feed for any other."""
    answer = client.get("/feed.atom?lang=it")
    tag, date = answer.headers["etag"], answer.headers["last-modified"]
    assert [
        client.get("/feed.atom?lang=it", headers=headers).status_code
        for headers in (
            {"If-None-Match": tag},
            {"If-None-Match": f'"x", W/{tag}'},
            {"If-Modified-Since": date},
            {"If-None-Match": '"x"', "If-Modified-Since": date},
            {"If-Modified-Since": "Mon, 01 Jan 2001 00:00:00 GMT"},
            {"If-Modified-Since": "nonsense"},
        )
    ] == [304, 304, 304, 200, 200, 200]
    assert client.get("/feed.atom?lang=it", headers={"If-None-Match": tag}).content == b""


def test_pages_name_their_feeds(client: httpx.Client) -> None:
    """A reader that is given a page's address finds the feeds in its head, a project's own among them."""
    for page, feed in (
        ("/?lang=fr", "/feed.atom?lang=fr"),
        ("/projects/torino/4?lang=it", "/projects/torino/4/feed.json?lang=it"),
    ):
        html = client.get(page).text
        assert 'rel="alternate" type="application/' in html and f'href="{feed}"' in html
        assert client.get(feed).status_code == 200


def test_an_empty_feed_is_a_feed(client: httpx.Client) -> None:
    """A filter in the pages' own words that nothing has met yet is no error: they may say it one day."""
    for query in ("areas=OCEANIA", "countries=FJ", "programmes=nix"):
        assert atom(client, f"/feed.atom?{query}").entries == [] == items(client, f"/feed.json?{query}")


def _world(empty_sqlite: Path, folder: Path) -> Database:
    db = open_database(f"sqlite:///{shutil.copy(empty_sqlite, folder / 'coopwatch.db')}")
    watched_2018(db)
    return db


def test_pages_of_a_feed_hold_all_and_nothing_twice(empty_sqlite: Path, tmp_path: Path) -> None:
    """Following `next` from the first page leads through every entry once, whatever the filter."""
    db = _world(empty_sqlite, tmp_path)
    for step in range(120):
        with db.writing() as session:
            first = captures(session, pages(session)[0].id)[step % 15]
            track = 1 + step % 4
            values = [
                ("status", "starting", "ongoing"),
                ("end", None, "2021"),
                ("note", "a", f"b {step}"),
            ] * 9
            told = [
                changed(field, before, after, project=MC2CM, track=track)
                for field, before, after in values[: 1 + step % 20]
            ]
            publish(session, "torino", first.id, told, days(200 + step))
    with browsing(create_app(db, FakeClock(days(300)), SENDER, [SOURCE])) as client:
        whole = _followed(client, "/feed.json?lang=it")
        assert len(whole) == len(set(whole)) == 123
        seen = [one.id for one in atom(client).entries] + [
            one.id
            for one in atom(
                client, _local(client.get("/feed.json?lang=it").json()["next_url"]).replace(".json", ".atom")
            ).entries
        ]
        assert seen == whole[: len(seen)]
        narrow = _followed(client, "/feed.json?lang=it&words=cooperazione")
        assert [one for one in whole if one in narrow] == narrow
    db.close()


@pytest.mark.parametrize("looked_at", [21, 30, 47, 200])
def test_wherever_a_page_ends_no_event_is_cut(looked_at: int) -> None:
    """Events of one to twenty entries, looked at through windows of any size: each comes once and whole."""
    fields = ("end", "start", "cup", "area", "link", "acronym", "section", "note", "title")
    written = [
        LedgerEntry(0, days(step), "torino", 1, step, changed(field, "a", f"b {step}", track=step % 4))
        for step in range(60)
        for field in fields[: 1 + step % len(fields)]
    ]
    ledger = [replace(one, pub_seq=number) for number, one in enumerate(written, 1)]
    whole = events(ledger, words("it"), filters=Filters())
    found: list[Event] = []
    before: int | None = len(ledger) + 1
    while before:
        last = before - 1
        first = max(0, last - looked_at)
        seen = [one for one in ledger if first < one.pub_seq <= last + LONGEST_CHANGE]
        part, before = feed_part(seen, first, last, Filters(), words("it"))
        found += part
    assert found == list(whole)


def _followed(client: httpx.Client, address: str) -> list[str]:
    found, todo = [], address
    while todo:
        document = client.get(todo).json()
        assert len(document["items"]) <= 50
        found += [one["id"] for one in document["items"]]
        todo = _local(document.get("next_url", ""))
    return found


def _local(address: str) -> str:
    return address.removeprefix(PUBLIC)


def test_hostile_words_break_no_feed(empty_sqlite: Path, tmp_path: Path) -> None:
    """Markup, ends of sections and characters that XML cannot hold: parsers read on and nothing is live."""
    db = _world(empty_sqlite, tmp_path)
    texts = [
        "<script>alert(1)</script>",
        "]]>",
        "a\x0bb\x1f",
        "\ufffe",
        '"><img src=x>',
        "&amp;lt;",
        "{{ 7*7 }}",
    ]
    with db.writing() as session:
        first = captures(session, pages(session)[0].id)[0]
        for number, text in enumerate(texts):
            project = replace(GAMBIA, title=text, note=text, area=text)
            publish(session, "torino", first.id, [happened(ChangeKind.ADDED, project, 1)], days(300 + number))
    with browsing(create_app(db, FakeClock(days(301)), SENDER, [SOURCE])) as client:
        found = atom(client)
        assert len(items(client)) == len(found.entries)
        assert all(one.title_detail.type == "text/plain" for one in found.entries)
        raw = client.get("/feed.atom?lang=it").text
        assert "<script" not in raw and "<img" not in raw
        html = " ".join(one["content_html"] for one in items(client))
        assert "<script" not in html and "<img" not in html and "&lt;script&gt;" in html
    db.close()
