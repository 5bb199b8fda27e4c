"""The address guard: what is public, and that a connection goes only where it was checked to go."""

import ssl
import threading

import pytest

from schedules.present import Present
from scraper.fetch.addresses import is_public
from scraper.fetch.deadline import Deadline
from scraper.fetch.failures import VisitFailed
from scraper.fetch.guard import GuardedBackend, GuardedTransport, look_up
from scraper.fetch.visitor import Visitor
from scraper.records import FailureKind
from tests.hostile import redirect, serving, whole
from tests.visiting import AGENT, source, visit

CLOSED = (
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12::1",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "not an address",
)
OPEN = (
    "8.8.8.8",
    "130.192.1.1",
    "172.32.0.1",
    "100.128.0.1",
    "2001:4860:4860::8888",
    "2a00:1450:4002:400::2004",
)


@pytest.mark.parametrize("address", CLOSED)
def test_special_addresses_are_not_public(address: str) -> None:
    """Every network of the IANA special-purpose registries that leads inside is closed."""
    assert not is_public(address)


@pytest.mark.parametrize("address", OPEN)
def test_ordinary_addresses_are_public(address: str) -> None:
    """The neighbours of the special networks stay open."""
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.1",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "0",
    ],
)
def test_every_spelling_of_loopback_is_refused_unless_the_source_names_it(host: str) -> None:
    """The check looks at the address that was resolved, so the spelling does not matter."""
    with serving({"/": whole(b"secret")}) as site:
        capture = visit(site.url("/", host), private=())
        assert site.requests == []
    assert capture.failure is not None
    assert capture.body is None


def test_a_redirect_to_a_private_address_is_refused() -> None:
    """Each hop passes the guard: a host that the source does not name stays closed though another is open."""
    with serving({"/secret": whole(b"secret")}) as inside:
        with serving({"/": redirect(inside.url("/secret", "localhost"))}) as site:
            capture = visit(site.url("/"), private=("127.0.0.1",))
        assert inside.requests == []
    assert capture.failure is not None
    assert capture.failure.kind is FailureKind.ADDRESS
    assert len(capture.redirects) == 1


def test_a_host_is_resolved_once_and_the_checked_address_is_connected() -> None:
    """A second, different answer of the DNS is never asked for, and the Host header keeps the name."""
    answers = [("127.0.0.1",), ("192.0.2.1",)]
    deadline = Deadline(Present())
    backend = GuardedBackend(deadline, ["rebinding.example"], lambda *_: answers.pop(0))
    with serving({"/": whole(b"ok"), "/robots.txt": whole(b"")}) as site:
        deadline.start(5)
        transport = GuardedTransport(backend, ssl.create_default_context())
        answers.insert(0, ("127.0.0.1",))  # one for robots.txt, one for the page
        with Visitor(source(), Present(), AGENT, transport) as visitor:
            capture = visitor.visit(site.url("/", "rebinding.example"))
        assert f"Host: rebinding.example:{site.port}" in site.requests[-1]
    assert capture.body == b"ok"
    assert answers == [("192.0.2.1",)]


def test_only_the_public_ones_of_several_addresses_are_tried() -> None:
    """A name that also points inside is connected outside, and one that points only inside is refused."""
    asked: list[str] = []

    class Recording(GuardedBackend):
        def _checked(self, host: str, port: int) -> tuple[str, ...]:
            asked.extend(found := super()._checked(host, port))
            return found[:0]

    deadline = Deadline(Present())
    deadline.start(5)
    mixed = Recording(deadline, (), lambda *_: ("10.0.0.1", "8.8.8.8"))
    with pytest.raises(Exception, match="no address"):
        mixed.connect_tcp("mixed.example", 80)
    assert asked == ["8.8.8.8"]
    inside = GuardedBackend(deadline, (), lambda *_: ("10.0.0.1", "::1"))
    with pytest.raises(VisitFailed, match="does not list it under private"):
        inside.connect_tcp("inside.example", 80)


def test_the_next_address_is_tried_when_one_refuses() -> None:
    """A host whose first address is dead is still visited."""
    deadline = Deadline(Present())
    deadline.start(5)
    with serving({}) as site:
        backend = GuardedBackend(deadline, ["two.example"], lambda *_: ("127.0.0.2", "127.0.0.1"))
        backend.connect_tcp("two.example", site.port).close()


def test_a_resolver_that_hangs_ends_with_the_deadline() -> None:
    """getaddrinfo has no timeout of its own; what is left of the visit is all that it gets."""

    def hanging(_host: str, _port: int) -> tuple[str, ...]:
        threading.Event().wait(5)
        return ("127.0.0.1",)

    with pytest.raises(VisitFailed, match="not resolved in time"):
        look_up("localhost", 80, 0.1, hanging)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's proxy may lead around the guard."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving({"/": whole(b"direct")}) as site:
        assert visit(site.url("/")).body == b"direct"
