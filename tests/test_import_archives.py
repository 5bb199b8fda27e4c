"""Archives taken into history: whoever wrote them, what they hold comes in whole, and damage is named."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from cli.demo.past import HISTORY
from schedules.taking_in import LeftOut, Taken
from scraper.archived import Damage, watched_address, watched_pages
from scraper.records import Capture
from store.database import Database, open_database
from store.history import answer, captures
from store.tracks import projects
from tests.archives import (
    ADDRESS,
    HTML,
    crawler_archive,
    import_file,
    lived_visits,
    own_archive,
    visit_each,
)
from tests.commands import Run, coopwatch

SOURCE_FILE = """
name = "here"
title = "Qui"
publisher = "Città metropolitana di Torino"
default = true
[[pages]]
address = "https://www.example.org/cooperazione/progetti"
"""


@pytest.fixture
def other_db(db: Database, tmp_path: Path, request: pytest.FixtureRequest) -> Database:
    """A second fresh database of the same kind."""
    if db.url.get_backend_name() == "postgresql":
        make: Callable[[], str] = request.getfixturevalue("postgres_database")
        return open_database(make())
    copy = tmp_path / "other.db"
    copy.write_bytes(request.getfixturevalue("empty_sqlite").read_bytes())
    return open_database(f"sqlite:///{copy}")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder whose source watches the page."""
    folder = tmp_path / "data"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "here.toml").write_text(SOURCE_FILE, "utf-8")
    return folder


def imported(data: Path, *paths: Path) -> Run:
    """Import into that folder."""
    return coopwatch("import", *paths, "--data", data, "--json")


def kept(db: Database) -> list[Capture]:
    """Every capture of the page as it is kept, oldest first."""
    with db.reading() as session:
        return [answer(session, entry.id) for entry in captures(session, 1)[::-1]]


def test_our_own_archive_brings_everything_back(db: Database, other_db: Database, tmp_path: Path) -> None:
    """Bodies, headers, dates, ways, failures, verdicts and the projects of every day are the same."""
    visits = lived_visits()
    visit_each(db, visits)
    taken, _ = import_file(other_db, own_archive(db, tmp_path / "own.warc.gz"))

    assert all(isinstance(each, Taken) and each.new for each in taken)
    assert kept(other_db) == kept(db)
    with db.reading() as one, other_db.reading() as other:
        told = [[(e.at, e.decision, e.reasons, e.changes) for e in captures(s, 1)] for s in (one, other)]
        assert told[0] == told[1]
        for visit in visits:
            assert projects(other, as_of=visit.at) == projects(one, as_of=visit.at)
    other_db.close()


def test_our_own_archive_adds_nothing_where_it_came_from(db: Database, tmp_path: Path) -> None:
    """What we visited is not imported beside itself."""
    visit_each(db, lived_visits())
    before = kept(db)
    taken, compared = import_file(db, own_archive(db, tmp_path / "own.warc.gz"))

    assert not any(isinstance(each, Taken) and each.new for each in taken)
    assert compared.captures == 0
    assert kept(db) == before


@pytest.mark.parametrize("packed", [True, False])
def test_a_crawlers_archive_comes_in(sqlite_db: Database, tmp_path: Path, packed: bool) -> None:
    """WARC 1.0 with requests, chunked and packed bodies: each becomes the body that the server meant."""
    addresses = ("http://example.org/cooperazione/progetti/", ADDRESS, "https://elsewhere.example/")
    found, compared = import_file(
        sqlite_db, crawler_archive(tmp_path / "crawl.warc.gz", addresses, packed=packed)
    )

    assert [type(each) for each in found if not isinstance(each, Taken)] == [LeftOut, LeftOut]
    wanted = [version for number, version in enumerate(HISTORY) if number % 3 != 2]
    assert [capture.body for capture in kept(sqlite_db)] == [version.body() for version in wanted]
    assert [capture.at for capture in kept(sqlite_db)] == [v.at.replace(microsecond=0) for v in wanted]
    assert compared.captures == len(wanted)


@pytest.mark.parametrize(
    ("archived", "same"),
    [
        ("http://www.example.org/cooperazione/progetti", True),
        ("https://example.org/cooperazione/progetti/", True),
        ("HTTP://WWW.Example.org:80/cooperazione/progetti#top", True),
        ("https://web.archive.org/web/20181112000000/http://www.example.org/cooperazione/progetti", True),
        ("https://web.archive.org/web/20181112000000id_/https://example.org/cooperazione/progetti", True),
        ("https://web.archive.org/web/2018/www.example.org/cooperazione/progetti", True),
        ("https://www.example.org/cooperazione/progetti?page=2", False),
        ("https://www.example.org/cooperazione", False),
        ("https://www.example.org:8443/cooperazione/progetti", False),
        ("https://web.archive.org/web/20181112000000/http://other.example/cooperazione/progetti", False),
        ("http://[broken", False),
    ],
)
def test_an_archived_address_is_known_as_a_watched_one(archived: str, same: bool) -> None:
    """Ways of writing one address make no difference; another path, query, port or host does."""
    assert watched_address(archived, watched_pages([ADDRESS])) == (ADDRESS if same else None)


def test_a_revisit_brings_the_body_that_it_repeats(sqlite_db: Database, tmp_path: Path) -> None:
    """From the same file, or from what was imported before; where it is nowhere, that is named."""
    first, second = tmp_path / "first.warc.gz", tmp_path / "second.warc.gz"
    body, day = HISTORY[0].body(), HISTORY[0].at.replace(microsecond=0)
    for path, days in ((first, (0, 1)), (second, (2,))):
        with path.open("wb") as out:
            writer = WARCWriter(out, gzip=True)
            http = StatusAndHeaders("200 OK", [HTML], protocol="HTTP/1.1")
            for number in days:
                at = f"{day + timedelta(days=number):%Y-%m-%dT%H:%M:%SZ}"
                about = {"WARC-Date": at}
                if number == 0:
                    record = writer.create_warc_record(
                        ADDRESS,
                        "response",
                        payload=BytesIO(body),
                        length=len(body),
                        http_headers=http,
                        warc_headers_dict=about,
                    )
                else:
                    record = writer.create_revisit_record(
                        ADDRESS,
                        "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ",
                        ADDRESS,
                        f"{day:%Y-%m-%dT%H:%M:%SZ}",
                        http_headers=http,
                        warc_headers_dict=about,
                    )
                writer.write_record(record)
    alone, _ = import_file(sqlite_db, second)
    assert [type(each) for each in alone] == [Damage]
    import_file(sqlite_db, first)
    import_file(sqlite_db, second)

    assert [(c.body, c.at - day) for c in kept(sqlite_db)] == [
        (body, timedelta(days=number)) for number in range(3)
    ]


@pytest.mark.parametrize("packed", [True, False])
def test_damage_is_named_and_the_rest_comes_in(data: Path, tmp_path: Path, packed: bool) -> None:
    """A flipped byte in one record and an end that is cut off lose these two records alone; exit 1."""
    path = crawler_archive(tmp_path / ("crawl.warc.gz" if packed else "crawl.warc"), packed=packed)
    content = bytearray(path.read_bytes())
    sign = b"\x1f\x8b\x08" if packed else b"WARC/1.0"
    begins = [place for place in range(len(content)) if content.startswith(sign, place)]
    third = begins[5]  # after warcinfo: response, request, response, request, response
    content[third + (len(content[third : begins[6]]) // 2)] ^= 0xFF
    path.write_bytes(content[: begins[-2] + 500])
    run = imported(data, path)
    report = json.loads(run.stdout)

    assert run.returncode == 1
    assert report["taken"] == len(HISTORY) - 2
    assert [each["archive"] for each in report["damaged"]] == [path.name, path.name], report["damaged"]
    assert all(each["problem"] for each in report["damaged"])


def test_saved_files_with_a_manifest_come_in(data: Path, tmp_path: Path) -> None:
    """A folder of files: each entry with its date; one without its file is named and the rest is imported."""
    folder = tmp_path / "old"
    folder.mkdir()
    entries: list[object] = [{"url": ADDRESS, "at": "2018-01-01T00:00:00Z", "error": "no answer"}, "nonsense"]
    for number, version in enumerate(HISTORY):
        (folder / f"{number}.html").write_bytes(version.body())
        entries.append({"path": f"{number}.html", "url": ADDRESS, "at": version.at.isoformat()})
    entries.append({"path": "lost.html", "url": ADDRESS, "at": "2019-01-01T00:00:00Z"})
    (folder / "SEQUENCE.json").write_text(json.dumps({"captures": entries}))
    run = imported(data, folder)
    report = json.loads(run.stdout)

    assert (run.returncode, report["taken"]) == (1, len(HISTORY) + 1)
    assert [each["record"] for each in report["damaged"]] == ["entry 2", "lost.html"]
    listed = json.loads(coopwatch("history", ADDRESS, "--data", data, "--json").stdout)
    assert {visit["imported_from"] for visit in listed} == {"SEQUENCE.json"}
    assert coopwatch("verify", "--data", data).returncode == 0


def test_wrong_input_is_one_line_with_a_hint(data: Path, tmp_path: Path) -> None:
    """A missing file, a file of another kind, an empty folder, a source that nobody knows."""
    other = tmp_path / "notes.txt"
    other.write_text("nothing")
    empty = tmp_path / "empty"
    empty.mkdir()
    for words in ((tmp_path / "none.warc",), (other,), (empty,), (other, "--source", "nowhere")):
        run = coopwatch("import", *words, "--data", data)
        assert run.returncode == 1
        assert run.stderr.startswith("error: ") and "\nhint: " in run.stderr
    assert coopwatch("import", "--data", data).returncode == 2


def test_what_is_later_than_our_last_visit_is_left_out(sqlite_db: Database, tmp_path: Path) -> None:
    """Or readers would never hear of it: our next visit is compared with our own last one."""
    visit_each(sqlite_db, lived_visits()[:1])
    found, compared = import_file(sqlite_db, crawler_archive(tmp_path / "crawl.warc.gz"))

    assert sum(isinstance(each, LeftOut) for each in found) == len(HISTORY) - 1
    assert compared.captures <= 1
