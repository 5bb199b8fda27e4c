"""Captures as a WARC 1.1 file: bodies as they were kept, headers as they came, every visit a record.

Content-Encoding was undone when a page was fetched, so the header that names it, and those about the length
and transfer of the coded body, are renamed to X-Archive-Orig-…; the digest and length of the coded
body stand in Coopwatch-Coded-Digest and Coopwatch-Coded-Length. There are no request records:
requests are not kept. A body that retention has dropped is a response without one, marked as truncated, whose
digest and length stand in Coopwatch-Dropped-Digest and Coopwatch-Dropped-Length.
"""

from base64 import b32encode
from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus
from io import BytesIO
from typing import BinaryIO
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeaders  # type: ignore[import-untyped]
from warcio.utils import Digester  # type: ignore[import-untyped]
from warcio.warcwriter import WARCWriter  # type: ignore[import-untyped]

from store.database import Session
from store.evidence.canonical import instant
from store.evidence.extracts import journey
from store.history import CaptureEntry, body

CODING = ("content-encoding", "transfer-encoding")
ORIGINAL = "X-Archive-Orig-"
REVISIT = "http://netpreserve.org/warc/1.1/revisit/"
FIELDS = "application/warc-fields"


def record_id(origin: str, capture_id: int) -> str:
    """Return the record's name: the same capture of the same log has the same in every export."""
    return f"<urn:uuid:{uuid5(NAMESPACE_URL, f'https://{origin}/capture/{capture_id}')}>"


def write_warc(
    session: Session,
    out: BinaryIO,
    captures: Iterable[CaptureEntry],
    *,
    origin: str,
    software: str,
    title: str,
    at: datetime,
) -> int:
    """Write captures, those of an address oldest first, and return the number of records.

    `origin` is the log's name, `software` what wrote this and its version, `at` when. A body that its
    address had brought before, and an answer 304, become revisit records that point there.
    """
    writer = _Sha256Writer(out, gzip=True, warc_version="1.1")
    writer.write_record(_warcinfo(writer, origin, software, title, at))
    written = 1
    bodies: dict[tuple[str, str], CaptureEntry] = {}
    last: dict[str, CaptureEntry] = {}
    for entry in captures:
        for record in _records(writer, session, entry, origin, bodies, last):
            writer.write_record(record)
            written += 1
    return written


def archived_headers(headers: Iterable[tuple[str, str]], length: int | None) -> list[tuple[str, str]]:
    """Return an answer's headers as its record has them; `length` is that of the body, None without one."""
    return [
        (_ascii(f"{ORIGINAL}{name}" if _is_about_coding(name, value, length) else name), _ascii(value))
        for name, value in headers
    ]


class _Sha256Writer(WARCWriter):  # type: ignore[misc]  # warcio has no types
    """Writes SHA-256 digests where warcio would write SHA-1."""

    @staticmethod
    def _create_digester() -> Digester:
        return Digester("sha256")


def _records(
    writer: WARCWriter,
    session: Session,
    entry: CaptureEntry,
    origin: str,
    bodies: dict[tuple[str, str], CaptureEntry],
    last: dict[str, CaptureEntry],
) -> Iterator[ArcWarcRecord]:
    """Yield the records of one capture, and remember it for those that come after."""
    if entry.failure is not None or entry.status is None:
        yield _told(writer, entry, origin)
        return
    address = _address(entry)
    if entry.sha256 is None:
        known = last.get(address) if entry.status == HTTPStatus.NOT_MODIFIED else None
        yield _revisit(writer, entry, origin, known, "server-not-modified")
    elif (known := bodies.get((address, entry.sha256))) and entry.kept:
        yield _revisit(writer, entry, origin, known, "identical-payload-digest")
    else:
        yield _response(writer, session, entry, origin)
        if entry.kept:
            bodies[address, entry.sha256] = last[address] = entry
    if entry.redirects:
        yield _told(writer, entry, origin, beside=record_id(origin, entry.id))


def _response(writer: WARCWriter, session: Session, entry: CaptureEntry, origin: str) -> ArcWarcRecord:
    travelled = journey(session, entry.id)
    headers = _record_headers(entry, origin, _address(entry))
    headers["WARC-Payload-Digest"] = _payload_digest(entry)
    if travelled.cut:
        headers["WARC-Truncated"] = "length"
    if travelled.coded_sha256 is not None and travelled.coded_sha256 != entry.sha256:
        headers["Coopwatch-Coded-Digest"] = _digest(travelled.coded_sha256)
        headers["Coopwatch-Coded-Length"] = str(travelled.coded_length)
    if not entry.kept:
        headers["WARC-Truncated"] = "unspecified"
        headers["Coopwatch-Dropped-Digest"] = headers.pop("WARC-Payload-Digest")
        headers["Coopwatch-Dropped-Length"] = str(entry.length)
    content = body(session, entry.id) if entry.kept else b""
    return writer.create_warc_record(
        _address(entry),
        "response",
        payload=BytesIO(content),
        length=len(content),
        http_headers=_http_headers(entry, len(content)),
        warc_headers_dict=headers,
    )


def _revisit(
    writer: WARCWriter, entry: CaptureEntry, origin: str, known: CaptureEntry | None, profile: str
) -> ArcWarcRecord:
    """Return a record without a body; where nothing is known that it repeats, it is a plain response."""
    headers = _record_headers(entry, origin, _address(entry))
    if known is not None:
        headers |= {
            "WARC-Profile": f"{REVISIT}{profile}",
            "WARC-Refers-To": record_id(origin, known.id),
            "WARC-Refers-To-Target-URI": _address(known),
            "WARC-Refers-To-Date": instant(known.at),
            "WARC-Payload-Digest": _payload_digest(known),
        }
    return writer.create_warc_record(
        _address(entry),
        "revisit" if known is not None else "response",
        payload=BytesIO(),
        length=0,
        http_headers=_http_headers(entry, entry.length),
        warc_headers_dict=headers,
    )


def _told(writer: WARCWriter, entry: CaptureEntry, origin: str, beside: str | None = None) -> ArcWarcRecord:
    """Return a record that says in words what there are no bytes of: a failure, the way to the answer."""
    headers = _record_headers(entry, origin, entry.url)
    if beside is not None:
        name = f"https://{origin}/capture/{entry.id}/way"
        headers |= {
            "WARC-Concurrent-To": beside,
            "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, name)}>",
        }
    lines = [f"redirect: {hop.status} {hop.location}" for hop in entry.redirects]
    if entry.failure is not None:
        lines += [f"failure: {entry.failure.kind}", f"message: {' '.join(entry.failure.message.split())}"]
    return _fields(writer, "metadata", entry.url, headers, lines)


def _warcinfo(writer: WARCWriter, origin: str, software: str, title: str, at: datetime) -> ArcWarcRecord:
    name = uuid5(NAMESPACE_URL, f"https://{origin}/warcinfo/{instant(at)}")
    headers = {"WARC-Record-ID": f"<urn:uuid:{name}>", "WARC-Date": instant(at)}
    lines = [
        f"software: {software}",
        "format: WARC File Format 1.1",
        "conformsTo: https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        f"isPartOf: {' '.join(title.split())}",
        f"description: Content-Encoding was undone on receipt; what named it is renamed to {ORIGINAL}*. "
        f"Requests are not kept. Evidence log: {origin}",
    ]
    return _fields(writer, "warcinfo", "", headers, lines)


def _fields(
    writer: WARCWriter, kind: str, address: str, headers: dict[str, str], lines: list[str]
) -> ArcWarcRecord:
    content = "".join(f"{line}\r\n" for line in lines).encode()
    return writer.create_warc_record(
        address,
        kind,
        payload=BytesIO(content),
        length=len(content),
        warc_content_type=FIELDS,
        warc_headers_dict=headers,
    )


def _record_headers(entry: CaptureEntry, origin: str, address: str) -> dict[str, str]:
    return {
        "WARC-Record-ID": record_id(origin, entry.id),
        "WARC-Date": instant(entry.at),
        "WARC-Target-URI": address,
        **({"Coopwatch-Imported-From": _ascii(entry.archive)} if entry.archive else {}),
    }


def _http_headers(entry: CaptureEntry, length: int | None) -> StatusAndHeaders:
    assert entry.status is not None
    try:
        phrase = HTTPStatus(entry.status).phrase
    except ValueError:
        phrase = "Unknown"
    headers = archived_headers(entry.headers, length)
    return StatusAndHeaders(f"{entry.status} {phrase}", headers, protocol="HTTP/1.1")


def _address(entry: CaptureEntry) -> str:
    """Return where the answer came from in the end."""
    return entry.redirects[-1].location if entry.redirects else entry.url


def _is_about_coding(name: str, value: str, length: int | None) -> bool:
    if length is None:
        return False
    return name.lower() in CODING or (name.lower() == "content-length" and value.strip() != str(length))


def _ascii(value: str) -> str:
    # A WARC's HTTP headers are ASCII by common consent; everything else is percent-encoded, as warcio does.
    return "".join(letter if " " <= letter <= "~" else quote(letter) for letter in value)


def _payload_digest(entry: CaptureEntry) -> str:
    assert entry.sha256 is not None
    return _digest(entry.sha256)


def _digest(hexadecimal: str) -> str:
    return f"sha256:{b32encode(bytes.fromhex(hexadecimal)).decode()}"
