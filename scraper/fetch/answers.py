"""One answer of a server, read with bounds: its head, and of its body no more than the cap."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from scraper.errors import UnreadableError
from scraper.fetch.coding import Inflated, Inflater
from scraper.fetch.failures import VisitFailed
from scraper.records import FailureKind

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_NOT_MODIFIED = 304


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request brought; `location` where it sends us on, `short` when its body ends too early."""

    at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    location: str | None = None
    body: bytes | None = None
    cut: bool = False
    short: bool = False
    coded_sha256: str | None = None
    coded_length: int | None = None


def read_answer(response: httpx.Response, at: datetime, largest: int) -> Answer:
    """Return the answer whose head has arrived, with its body unless it is a redirect or a 304.

    Raises VisitFailed or httpx's errors when the body does not arrive; only a body shorter than its
    Content-Length is kept, since the header goes on telling that it is not whole.
    """
    headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw)
    head = Answer(at, response.status_code, headers)
    location = response.headers.get("location")
    if location is not None and head.status in _REDIRECTS:
        return replace(head, location=location)
    if head.status == _NOT_MODIFIED:
        return head
    try:
        return _with_body(head, response, largest)
    except UnreadableError as error:
        raise VisitFailed(FailureKind.ENCODING, str(error)) from error


def _with_body(head: Answer, response: httpx.Response, largest: int) -> Answer:
    inflater = Inflater(response.headers.get_list("content-encoding", split_commas=True), largest)
    digest, length, overfull, short = hashlib.sha256(), 0, False, False
    try:
        for chunk in _coded_pieces(response):
            taken = chunk[: largest - length]
            digest.update(taken)
            length += len(taken)
            inflater.feed(taken)
            overfull = len(taken) < len(chunk)
            if overfull or inflater.cut:
                break
    except (httpx.RemoteProtocolError, httpx.ReadError):
        short = length < _declared_length(response)
        if not short:
            raise
    inflated = inflater.inflated()
    _require_whole(inflated, overfull or short)
    return replace(
        head,
        body=inflated.body,
        cut=overfull or inflated.cut,
        short=short,
        coded_sha256=digest.hexdigest(),
        coded_length=length,
    )


def _coded_pieces(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body as it travels; httpx's own decoding would unpack without a bound."""
    assert isinstance(response.stream, httpx.SyncByteStream)
    return iter(response.stream)


def _require_whole(inflated: Inflated, known_partial: bool) -> None:
    if not inflated.complete and not known_partial:
        raise VisitFailed(FailureKind.NETWORK, "the answer breaks off inside its compressed body")


def _declared_length(response: httpx.Response) -> int:
    """Return the Content-Length, or zero where there is none or chunked coding overrules it."""
    text = response.headers.get("content-length", "")
    chunked = "transfer-encoding" in response.headers
    return int(text) if text.isascii() and text.isdigit() and not chunked else 0
