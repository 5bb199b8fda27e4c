"""Sites that answer badly, slowly, hugely or not at all: each visit ends in time, with a Capture."""

import gzip
import socket
import ssl
import struct
import time
import tracemalloc
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st

from scraper.records import Capture, FailureKind
from tests.hostile import drip, hang, raw, redirect, serving, whole
from tests.visiting import visit

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def kind(capture: Capture) -> FailureKind | None:
    """Return the kind of failure of a capture."""
    return capture.failure.kind if capture.failure else None


@pytest.mark.parametrize(
    "reply",
    [
        hang(),
        hang(HEAD),
        hang(HEAD + b"Content-Length: 9\r\n\r\nabc"),
        drip(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
        drip(HEAD + b"\r\n", b"x"),
        drip(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
        drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ],
    ids=["silent", "half-head", "half-body", "slow-head", "slow-body", "slow-chunks", "endless-100"],
)
def test_a_slow_or_stopped_server_ends_with_the_deadline(reply: object) -> None:
    """The deadline is over the whole visit, so single bytes that keep coming do not prolong it."""
    with serving({"/": reply}) as site:  # type: ignore[dict-item]
        begin = time.monotonic()
        capture = visit(site.url("/"), deadline=1.0)
        took = time.monotonic() - begin
    assert kind(capture) is FailureKind.DEADLINE
    assert "within 1 seconds" in str(capture.failure)
    assert 0.9 < took < 1.5


def test_a_server_that_never_finishes_its_tls_handshake_ends_with_the_deadline() -> None:
    """A plain server that swallows the ClientHello and is silent is measured by the same deadline."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        begin = time.monotonic()
        capture = visit(f"https://127.0.0.1:{listener.getsockname()[1]}/", deadline=1.0)
    assert kind(capture) is FailureKind.DEADLINE
    assert time.monotonic() - begin < 1.5


def test_a_slow_robots_txt_counts_into_the_same_deadline() -> None:
    """The visit is one: a host that drips its robots.txt does not get a second deadline for the page."""
    with serving({"/robots.txt": drip(HEAD + b"\r\n", b"#"), "/": whole(b"x")}) as site:
        capture = visit(site.url("/"), deadline=1.0)
        assert site.paths() == ["/robots.txt"]
    assert kind(capture) is FailureKind.DEADLINE


def test_a_gzip_bomb_stops_at_the_cap() -> None:
    """A gibibyte of zeros in a mebibyte of gzip costs the cap in memory, and is marked as cut."""
    squeeze = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = bytes(1 << 20)
    bomb = b"".join(squeeze.compress(zeros) for _ in range(1024)) + squeeze.flush()
    with serving({"/": whole(bomb, "Content-Encoding: gzip")}) as site:
        tracemalloc.start()
        capture = visit(site.url("/"), largest=2_000_000)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert (capture.cut, len(capture.body or b"")) == (True, 2_000_000)
    assert peak < 20_000_000


def test_a_doubly_coded_bomb_is_refused() -> None:
    """More than one content-encoding is a failure, in one header or in two."""
    bomb = gzip.compress(gzip.compress(bytes(1 << 20)))
    replies = {
        "/one": whole(bomb, "Content-Encoding: gzip, gzip"),
        "/two": whole(bomb, "Content-Encoding: gzip", "Content-Encoding: gzip"),
        "/br": whole(b"x", "Content-Encoding: br"),
        "/broken": whole(b"this is not gzip", "Content-Encoding: gzip"),
    }
    with serving(replies) as site:
        kinds = [kind(visit(site.url(path))) for path in replies]
    assert kinds == [FailureKind.ENCODING] * 4


def test_a_body_beyond_the_cap_is_cut() -> None:
    """What was received is capped as what is inflated is; exactly the cap is not too much."""
    with serving({"/over": whole(b"x" * 1001), "/at": whole(b"x" * 1000)}) as site:
        over, at = (visit(site.url(path), largest=1000) for path in ("/over", "/at"))
    assert (over.cut, over.body, over.coded_length) == (True, b"x" * 1000, 1000)
    assert (at.cut, at.body) == (False, b"x" * 1000)


def test_a_body_shorter_than_its_content_length_is_kept() -> None:
    """What came is evidence, and the header goes on telling that it is not whole; compressed or not."""
    coded = gzip.compress(bytes(range(256)) * 40, 1)[:-20]
    head = HEAD + b"Content-Length: 20000\r\n"
    replies = {
        "/plain": raw(head + b"\r\n<html>"),
        "/gzip": raw(head + b"Content-Encoding: gzip\r\n\r\n" + coded),
    }
    with serving(replies) as site:
        plain, packed = visit(site.url("/plain")), visit(site.url("/gzip"))
    assert (plain.body, plain.failure, plain.coded_length) == (b"<html>", None, 6)
    assert packed.failure is None
    assert (packed.body or b"")[:256] == bytes(range(256))


def test_a_body_that_breaks_off_without_a_length_is_a_failure() -> None:
    """Nothing in the head would tell later that it is not whole, so it may not pass for an answer."""
    coded = gzip.compress(b"<html>" * 500)[:-12]
    replies = {
        "/chunked": raw(HEAD + b"Transfer-Encoding: chunked\r\n\r\n6\r\n<html>\r\n"),
        "/gzip": whole(coded, "Content-Encoding: gzip"),
    }
    with serving(replies) as site:
        captures = [visit(site.url(path)) for path in replies]
    assert [kind(capture) for capture in captures] == [FailureKind.NETWORK] * 2
    assert [capture.body for capture in captures] == [None, None]


def test_a_reset_connection_is_a_network_failure() -> None:
    """The failure says in words what happened."""

    def reset(connection: socket.socket) -> None:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.close()

    with serving({"/": reset}) as site:
        capture = visit(site.url("/"))
    assert kind(capture) is FailureKind.NETWORK
    assert "Connection reset" in str(capture.failure)


def test_an_unreachable_site_is_a_network_failure() -> None:
    """A port that nobody listens on refuses, and a name that does not exist has no address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    refused = visit(f"http://127.0.0.1:{port}/")
    nameless = visit("http://coopwatch.invalid/")
    assert (kind(refused), kind(nameless)) == (FailureKind.NETWORK, FailureKind.NETWORK)
    assert "Connection refused" in str(refused.failure)
    assert "coopwatch.invalid has no address" in str(nameless.failure)


def test_oversized_headers_are_a_network_failure() -> None:
    """A head without end is given up long before the deadline."""
    with serving({"/": drip(HEAD, b"X: " + b"y" * 60_000 + b"\r\n", 0.001)}) as site:
        capture = visit(site.url("/"))
    assert kind(capture) is FailureKind.NETWORK


def _server_tls(authority: trustme.CA, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", not_after=not_after).configure_cert(context)
    return context


def test_tls_is_verified() -> None:
    """An unknown authority, a wrong name and an expired certificate are TLS failures; a good one is not."""
    authority = trustme.CA()
    trust = ssl.create_default_context()
    authority.configure_trust(trust)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    with serving({"/": whole(b"x")}, _server_tls(authority)) as site:
        assert visit(site.url("/"), trust=trust).body == b"x"
        unknown = visit(site.url("/"))
        misnamed = visit(site.url("/", "localhost"), trust=trust)
    with serving({"/": whole(b"x")}, _server_tls(authority, yesterday)) as site:
        expired = visit(site.url("/"), trust=trust)
    assert [kind(capture) for capture in (unknown, misnamed, expired)] == [FailureKind.TLS] * 3
    assert "certificate has expired" in str(expired.failure)


def test_a_plain_server_behind_an_https_address_is_a_tls_failure() -> None:
    """Speaking HTTP where TLS is expected is named as what it is."""
    with serving({"/": whole(b"x")}) as site:
        capture = visit(site.url("/").replace("http:", "https:"))
    assert kind(capture) is FailureKind.TLS


@pytest.mark.parametrize(
    "location",
    [
        "http://",
        "ftp://127.0.0.1/",
        "file:///etc/passwd",
        "http://[::1",
        "http://a:99999/",
        "http://a b/",
        "//",
    ],
)
def test_a_redirect_to_no_web_address_is_a_failure(location: str) -> None:
    """Whatever stands in Location, the visit ends with a failure and never with an exception."""
    with serving({"/": redirect(location)}) as site:
        capture = visit(site.url("/"))
    assert capture.failure is not None
    assert capture.status is None


@pytest.mark.parametrize(
    "address", ["", "x", "http://", "file:///etc/passwd", "http://h:99999/", "http://[::1/"]
)
def test_a_wrong_address_is_a_failure(address: str) -> None:
    """An address that cannot be asked is recorded as such."""
    assert kind(visit(address)) in {FailureKind.ADDRESS, FailureKind.NETWORK}


@settings(max_examples=40, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 302 Found\r\nLocation: ", HEAD + b"Set-Cookie: "]
    ),
    st.sampled_from([b"", b"\r\n\r\n"]),
)
def test_no_bytes_of_a_server_make_a_visit_raise(noise: bytes, head: bytes, end: bytes) -> None:
    """Garbage before, in or after the head always becomes a capture."""
    with serving({"/": raw(head + noise + end), "/robots.txt": whole(noise)}) as site:
        assert isinstance(visit(site.url("/"), deadline=2.0), Capture)
