"""A WARC file as its records, packed one by one or not; what is damaged is named and skipped."""

import mmap
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from warcio.archiveiterator import WARCIterator  # type: ignore[import-untyped]
from warcio.exceptions import ArchiveLoadFailed  # type: ignore[import-untyped]
from warcio.recordloader import ArcWarcRecord  # type: ignore[import-untyped]
from warcio.statusandheaders import StatusAndHeadersParserException  # type: ignore[import-untyped]

from scraper.errors import UnreadableError

GZIP = b"\x1f\x8b\x08"
PIECE = 1 << 16
UNREADABLE = (
    ArchiveLoadFailed,
    StatusAndHeadersParserException,
    UnreadableError,
    UnicodeError,
    zlib.error,
    OSError,
    EOFError,
)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record: its own headers, the status line and headers of its answer, and its payload.

    `length` is that of the payload; what was kept of it is less where it is longer than any body is read.
    """

    kind: str
    headers: Any
    http: Any
    payload: bytes
    length: int

    def field(self, name: str) -> str | None:
        """Return a header of the record itself, or None."""
        value = self.headers.get_header(name)
        return None if value is None else str(value)


def raw_records(path: Path, largest: int) -> Iterator[tuple[str, int, int, RawRecord | str]]:
    """Yield every record with its name, its first byte and the byte after it, or what is wrong with it.

    After a damaged record reading goes on with the next place where a record begins.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        place = 0
        while place < size:
            try:
                for begin, end, raw in _run(file, place, largest):
                    yield raw.field("WARC-Record-ID") or f"at byte {begin}", begin, end, raw
                    place = end
                return
            except UNREADABLE as error:
                problem = next(iter(str(error).split("\n")), "") or type(error).__name__
            place = _past_blank_lines(file, place)
            following = _next_record(file, place + 1) or size
            yield f"at byte {place}", place, following, f"it is damaged: {problem}"
            place = following


def record_at(path: Path, place: int, largest: int) -> RawRecord:
    """Return the record that begins at a byte of a file; raises one of UNREADABLE."""
    with path.open("rb") as file:
        return next(raw for _, _, raw in _run(file, place, largest))


def _run(file: BinaryIO, place: int, largest: int) -> Iterator[tuple[int, int, RawRecord]]:
    """Yield undamaged records from a byte on; raises one of UNREADABLE at the first that is not."""
    file.seek(place)
    archive = WARCIterator(file, check_digests=True)
    for record in archive:
        raw = _whole(record, largest)
        begin = archive.get_record_offset()
        yield begin, begin + archive.get_record_length(), raw


def _whole(record: ArcWarcRecord, largest: int) -> RawRecord:
    """Return a record read to its end, of which at most the first `largest` bytes and one more are kept."""
    kept, length = bytearray(), 0
    while piece := record.raw_stream.read(PIECE):
        kept += piece[: largest + 1 - len(kept)]
        length += len(piece)
    expected = record.payload_length if record.payload_length >= 0 else record.length
    if expected is not None and length < expected:
        raise ArchiveLoadFailed(f"it breaks off after {length} of {expected} bytes")
    for problem in record.digest_checker.problems:
        if _is_mismatch(problem, record.http_headers):
            raise ArchiveLoadFailed(str(problem))
    return RawRecord(record.rec_type, record.rec_headers, record.http_headers, bytes(kept), length)


def _is_mismatch(problem: str, http: Any) -> bool:
    """Tell whether a digest shows that bytes are not those that were written.

    Writers disagree whether the digest of a payload is made before or after its chunks are joined.
    """
    chunked = http is not None and (http.get_header("transfer-encoding") or "").lower() == "chunked"
    return "block digest failed" in problem or ("payload digest failed" in problem and not chunked)


def _past_blank_lines(file: BinaryIO, place: int) -> int:
    """Return where the record after the blank lines begins that end the one before it."""
    file.seek(place)
    blank = file.read(PIECE)
    return place + len(blank) - len(blank.lstrip(b"\r\n"))


def _next_record(file: BinaryIO, offset: int) -> int | None:
    """Return the next byte at which a record, packed or not, begins."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        packed = content[:3] == GZIP
        sign = GZIP if packed else b"\r\nWARC/1."
        place = content.find(sign, offset)
        while packed and place >= 0 and not _unpacks_to_a_record(content[place : place + 4096]):
            place = content.find(sign, place + 1)
        if place < 0:
            return None
        return place if packed else place + 2


def _unpacks_to_a_record(begin: bytes) -> bool:
    try:
        return zlib.decompressobj(31).decompress(begin, 5) == b"WARC/"
    except zlib.error:
        return False
