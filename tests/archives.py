"""Archives as an import finds them: those of the Internet Archive, of warcio, of our own."""

import gzip
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from cli.demo.past import HISTORY
from exports.archives import read_archive
from exports.warc import write_warc
from schedules.catching_up import Compared, compare_imported
from schedules.taking_in import Imported, take_in
from scraper.compare import step
from scraper.read import read
from scraper.records import Capture, Failure, FailureKind, Redirect
from scraper.sources import Source, WatchedPage
from store.database import Database
from store.history import captures, record, state
from store.pages import enrol, pages
from tests.clocks import FakeClock

ADDRESS = "https://www.example.org/cooperazione/progetti"
MOVED = "https://www.example.org/nuovi/progetti"
SOURCE = Source(
    name="torino",
    title="Torino",
    publisher="Città metropolitana di Torino",
    pages=(WatchedPage(address=ADDRESS),),
)
HTML = ("Content-Type", "text/html; charset=utf-8")
BEGIN = HISTORY[0].at
NOW = datetime(2026, 3, 1, 6, tzinfo=UTC)


def lived_visits() -> list[Capture]:
    """The demo's history as our visits saw it, with every kind of answer in between."""
    found = []
    for version in HISTORY:
        body = version.body()
        coded = gzip.compress(body, mtime=0)
        about = (HTML, ("Content-Encoding", "gzip"), ("ETag", f'"{version.visits}"'))
        digest = sha256(coded).hexdigest()
        found.append(
            Capture(ADDRESS, version.at, 200, about, body, coded_sha256=digest, coded_length=len(coded))
        )
    first, *rest = found
    return [
        first,
        Capture(ADDRESS, BEGIN + timedelta(hours=1), 304, (("ETag", '"18437"'),)),
        Capture(ADDRESS, BEGIN + timedelta(hours=2), failure=Failure(FailureKind.NETWORK, "no answer came")),
        _plain(Capture(ADDRESS, BEGIN + timedelta(hours=3), 503, (HTML,), b"<p>manutenzione</p>")),
        _plain(Capture(ADDRESS, BEGIN + timedelta(hours=4), 404, (HTML,), b"")),
        replace(first, at=BEGIN + timedelta(hours=5), redirects=(Redirect(302, MOVED),)),
        *rest,
    ]


def _plain(answer: Capture) -> Capture:
    """Return an answer whose body travelled as it is."""
    body = answer.body or b""
    return replace(answer, coded_sha256=sha256(body).hexdigest(), coded_length=len(body))


def visit_each(db: Database, visits: Sequence[Capture]) -> None:
    """Record these as visits of our own, read and compared as a visit does it."""
    enrolled(db)
    for visit in visits:
        snapshot = None if visit.body is None else read(visit, SOURCE)
        with db.writing() as session:
            before = state(session, SOURCE.name)
            after, outcome = step(before, visit, snapshot)
            record(session, 1, visit, snapshot, before, after, outcome, visit.at)


def enrolled(db: Database) -> None:
    """Make the store know the source."""
    with db.writing() as session:
        enrol(session, SOURCE, BEGIN)


def own_archive(db: Database, path: Path) -> Path:
    """Export every visit of the page."""
    with db.reading() as session, path.open("wb") as out:
        visits = captures(session, pages(session)[0].id)[::-1]
        write_warc(session, out, visits, origin="o.example/log", software="coopwatch", title="Torino", at=NOW)
    return path


def import_file(db: Database, path: Path) -> tuple[list[Imported], Compared]:
    """Import one file whole."""
    enrolled(db)
    clock = FakeClock(NOW)
    pieces = (piece.found for piece in read_archive(path, SOURCE.largest))
    return list(take_in(db, [SOURCE], pieces, clock)), compare_imported(db, SOURCE, clock)


def crawler_archive(path: Path, addresses: Sequence[str] = (ADDRESS,), packed: bool = True) -> Path:
    """Write the demo's history as a crawler archives it: WARC 1.0, coded and chunked bodies, SHA-1."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=packed, warc_version="1.0")
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "a crawler"}))
        for number, version in enumerate(HISTORY):
            address = addresses[number % len(addresses)]
            coded = gzip.compress(version.body(), mtime=0)
            chunked = b"%x\r\n" % 100 + coded[:100] + b"\r\n%x\r\n" % len(coded[100:]) + coded[100:]
            headers = [HTML, ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]
            about = {"WARC-Date": f"{version.at:%Y-%m-%dT%H:%M:%SZ}"}
            payload = chunked + b"\r\n0\r\n\r\n"
            http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "www.example.org")], is_http_request=True)
            response = writer.create_warc_record(
                address,
                "response",
                payload=BytesIO(payload),
                length=len(payload),
                http_headers=http,
                warc_headers_dict=about,
            )
            request = writer.create_warc_record(
                address,
                "request",
                payload=BytesIO(),
                length=0,
                http_headers=asked,
                warc_headers_dict=about,
            )
            writer.write_request_response_pair(request, response)
    return path
