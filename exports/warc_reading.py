"""Captures out of a WARC file (ISO 28500, WARC 1.0 and 1.1), whoever wrote it; what is damaged is named.

Bodies are read with their transfer and content coding undone, as on a visit. What `exports.warc` writes
comes back as it was: renamed headers, the way through redirects, failures, answers 304.
"""

import re
from base64 import b32decode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from io import BytesIO
from pathlib import Path

from warcio.bufferedreaders import ChunkedDataReader  # type: ignore[import-untyped]

from exports.warc import ORIGINAL
from exports.warc_records import UNREADABLE, RawRecord, raw_records, record_at
from scraper.fetch.coding import inflate
from scraper.records import Capture, Failure, FailureKind, Redirect

RENAMED = re.compile(f"^{ORIGINAL}(content-encoding|transfer-encoding|content-length)$", re.I)


@dataclass(frozen=True, slots=True)
class Record:
    """One record: the capture that it stands for, or None and the `problem` with it.

    `read` is the byte up to which the file is read with it. `repeats` is the instant of the capture whose
    body this one repeats, where that is not in the file.
    """

    name: str
    read: int
    capture: Capture | None = None
    problem: str = ""
    repeats: datetime | None = None


def read_warc(path: Path, largest: int) -> Iterator[Record]:
    """Yield the captures of a WARC file, bodies up to `largest` bytes, and every record that is damaged."""
    waiting: Record | None = None
    originals = _Originals(path, largest)
    for name, offset, end, found in raw_records(path, largest):
        if isinstance(found, str):
            yield Record(name, end, problem=found)
            continue
        told = _told(found)
        if waiting is not None and told.get("beside") == waiting.name:
            assert waiting.capture is not None
            waiting = replace(waiting, capture=_travelled(waiting.capture, found, told))
            continue
        if waiting is not None:
            yield waiting
        waiting = _record(found, name, offset, end, originals, told)
        if waiting is not None and waiting.capture is None:
            yield waiting
            waiting = None
    if waiting is not None:
        yield waiting


class _Originals:
    """Where in a file the bodies stand that later records repeat; they are read again when asked for."""

    def __init__(self, path: Path, largest: int) -> None:
        self._path = path
        self.largest = largest
        self._places: dict[object, int] = {}

    def remember(self, raw: RawRecord, offset: int) -> None:
        digest = raw.field("WARC-Payload-Digest")
        for key in (digest, (raw.field("WARC-Target-URI"), raw.field("WARC-Date"))):
            if key is not None:
                self._places.setdefault(key, offset)

    def body_of(self, revisit: RawRecord) -> Capture | None:
        """Return the capture whose body a revisit record repeats."""
        referred = (revisit.field("WARC-Refers-To-Target-URI"), revisit.field("WARC-Refers-To-Date"))
        offset = self._places.get(referred, self._places.get(revisit.field("WARC-Payload-Digest")))
        if offset is None:
            return None
        return _answer(record_at(self._path, offset, self.largest), self.largest)


def _record(
    raw: RawRecord, name: str, offset: int, end: int, originals: _Originals, told: dict[str, str]
) -> Record | None:
    """Return what a record stands for, or None where it is no capture."""
    try:
        if raw.kind == "response" and raw.http is not None:
            originals.remember(raw, offset)
            return Record(name, end, _answer(raw, originals.largest))
        if raw.kind == "revisit":
            return _revisit(raw, name, end, originals)
        if raw.kind == "metadata" and "failure" in told:
            failure = Failure(FailureKind(told["failure"]), told.get("message", ""))
            capture = Capture(_address(raw), _date(raw.field("WARC-Date")), failure=failure)
            return Record(name, end, replace(capture, redirects=_hops(raw)))
    except (*UNREADABLE, ValueError) as error:
        return Record(name, end, problem=str(error) or type(error).__name__)
    return None


def _revisit(raw: RawRecord, name: str, end: int, originals: _Originals) -> Record:
    capture = _answer(raw, originals.largest)
    if (raw.field("WARC-Profile") or "").endswith("server-not-modified") and capture.status in {
        None,
        HTTPStatus.NOT_MODIFIED,
    }:
        return Record(name, end, replace(_bodiless(capture), status=HTTPStatus.NOT_MODIFIED.value))
    original = originals.body_of(raw)
    if original is not None:
        capture = replace(
            capture,
            body=original.body,
            cut=original.cut,
            coded_sha256=original.coded_sha256,
            coded_length=original.coded_length,
        )
        if raw.http is None:
            capture = replace(capture, status=original.status, headers=original.headers)
        return Record(name, end, capture)
    refers = raw.field("WARC-Refers-To-Date")
    if refers is None:
        return Record(name, end, problem="it repeats a record that is not in this file")
    return Record(name, end, _bodiless(capture), repeats=_date(refers))


def _bodiless(capture: Capture) -> Capture:
    return replace(capture, body=None, cut=False, coded_sha256=None, coded_length=None)


def _answer(raw: RawRecord, largest: int) -> Capture:
    """Return the capture that a response stands for; raises UnreadableError, ValueError."""
    found = tuple((key, str(value)) for key, value in (raw.http.headers if raw.http is not None else ()))
    headers = tuple((RENAMED.sub(r"\1", key), value) for key, value in found)
    status = int(raw.http.get_statuscode()) if raw.http is not None else None
    answer = Capture(_address(raw), _date(raw.field("WARC-Date")), status, headers)
    if status is None or (status == HTTPStatus.NOT_MODIFIED and not raw.payload):
        return answer
    coded = raw.payload
    if found != headers:  # our own archives: the coding was undone before they were written
        coding, digest, length = (
            None,
            raw.field("Coopwatch-Coded-Digest"),
            raw.field("Coopwatch-Coded-Length"),
        )
    else:
        coding, digest, length = answer.header("content-encoding"), None, None
        if (answer.header("transfer-encoding") or "").lower() == "chunked":
            coded = bytes(ChunkedDataReader(BytesIO(coded)).read())
    inflated = inflate(coded, coding, largest)
    whole = len(raw.payload) == raw.length
    return replace(
        answer,
        body=inflated.body,
        cut=inflated.cut or not whole or raw.field("WARC-Truncated") is not None,
        coded_sha256=_hex(digest) if digest else sha256(coded).hexdigest() if whole else None,
        coded_length=int(length) if length else len(coded) if whole else None,
    )


def _travelled(answer: Capture, way: RawRecord, told: dict[str, str]) -> Capture:
    """Return an answer as that of the address that was asked, after the redirects that a record tells of."""
    if told.get("beside") is None:
        return answer
    return replace(answer, url=_address(way), redirects=_hops(way))


def _told(raw: RawRecord) -> dict[str, str]:
    """Return the fields of a metadata record of ours; `beside` names the record that it belongs to."""
    if raw.kind != "metadata":
        return {}
    lines = raw.payload.decode("utf-8", "replace").splitlines()
    fields = dict(line.split(": ", 1) for line in lines if ": " in line)
    beside = raw.field("WARC-Concurrent-To")
    return {**fields, **({"beside": beside} if beside and "redirect" in fields else {})}


def _hops(raw: RawRecord) -> tuple[Redirect, ...]:
    lines = raw.payload.decode("utf-8", "replace").splitlines()
    hops = (line.removeprefix("redirect: ").split(" ", 1) for line in lines if line.startswith("redirect: "))
    return tuple(Redirect(int(status), location) for status, location in hops)


def _address(raw: RawRecord) -> str:
    # WARC 1.0 writers put the address between angle brackets, as its grammar then had it.
    return (raw.field("WARC-Target-URI") or "").strip("<> ")


def _date(text: str | None) -> datetime:
    """Return a WARC-Date (W3CDTF in UTC, with up to nine digits of the second); raises ValueError."""
    if text is None:
        raise ValueError("it has no date")
    return datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", text)).astimezone(UTC)


def _hex(digest: str) -> str:
    return b32decode(digest.removeprefix("sha256:")).hex()
