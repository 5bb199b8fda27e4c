"""The visit itself: robots, pace, redirects by hand, and a bounded reading of the answer."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Self

import httpx

from scraper.clock import Clock
from scraper.fetch.answers import Answer, read_answer
from scraper.fetch.deadline import Deadline
from scraper.fetch.failures import VisitFailed, network_failure
from scraper.fetch.guard import GuardedBackend, GuardedTransport
from scraper.fetch.pace import Pace
from scraper.fetch.robots import LARGEST as LARGEST_ROBOTS
from scraper.fetch.robots import Rules, product_token, rules
from scraper.records import Capture, FailureKind, Redirect
from scraper.sources import Source

MOST_REDIRECTS = 5
_NO_CONDITIONS: Mapping[bytes, bytes] = {}


@dataclass(frozen=True, slots=True)
class Validators:
    """What an earlier answer gave us to ask "has it changed?" with.

    They are sent only to `address`, the one that gave them (None: the watched address), for an older page
    elsewhere would honestly answer 304 to another's date.
    """

    etag: str | None
    last_modified: str | None
    address: str | None = None

    def conditions(self) -> dict[bytes, bytes]:
        """Return the request headers that they make; as bytes, for an ETag may hold any octet."""
        named = {b"If-None-Match": self.etag, b"If-Modified-Since": self.last_modified}
        return {name: value.encode("latin-1", "ignore") for name, value in named.items() if value}


def validators(capture: Capture) -> Validators:
    """Return the validators that this (accepted) capture's answer gave."""
    address = capture.redirects[-1].location if capture.redirects else None
    return Validators(capture.header("etag"), capture.header("last-modified"), address)


class Visitor:
    """Visits the addresses of one source, politely, over one reused client; for one thread at a time.

    `agent` is the User-Agent header and must name a contact. `trust` replaces the certificates that TLS
    believes.
    """

    def __init__(
        self,
        source: Source,
        clock: Clock,
        agent: str,
        transport: httpx.BaseTransport | None = None,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._source = source
        self._clock = clock
        self._token = product_token(agent)
        self._deadline = Deadline(clock)
        self._pace = Pace(clock, source.gap)
        self._rules: dict[str, Rules] = {}
        self._backend = GuardedBackend(self._deadline, source.private)
        self._client = httpx.Client(
            transport=transport or GuardedTransport(self._backend, trust or public_trust()),
            headers={"User-Agent": agent, "Accept": "text/html, */*;q=0.5", "Accept-Encoding": "gzip"},
            # every visit is a first visit: a session must not decide what the page says
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
            timeout=None,  # noqa: S113 - GuardedBackend bounds each operation by the visit's deadline
            trust_env=False,  # a proxy from the environment would lead around the guard
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._client.close()

    def visit(self, address: str, validators: Validators | None = None) -> Capture:
        """Return what the address answers; whatever a site or network can do wrong becomes its failure."""
        self._deadline.start(self._source.deadline)
        trail: list[Redirect] = []
        try:
            answer = self._page(address, validators, trail)
        except (VisitFailed, httpx.TransportError) as error:
            failure = error.failure if isinstance(error, VisitFailed) else network_failure(error)
            return Capture(address, self._clock.now(), failure=failure, redirects=tuple(trail))
        return Capture(
            url=address,
            at=answer.at,
            status=answer.status,
            headers=answer.headers,
            body=answer.body,
            redirects=tuple(trail),
            cut=answer.cut,
            coded_sha256=answer.coded_sha256,
            coded_length=answer.coded_length,
        )

    def _page(self, address: str, known: Validators | None, trail: list[Redirect]) -> Answer:
        url = _web_url(address)
        giver = _web_url(known.address or address) if known else None
        for _ in range(MOST_REDIRECTS + 1):
            self._require_permission(url)
            conditions = known.conditions() if known and url == giver else _NO_CONDITIONS
            answer = self._ask(url, conditions, self._source.largest)
            if answer.location is None:
                return answer
            url = _target(url, answer.location)
            trail.append(Redirect(answer.status, str(url)))
        raise VisitFailed(FailureKind.REDIRECTS, f"more than {MOST_REDIRECTS} redirects")

    def _require_permission(self, url: httpx.URL) -> None:
        known = self._rules.get(_origin(url))
        if known is None or not known.fresh(self._clock.now()):
            known = self._learn_rules(url)
        if not known.allow(str(url)):
            raise VisitFailed(
                FailureKind.ROBOTS, f"robots.txt of {url.host} forbids this address to {self._token}"
            )

    def _learn_rules(self, url: httpx.URL) -> Rules:
        answer = self._robots(url.join("/robots.txt"))
        learnt = rules(answer.status, answer.body, self._token, self._clock.now())
        if learnt is None or answer.short:
            raise VisitFailed(
                FailureKind.ROBOTS,
                f"robots.txt of {url.host} cannot be read (status {answer.status}), so nothing is visited",
            )
        self._pace.slow_down(url.host, learnt.crawl_delay)
        self._rules[_origin(url)] = learnt
        return learnt

    def _robots(self, url: httpx.URL) -> Answer:
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._ask(url, _NO_CONDITIONS, LARGEST_ROBOTS)
            if answer.location is None:
                return answer
            url = _target(url, answer.location)
        return answer  # RFC 9309 section 2.3.1.2: after five redirects it counts as unavailable, so no rules

    def _ask(self, url: httpx.URL, conditions: Mapping[bytes, bytes], largest: int) -> Answer:
        self._deadline.extend(self._pace.wait(url.host))
        retry_after = None
        try:
            request = self._client.build_request("GET", url, headers=conditions)
            response = self._send(request)
            retry_after = response.headers.get("retry-after")
            try:
                return read_answer(response, self._clock.now(), largest)
            finally:
                response.close()
        finally:
            self._pace.asked(url.host, retry_after)

    def _send(self, request: httpx.Request) -> httpx.Response:
        opened = self._backend.opened
        try:
            return self._send_once(request)
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            if self._backend.opened > opened:
                raise
            # the server had just closed the idle connection that was reused (RFC 9112 section 9.3.1)
            return self._send_once(request)

    def _send_once(self, request: httpx.Request) -> httpx.Response:
        try:
            return self._client.send(request, stream=True, auth=None)
        except (httpx.InvalidURL, UnicodeError) as error:  # httpx looks at Location though it may not follow
            raise VisitFailed(FailureKind.ADDRESS, "redirected to something that is no address") from error


@cache
def public_trust() -> ssl.SSLContext:
    """Return the public certificate authorities; loading them takes longer than a visit, so do it once."""
    return httpx.create_ssl_context(trust_env=False)


def _web_url(text: str) -> httpx.URL:
    """Return the address in the form that is asked for: no fragment, no password; raises VisitFailed."""
    try:
        url = httpx.URL(text).copy_with(fragment=None, userinfo=b"")
        if url.scheme in {"http", "https"} and url.host:
            return url
    except (httpx.InvalidURL, ValueError) as error:  # a host may also fail to decode (IDNA)
        raise VisitFailed(FailureKind.ADDRESS, f"{text[:200]!r} is not a web address") from error
    raise VisitFailed(FailureKind.ADDRESS, f"{text[:200]!r} is not a web address")


def _target(url: httpx.URL, location: str) -> httpx.URL:
    """Return the absolute address that a Location header, relative or not, names; raises VisitFailed."""
    try:
        return _web_url(str(url.join(location)))
    except (httpx.InvalidURL, ValueError) as error:
        raise VisitFailed(FailureKind.ADDRESS, f"redirected to {location[:200]!r}, no address") from error


def _origin(url: httpx.URL) -> str:
    return str(url.copy_with(raw_path=b"/"))
