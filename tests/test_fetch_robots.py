"""robots.txt: asked first, obeyed, believed for a day, and what its absence means."""

from datetime import timedelta

import httpx
import pytest

from schedules.present import Present
from scraper.fetch import Visitor
from scraper.fetch.robots import product_token
from scraper.records import FailureKind
from tests.clocks import FakeClock
from tests.hostile import Reply, raw, redirect, serving, whole
from tests.visiting import AGENT, source, visit

PAGE = whole(b"page")


@pytest.mark.parametrize(
    ("robots", "path", "allowed"),
    [
        ("User-agent: *\nDisallow: /", "/x", False),
        ("User-agent: *\nDisallow: /cms/", "/x", True),
        ("User-agent: *\nDisallow: /\nUser-agent: coopwatch\nAllow: /", "/x", True),
        ("User-agent: coopwatch\nDisallow: /x", "/x", False),
        ("User-agent: *\nDisallow: /*?tmpl=*$", "/x?tmpl=component", False),
        ("User-agent: *\nDisallow: /x\nAllow: /x/y", "/x/y", True),
        ("User-agent: example\nDisallow: /", "/x", True),
        ("\ufeffUser-agent: *\nDisallow: /", "/x", False),
        ("", "/x", True),
    ],
)
def test_the_rules_of_the_longest_match_decide(robots: str, path: str, allowed: bool) -> None:
    """Groups, wildcards and precedence are those of RFC 9309; the contact address is no product token."""
    with serving({"/robots.txt": whole(robots.encode()), path: PAGE}) as site:
        capture = visit(site.url(path))
        assert site.paths() == (["/robots.txt", path] if allowed else ["/robots.txt"])
    if not allowed:
        assert capture.failure is not None
        assert capture.failure.kind is FailureKind.ROBOTS
        assert "coopwatch" in capture.failure.message


@pytest.mark.parametrize(
    ("answer", "allowed"),
    [
        (whole(b"", status="404 Not Found"), True),
        (whole(b"", status="403 Forbidden"), True),
        (whole(b"", status="429 Too Many Requests"), True),
        (whole(b"", status="500 Internal Server Error"), False),
        (whole(b"", status="503 Service Unavailable"), False),
        (redirect("/robots.txt"), True),
        (raw(b""), False),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n"), False),
        (whole(b"x", "Content-Encoding: gzip, gzip"), False),
        (whole(b"User-agent: *\nDisallow: /\n#" + b"#" * 600_000), False),
    ],
    ids=["404", "403", "429", "500", "503", "loop", "closed", "short", "coded-twice", "huge"],
)
def test_what_the_answer_for_robots_txt_means(answer: Reply, allowed: bool) -> None:
    """4xx and endless redirects mean no rules; after a server error or half an answer nothing is visited."""
    with serving({"/robots.txt": answer, "/x": PAGE}) as site:
        capture = visit(site.url("/x"))
        assert ("/x" in site.paths()) is allowed
    assert (capture.failure is None) is allowed


def test_rules_are_believed_for_a_day_and_failures_not_at_all() -> None:
    """One robots.txt serves a day of visits; a server error is asked about again at the next visit."""
    clock = FakeClock()
    asked: list[str] = []
    statuses = [503, 200, 200]

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(statuses.pop(0) if request.url.path == "/robots.txt" else 200)

    with Visitor(source(), clock, AGENT, httpx.MockTransport(answer)) as visitor:
        visitor.visit("http://example.org/a")
        visitor.visit("http://example.org/b")
        clock.advance(timedelta(hours=23, minutes=59).total_seconds())
        visitor.visit("http://example.org/c")
        clock.advance(60)
        visitor.visit("http://example.org/d")
    assert asked == ["/robots.txt", "/robots.txt", "/b", "/c", "/robots.txt", "/d"]


def test_each_host_on_the_way_is_asked() -> None:
    """A redirect to another host is followed only where that host's own rules allow it."""
    with serving({"/robots.txt": whole(b"User-agent: *\nDisallow: /"), "/y": PAGE}) as other:
        with serving({"/x": redirect(other.url("/y"))}) as site:
            capture = visit(site.url("/x"))
        assert other.paths() == ["/robots.txt"]
    assert capture.failure is not None
    assert capture.failure.kind is FailureKind.ROBOTS


@pytest.mark.parametrize(
    ("delay", "slept"), [("2.5", 2.5), ("86400", 30.0), ("-1", 0.0), ("nan", 0.0), ("x", 0.0)]
)
def test_crawl_delay_is_honoured_within_reason(delay: str, slept: float) -> None:
    """The host's own delay replaces a shorter gap, up to half a minute."""
    clock = FakeClock()
    robots = f"User-agent: *\nCrawl-delay: {delay}\n".encode()
    transport = httpx.MockTransport(lambda _: httpx.Response(200, content=robots))
    with Visitor(source(), clock, AGENT, transport) as visitor:
        visitor.visit("http://example.org/a")
        visitor.visit("http://example.org/b")
    assert clock.slept == ([slept, slept] if slept else [])


def test_the_product_token_is_what_robots_txt_calls_us() -> None:
    """It is the word before version and comment."""
    assert [product_token(agent) for agent in (AGENT, "coopwatch", "coopwatch (x)")] == ["coopwatch"] * 3


def test_one_visitor_asks_once_per_host_over_real_sockets() -> None:
    """The second visit of a visitor goes straight to the page."""
    with serving({"/x": PAGE}) as site:
        with Visitor(source(), Present(), AGENT) as visitor:
            visitor.visit(site.url("/x"))
            visitor.visit(site.url("/x"))
        assert site.paths() == ["/robots.txt", "/x", "/x"]
