"""WARC files: what was kept comes out bit for bit, in a form that other programs accept."""

import base64
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from exports.warc import archived_headers, record_id, write_warc
from store import history
from store.database import Database
from store.pages import pages
from tests.export_world import FIRST, MOVED, SECOND, archive_history, captures
from tests.store_visits import ADDRESS, day

ORIGIN = "coopwatch.example/log"


def archive(db: Database) -> bytes:
    """Write the whole history of the first page."""
    out = BytesIO()
    with db.reading() as session:
        visits = history.captures(session, pages(session)[0].id)[::-1]
        about = {"origin": ORIGIN, "software": "coopwatch 0", "title": "Torino"}
        written = write_warc(session, out, visits, **about, at=day(20))
    assert written == len(list(ArchiveIterator(BytesIO(out.getvalue()))))
    return out.getvalue()


@pytest.fixture
def records(sqlite_db: Database) -> list[tuple[Any, bytes]]:
    """The records of that archive as warcio reads them, with their payloads."""
    archive_history(sqlite_db)
    found = ArchiveIterator(BytesIO(archive(sqlite_db)), check_digests="raise")
    return [(record, record.content_stream().read()) for record in found]


def of_day(records: list[tuple[Any, bytes]], number: int) -> list[tuple[Any, bytes]]:
    """Return the records of one capture, oldest is 1."""
    at = captures()[number - 1].at
    date = at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return [(r, payload) for r, payload in records if r.rec_headers.get_header("WARC-Date") == date]


def test_warcio_finds_no_fault(sqlite_db: Database, tmp_path: Path) -> None:
    """`warcio check` passes, with a digest checked in every record that has one."""
    archive_history(sqlite_db)
    path = tmp_path / "archive.warc.gz"
    path.write_bytes(archive(sqlite_db))

    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", "-v", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "fail" not in run.stdout
    assert run.stdout.count("digest pass") >= 9


def test_every_body_comes_out_bit_for_bit(records: list[tuple[Any, bytes]]) -> None:
    """The payload of each body's first record is the body as it was kept, NULs and line ends included."""
    wanted = {capture.body for capture in captures() if capture.body is not None}

    assert {payload for record, payload in records if record.rec_type == "response"} == {*wanted, b""}
    assert of_day(records, 1)[0][1] == FIRST
    assert of_day(records, 5)[0][1] == SECOND


def test_headers_come_out_as_they_came(records: list[tuple[Any, bytes]]) -> None:
    """Headers keep their order and values; those about the undone coding are renamed, with what it was."""
    (record, _), (plain, _) = of_day(records, 1)[0], of_day(records, 2)[0]

    assert record.http_headers.headers == [
        ("Content-Type", "text/html; charset=utf-8"),
        ("ETag", '"1"'),
        ("X-Archive-Orig-Content-Encoding", "gzip"),
        ("X-Archive-Orig-Content-Length", "17"),
        ("X-Citt%C3%A0", "Torino %C3%A8 gi%C3%A0"),
    ]
    coded = base64.b32encode(bytes.fromhex("ab" * 32)).decode()
    assert record.rec_headers.get_header("Coopwatch-Coded-Digest") == f"sha256:{coded}"
    assert record.rec_headers.get_header("Coopwatch-Coded-Length") == "17"
    assert plain.http_headers.get_header("Content-Length") == str(len(FIRST))
    assert record.http_headers.get_statuscode() == "200"


def test_an_unchanged_body_is_a_revisit(records: list[tuple[Any, bytes]]) -> None:
    """A body that came before, and an answer 304, point to the record that has it, with their own headers."""
    first = of_day(records, 1)[0][0].rec_headers
    for number, profile in ((2, "identical-payload-digest"), (3, "server-not-modified"), (8, "identical")):
        record, payload = of_day(records, number)[0]
        told = record.rec_headers
        assert (record.rec_type, payload) == ("revisit", b"")
        assert profile in told.get_header("WARC-Profile")
        if number in {2, 3}:
            assert told.get_header("WARC-Refers-To") == first.get_header("WARC-Record-ID")
            assert told.get_header("WARC-Refers-To-Target-URI") == ADDRESS
            assert told.get_header("WARC-Refers-To-Date") == first.get_header("WARC-Date")
            assert told.get_header("WARC-Payload-Digest") == first.get_header("WARC-Payload-Digest")


def test_what_has_no_bytes_is_told_in_words(records: list[tuple[Any, bytes]]) -> None:
    """A failed visit is a record that says why; redirects stand beside the answer that they led to."""
    ((failed, words),) = of_day(records, 4)
    (answer, _), (way, hops) = of_day(records, 5)

    assert failed.rec_type == "metadata"
    assert words == b"failure: network\r\nmessage: the connection was refused\r\n"
    assert answer.rec_headers.get_header("WARC-Target-URI") == MOVED
    assert way.rec_headers.get_header("WARC-Concurrent-To") == answer.rec_headers.get_header("WARC-Record-ID")
    assert hops == f"redirect: 301 {MOVED}\r\n".encode()


def test_a_cut_body_says_so(records: list[tuple[Any, bytes]]) -> None:
    """A body of which only the beginning was read is marked as truncated."""
    marks = [record.rec_headers.get_header("WARC-Truncated") for record, _ in records]

    assert marks.count("length") == 1
    assert of_day(records, 7)[0][0].rec_headers.get_header("WARC-Truncated") == "length"


def test_an_odd_status_is_kept(records: list[tuple[Any, bytes]]) -> None:
    """Errors and statuses that no standard names are answers like others."""
    assert of_day(records, 6)[0][0].http_headers.get_statuscode() == "503"
    assert of_day(records, 10)[0][0].http_headers.get_statuscode() == "299"


def test_the_same_history_gives_the_same_archive(sqlite_db: Database) -> None:
    """Two exports at the same time are the same bytes; a record has one name for ever."""
    archive_history(sqlite_db)

    assert archive(sqlite_db) == archive(sqlite_db)
    assert record_id(ORIGIN, 1) == record_id(ORIGIN, 1) != record_id(ORIGIN, 2)
    assert record_id(ORIGIN, 1) != record_id("other.example", 1)


def test_headers_without_a_body_stay_as_they_are() -> None:
    """An answer without a body, such as 304, has nothing that was undone."""
    headers = [("Content-Encoding", "gzip"), ("Content-Length", "9")]

    assert archived_headers(headers, None) == headers
    assert archived_headers(headers, 9) == [("X-Archive-Orig-Content-Encoding", "gzip"), headers[1]]
