"""The public pages: what is watched, every visit, two versions side by side, a project's life, and why."""

import re
import shutil
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from notifier.message import Sender
from store.database import Database, open_database
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.watched_history import ADDRESS, SOURCE, days, watched_2018
from web.app import create_app

SENDER = Sender("avvisi@coopwatch.example.org", "Città metropolitana", "https://coopwatch.example.org")


@pytest.fixture(scope="module")
def client(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A visitor of the pages over the history of 2018."""
    place = tmp_path_factory.mktemp("watched") / "coopwatch.db"
    db = open_database(f"sqlite:///{shutil.copy(empty_sqlite, place)}")
    watched_2018(db)
    with browsing(create_app(db, FakeClock(days(162)), SENDER, [SOURCE])) as client:
        yield client
    db.close()


def text(answer: httpx.Response) -> str:
    """Return what a page says, without tags."""
    body = re.sub(r"<(title|style).*?</\1>", "", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def get(client: httpx.Client, address: str, status: int = 200) -> httpx.Response:
    """Return a page and check its status."""
    answer = client.get(address)
    assert answer.status_code == status, answer.text
    return answer


def test_the_first_page_names_what_is_watched_and_what_changed_last(client: httpx.Client) -> None:
    """Source, page, visits and the latest changes, each as one sentence, newest first."""
    page = text(get(client, "/"))
    assert SOURCE.title in page and ADDRESS in page and "Visite 15" in page
    news = [
        "S.M.A.R.T.: stato da «in corso» a «concluso»",
        "RAGAZZI IN GAMBIA: nuovo progetto (in valutazione)",
        "MC2CM: stato da «in fase di avvio» a «in corso»; cambiano anche titolo, area",
    ]
    places = [page.index(one) for one in news]
    assert places == sorted(places)
    assert "data di fine" not in page  # recorded, not told


def test_a_page_s_history_lists_every_visit(client: httpx.Client) -> None:
    """Changes, quiet runs, a held and a failed visit are listed and drawn, and two versions can be chosen."""
    answer = get(client, "/pages/1")
    page = text(answer)
    for said in ("9 modifiche", "2 modifiche", "5 visite senza novità", "trattenuta: non credibile"):
        assert said in page
    assert "visita non riuscita" in page and "sorvegliata da qui" in page
    assert answer.text.count('type="radio"') == 2 * 3
    assert '<svg viewBox="0 0 760.0 104" role="img"' in answer.text
    assert (
        "15 visite dal 20 agosto 2018 al 28 gennaio 2019: 2 con modifiche, 1 trattenute, 1 non riuscite"
        in answer.text
    )


def test_two_versions_stand_side_by_side(client: httpx.Client) -> None:
    """The changed fields before and after, the words that differ, and what stayed the same; in any order."""
    answer = get(client, "/pages/1/compare?before=1&after=7")
    page = text(answer)
    assert "2 progetti differiscono" in page and "3 progetti uguali" in page
    assert "<del>in fase di avvio</del>" in answer.text and "<ins>in corso</ins>" in answer.text
    assert '<del><span class="spoken">Testo rimosso: </span>approvato e</del>' in answer.text
    assert '<ins><span class="spoken">Testo aggiunto: </span>corso</ins>' in answer.text
    assert "marzo 2021" in page and "Sezione della pagina" in page  # recorded, though never mailed
    assert text(get(client, "/pages/1/compare?before=7&after=1")) == page
    assert "0 progetti differiscono" in text(get(client, "/pages/1/compare?before=7&after=8"))


def test_what_a_version_said_is_shown_as_records(client: httpx.Client) -> None:
    """Status, digest, reader version and every project; never the page's own markup."""
    page = text(get(client, "/captures/7"))
    assert "5 progetti su questa versione" in page and "HTTP 200" in page and "reader-1" in page
    assert re.search(r"SHA-256 [0-9a-f]{64}", page)
    held, failed = text(get(client, "/captures/10")), text(get(client, "/captures/14"))
    assert "pagina in manutenzione" in held and "trattenuta" in held
    assert "the server did not answer within 60 s" in failed and "nessuna risposta" in failed


def test_a_project_s_life_is_told_from_its_first_day(client: httpx.Client) -> None:
    """What the page says now, every change with its date, and the version in which it was first seen."""
    page = text(get(client, "/projects/torino/4"))
    assert "MC2CM 2a fase - Mediterranean City to City Migration" in page
    assert "13 novembre 2018" in page and "20 agosto 2018" in page
    assert "Prima versione in cui lo vediamo" in page
    assert "concluso" in text(get(client, "/projects/torino/1"))


def test_projects_can_be_searched_and_seen_as_of_a_day(client: httpx.Client) -> None:
    """Words, area and a day in the past choose; a day that is none is said."""
    assert "5 progetti" in text(get(client, "/projects"))
    assert "4 progetti" in text(get(client, "/projects?day=2018-11-12"))
    assert "5 progetti" in text(get(client, "/projects?day=2018-11-13"))  # the change came that morning
    assert "PROGETTO MC2CM - seconda fase" in text(get(client, "/projects?day=2018-11-12"))
    assert "1 progetto" in text(get(client, "/projects?q=awassa+rifiuti"))
    assert "2 progetti" in text(get(client, "/projects?area=AREA+MEDITERRANEA"))
    assert "0 progetti" in text(get(client, "/projects?q=nessuno"))
    assert "Il giorno non è valido" in text(get(client, "/projects?day=ieri"))


def test_a_change_says_why(client: httpx.Client) -> None:
    """Before and after, the two visits with their digests, and the words of the page itself."""
    answer = get(client, "/changes/4")
    page = text(answer)
    assert "Reso pubblico il 13 novembre 2018, 05:30" in page
    assert len(re.findall(r"SHA-256 [0-9a-f]{64}", page)) == 2
    assert "<q>PROGETTI IN CORSO</q>" in answer.text
    assert "/pages/1/compare?before=1&amp;after=7" in answer.text


def test_the_list_of_changes_can_be_cut(client: httpx.Client) -> None:
    """A digest's link shows what a digest of its range tells; without one it is the latest."""
    assert "3 progetti con novità" in text(get(client, "/changes?after=0&upto=11"))
    assert "1 progetto con novità" in text(get(client, "/changes?after=9&upto=11"))
    assert "RAGAZZI IN GAMBIA" in text(get(client, "/changes"))
    assert "Nessuna modifica" in text(get(client, "/changes?after=11&upto=99"))


def test_searching_finds_who_ever_said_it(client: httpx.Client) -> None:
    """Each text with its words marked, first and last seen, what is gone included."""
    answer = get(client, "/search?q=cartagine+avvio")
    page = text(answer)
    assert "1 progetto o pagina lo ha detto." in page and "MC2CM 2a fase" in page
    assert "<mark>avvio</mark>" in answer.text and "<mark>Cartagine</mark>" in answer.text
    assert "comparso per la prima volta il 20 agosto 2018 , visto l’ultima volta il 19 settembre 2018" in page
    assert "c’è ancora" not in page
    assert "c’è ancora" in text(get(client, "/search?q=gambia"))
    assert "Nessuno lo ha mai detto." in text(get(client, "/search?q=nessuno"))
    assert "detto." not in text(get(client, "/search"))
    assert "&lt;script" in get(client, "/search?q=%22%3Cscript%3E").text


def test_a_life_holds_every_value_with_its_visits(client: httpx.Client) -> None:
    """From when to when each value stood, and the visits that show it."""
    page = text(get(client, "/projects/torino/4"))
    assert "Stato in fase di avvio 20 agosto 2018 19 settembre 2018 non più dal 13 novembre 2018" in page
    assert "Stato in corso 13 novembre 2018 28 gennaio 2019 c’è ancora" in page


def test_two_versions_of_a_project_are_compared(client: httpx.Client) -> None:
    """The form on its life leads to what differs between two visits."""
    assert 'action="/projects/torino/4/compare"' in get(client, "/projects/torino/4").text
    page = text(get(client, "/projects/torino/4/compare?before=7&after=1"))
    assert "MC2CM: stato da «in fase di avvio» a «in corso»" in page
    assert "Il progetto è lo stesso" in text(get(client, "/projects/torino/4/compare?before=7&after=12"))


@pytest.mark.parametrize(
    ("address", "header", "language"),
    [
        ("/", "", "it"),
        ("/", "de, fr;q=0.5, en;q=0.8", "en"),
        ("/", "fr-CH", "fr"),
        ("/", "fr;q=x, en;q=0", "it"),
        ("/?lang=fr", "en", "fr"),
        ("/?lang=xx", "en", "en"),
    ],
)
def test_the_language_is_the_reader_s(client: httpx.Client, address: str, header: str, language: str) -> None:
    """?lang counts, then the browser's wish, then Italian; no cookie remembers it."""
    answer = client.get(address, headers={"accept-language": header})
    assert f'<html lang="{language}">' in answer.text
    assert answer.headers["content-language"] == language and "set-cookie" not in answer.headers


def test_a_chosen_language_stays(client: httpx.Client) -> None:
    """Where the address names the language, links go on with it, and the page's own words are marked."""
    page = get(client, "/?lang=en").text
    inner = [link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/static")]
    assert inner and all("lang=" in link for link in inner)
    assert 'href="/projects/torino/1?lang=en" lang="it"' in page
    assert all("lang=" not in link for link in re.findall(r'href="(/projects[^"]*)"', get(client, "/").text))


@pytest.mark.parametrize(
    "address",
    [
        "/nix",
        "/pages/99",
        "/captures/99",
        "/projects/torino/99",
        "/projects/x/1",
        "/changes/99",
        "/pages/abc",
        "/pages/99999999999999999999",
        "/pages/1/compare?before=1",
        "/pages/1/compare?before=1&after=99",
        "/projects/torino/4/compare?before=1&after=99",
        "/projects/torino/99/compare?before=1&after=2",
        "/captures/-1",
        "/unsubscribe/unknown",
        "/confirm/unknown",
        "/pages/1?before=-3",
    ],
)
def test_what_is_not_there_is_said_and_helps_on(client: httpx.Client, address: str) -> None:
    """A wrong address gets a page in the reader's language with a way on, never a trace of the inside."""
    page = get(client, address, 404).text
    assert "<h1>" in page and 'href="/' in page and "Traceback" not in page and "detail" not in page


def test_a_wrong_method_gets_a_page_too(client: httpx.Client) -> None:
    """Asking in a way that a page does not serve is refused in words, with what it does serve."""
    answer = client.post("/projects")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET"
    assert "Richiesta non accettata" in answer.text


PAGES = [
    "/",
    "/pages/1",
    "/pages/1/compare?before=1&after=7",
    "/captures/7",
    "/projects",
    "/changes",
    "/changes/4",
    "/search?q=progetto",
    "/projects/torino/4/compare?before=1&after=7",
]
PAGES += ["/projects/torino/4", "/subscribe", "/nix", "/unsubscribe/x", "/confirm/x", "/static/coopwatch.css"]


@pytest.mark.parametrize("address", PAGES)
def test_every_answer_is_safe(client: httpx.Client, address: str) -> None:
    """No script, no style from elsewhere, no frame, no referrer; nothing inline that needs an exception."""
    answer = client.get(address)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    if address != "/static/coopwatch.css":
        assert not re.search(r"<script|style=|\son\w+=|javascript:", answer.text)


@pytest.mark.parametrize("address", PAGES[:-1])
def test_every_page_is_well_built(client: httpx.Client, address: str) -> None:
    """One h1, no level skipped, labels for fields, captions and scopes for tables, ids that are unique."""
    page = client.get(address).text
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    assert page.count("<table") == page.count("<caption")
    assert all("scope=" in cell for cell in re.findall(r"<th\b[^>]*>", page))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    fields = re.findall(r'<(?:input|select)(?![^>]*type="(?:hidden|radio|checkbox)")[^>]*id="([^"]+)"', page)
    assert all(f'<label for="{field}"' in page for field in fields)


def test_health_answers_monitors(client: httpx.Client) -> None:
    """Machines learn that it works, and of when the last visit was."""
    assert get(client, "/health").json() == {
        "status": "ok",
        "changes": 11,
        "last_visit": days(161).isoformat(),
    }


def test_pages_of_an_empty_house_say_so(sqlite_db: Database) -> None:
    """Before the first visit every page works."""
    with browsing(create_app(sqlite_db, FakeClock(), SENDER, [SOURCE])) as client:
        assert "Nessuna pagina è ancora sorvegliata" in text(get(client, "/"))
        assert "0 progetti" in text(get(client, "/projects"))
        assert "Nessuna modifica" in text(get(client, "/changes"))
        assert get(client, "/health").json()["last_visit"] is None


def boom() -> None:
    """Fail in a way that nobody foresaw."""
    raise RuntimeError("secret inside")


def test_faults_of_ours_are_pages_too(sqlite_db: Database, sqlite_url: str) -> None:
    """A fault and a database that is gone are answered with pages and safe headers, telling no inside."""
    app = create_app(sqlite_db, FakeClock(), SENDER, [SOURCE])
    app.add_api_route("/boom", boom)
    with browsing(app) as client:
        broken = get(client, "/boom", 500)
        Path(sqlite_url.removeprefix("sqlite:///")).write_bytes(b"no database" * 1000)
        gone = get(client, "/projects", 503)
    for answer, said in ((broken, "Si è verificato un errore"), (gone, "momentaneamente non disponibile")):
        assert said in answer.text and "secret inside" not in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_links_follow_the_public_path(sqlite_db: Database) -> None:
    """Behind a public address with a path, links and styles start with it."""
    sender = Sender("a@example.org", "x", "https://example.org/watch")
    with browsing(create_app(sqlite_db, FakeClock(), sender, [])) as client:
        page = get(client, "/").text
        assert 'href="/watch/projects"' in page and 'href="/watch/static/coopwatch.css' in page
