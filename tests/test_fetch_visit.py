"""One visit to a well-behaved site: what the Capture tells, conditions, redirects, pace."""

import gzip
import hashlib
import socket
from datetime import UTC, datetime

import httpx

from schedules.present import Present
from scraper.fetch import Validators, Visitor, validators
from scraper.records import Capture, FailureKind, Redirect
from tests.clocks import FakeClock
from tests.hostile import raw, redirect, serving, whole
from tests.visiting import AGENT, source, visit

PAGE = "<html><body><p>Città metropolitana</p></body></html>".encode()


def test_a_plain_answer_becomes_a_capture_with_head_body_and_the_sum_of_its_bytes() -> None:
    """Status, headers in their order and spelling, body, SHA-256 and length are those of the answer."""
    with serving({"/": whole(PAGE, "Content-Type: text/html", 'ETag: "1"', "X-Odd: caff\xe8")}) as site:
        capture = visit(site.url("/"))
    assert (capture.status, capture.body, capture.failure, capture.cut) == (200, PAGE, None, False)
    assert capture.header("etag") == '"1"'
    assert ("Content-Type", "text/html") in capture.headers
    assert capture.coded_sha256 == hashlib.sha256(PAGE).hexdigest()
    assert capture.coded_length == len(PAGE)
    assert capture.at.tzinfo is UTC


def test_the_request_names_us_and_asks_for_gzip_alone() -> None:
    """The User-Agent carries the contact; no other content coding than gzip is invited; no cookie is sent."""
    with serving({"/": whole(PAGE, "Set-Cookie: PHPSESSID=1; Path=/")}) as site:
        with Visitor(source(), Present(), AGENT) as visitor:
            visitor.visit(site.url("/"))
            visitor.visit(site.url("/"))
        request = site.requests[-1].lower()
    assert f"user-agent: {AGENT}".lower() in request
    assert "accept-encoding: gzip\r\n" in request
    assert "cookie" not in request


def test_a_compressed_answer_is_inflated_and_its_coded_bytes_are_described() -> None:
    """The body is the page; digest and length are those of the bytes that travelled."""
    coded = gzip.compress(PAGE, mtime=0)
    with serving({"/": whole(coded, "Content-Encoding: gzip")}) as site:
        capture = visit(site.url("/"))
    assert capture.body == PAGE
    assert capture.coded_sha256 == hashlib.sha256(coded).hexdigest()
    assert capture.coded_length == len(coded)


def test_validators_are_sent_and_a_304_has_no_body() -> None:
    """Both conditions go out word for word; the 304 keeps its head."""
    answer = raw(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n')
    with serving({"/": answer}) as site:
        capture = visit(site.url("/"), Validators('"1"', "Mon, 20 Aug 2018 04:30:00 GMT"))
        request = site.requests[-1]
    assert (capture.status, capture.body, capture.failure) == (304, None, None)
    assert 'If-None-Match: "1"\r\n' in request
    assert "If-Modified-Since: Mon, 20 Aug 2018 04:30:00 GMT\r\n" in request


def test_an_error_status_keeps_its_body() -> None:
    """A 503 is an answer, and its page tells staff why."""
    with serving({"/": whole(b"in manutenzione", status="503 Service Unavailable")}) as site:
        capture = visit(site.url("/"))
    assert (capture.status, capture.body, capture.failure) == (503, b"in manutenzione", None)


def test_redirects_are_followed_and_recorded_hop_by_hop() -> None:
    """Every hop is named with its status and absolute address; the watched address stays the capture's."""
    replies = {
        "/": redirect("/a#part", "301 Moved Permanently"),
        "/a": redirect("b?x=1", "307 Temporary Redirect"),
        "/b?x=1": whole(PAGE),
    }
    with serving(replies) as site:
        capture = visit(site.url("/"))
        assert capture.redirects == (Redirect(301, site.url("/a")), Redirect(307, site.url("/b?x=1")))
        assert capture.url == site.url("/")
    assert capture.body == PAGE


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    """The bound is five hops, so that a loop ends as a failure that shows its trail."""
    replies = {f"/{n}": redirect(f"/{n + 1}") for n in range(6)} | {
        "/6": whole(PAGE),
        "/loop": redirect("/loop"),
    }
    with serving(replies) as site:
        assert visit(site.url("/1")).body == PAGE
        sixth = visit(site.url("/0"))
        loop = visit(site.url("/loop"))
    assert [c.failure.kind if c.failure else None for c in (sixth, loop)] == [FailureKind.REDIRECTS] * 2
    assert len(loop.redirects) == 6


def test_validators_go_only_to_the_address_that_gave_them() -> None:
    """A page that now redirects elsewhere must not be asked whether it is older than the other one."""
    replies = {"/old": redirect("/new"), "/new": whole(PAGE, 'ETag: "n"')}
    with serving(replies) as site:
        first = visit(site.url("/old"))
        visit(site.url("/old"), Validators('"o"', None))
        assert "If-None-Match" not in site.requests[-1]
        visit(site.url("/old"), validators(first))
        assert 'If-None-Match: "n"' in site.requests[-1]
        assert "If-None-Match" not in site.requests[-2]


def test_the_visits_of_one_visitor_keep_the_gap_per_host() -> None:
    """The gap holds between any two requests to one host, robots.txt included, and not for the first."""
    clock = FakeClock()

    def page(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, content=PAGE)

    with Visitor(source(gap=5.0), clock, AGENT, httpx.MockTransport(page)) as visitor:
        visitor.visit("http://example.org/a")
        clock.advance(2.0)
        visitor.visit("http://example.org/b")
        visitor.visit("http://example.com/")
    assert clock.slept == [5.0, 3.0, 5.0]


def test_waiting_for_politeness_is_not_counted_as_the_site_s_delay() -> None:
    """A gap longer than the deadline does not make the visit fail."""
    clock = FakeClock()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=PAGE))
    with Visitor(source(gap=20.0, deadline=1.0), clock, AGENT, transport) as visitor:
        assert visitor.visit("http://example.org/").body == PAGE


def test_retry_after_in_seconds_spares_the_host_within_bounds() -> None:
    """The next request to that host waits as asked, but never longer than half a minute."""
    clock = FakeClock()
    waits = iter(["7", "86400", "9" * 5000, "Wed, 21 Oct 2026 07:28:00 GMT"])

    def busy(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/robots.txt":
            return httpx.Response(404)
        return httpx.Response(503, headers={"Retry-After": next(waits, "")})

    with Visitor(source(), clock, AGENT, httpx.MockTransport(busy)) as visitor:
        for _ in range(5):
            visitor.visit("http://example.org/")
    assert clock.slept == [7.0, 30.0, 30.0]


def test_the_time_of_a_capture_is_the_clock_s() -> None:
    """The history's own dates come from the clock that was handed in."""
    clock = FakeClock(datetime(2018, 11, 20, tzinfo=UTC))
    with serving({"/": whole(PAGE)}) as site:
        capture: Capture = visit(site.url("/"), clock=clock)
    assert capture.at == datetime(2018, 11, 20, tzinfo=UTC)


def test_an_idle_connection_that_the_server_closes_is_no_failure() -> None:
    """A request that dies on a reused connection is asked again on a new one; a new one is not retried."""

    def answer_once_then_close(connection: socket.socket) -> None:
        whole(PAGE)(connection)
        connection.recv(65536)  # the next request is swallowed, as when a server drops an idle connection

    with serving({"/": answer_once_then_close, "/closed": raw(b"")}) as site:
        with Visitor(source(), Present(), AGENT) as visitor:
            assert [visitor.visit(site.url("/")).body for _ in range(3)] == [PAGE] * 3
        visit(site.url("/closed"))
        assert site.paths().count("/closed") == 1
