"""Below httpx: every connection goes to an address that was checked, and every operation has an end."""

import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable

import httpcore
import httpx

from scraper.fetch.addresses import is_public
from scraper.fetch.deadline import Deadline
from scraper.fetch.failures import VisitFailed
from scraper.records import FailureKind

CONNECT_SECONDS = 10.0
"""The most that one address of a host may take to accept a connection, so that the next is tried in time."""

KEEP_ALIVE_SECONDS = 4.0
"""Idle connections are dropped before common servers do so (Apache: 5 s), for a race there fails a visit."""

Resolve = Callable[[str, int, float], tuple[str, ...]]
"""Host, port and the seconds that are left, to IP addresses; raises OSError or VisitFailed."""

Ask = Callable[[str, int], tuple[str, ...] | OSError]
"""A resolver that takes as long as it takes."""


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over our backend; the certificates in `trust` decide whom TLS believes."""

    def __init__(self, backend: "GuardedBackend", trust: ssl.SSLContext) -> None:
        super().__init__(verify=trust, trust_env=False)
        # httpx has no public way to hand over a network backend; tests/test_fetch_guard.py notices a change
        self._pool = httpcore.ConnectionPool(
            ssl_context=trust, keepalive_expiry=KEEP_ALIVE_SECONDS, network_backend=backend
        )


class GuardedBackend(httpcore.NetworkBackend):
    """Resolves a host once, refuses what is not public, and connects to that very address.

    TLS and the Host header keep the name, so a second answer of the DNS (rebinding) is never asked for.
    Hosts in `private` may lie anywhere. `opened` counts the connections made.
    """

    def __init__(self, deadline: Deadline, private: Iterable[str], resolve: Resolve | None = None) -> None:
        self._deadline = deadline
        self._private = frozenset(_plain(host) for host in private)
        self._resolve = resolve or look_up
        self._plain = httpcore.SyncBackend()
        self.opened = 0

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first checked address of the host that accepts one."""
        refusal: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._checked(host, port):
            seconds = min(self._deadline.left(), CONNECT_SECONDS)
            try:
                stream = self._plain.connect_tcp(address, port, seconds, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                refusal = error
            else:
                self.opened += 1
                return _BoundedStream(stream, self._deadline)
        self._deadline.left()
        raise refusal

    def _checked(self, host: str, port: int) -> tuple[str, ...]:
        try:
            addresses = self._resolve(host, port, self._deadline.left())
        except OSError as error:
            raise httpcore.ConnectError(
                f"the name {host} has no address ({error.strerror or error})"
            ) from error
        if _plain(host) in self._private:
            return addresses
        public = tuple(address for address in addresses if is_public(address))
        if addresses and not public:
            reason = f"{host} lies on a private address, and the source does not list it under private"
            raise VisitFailed(FailureKind.ADDRESS, reason)
        return public


class _BoundedStream(httpcore.NetworkStream):
    """A connection whose reads and writes all end with the visit's deadline, whatever timeout they name."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            return self._stream.read(max_bytes, self._deadline.left())
        except httpcore.TimeoutException as error:
            raise self._deadline.passed() from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        try:
            self._stream.write(buffer, self._deadline.left())
        except httpcore.TimeoutException as error:
            raise self._deadline.passed() from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        try:
            stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore.TimeoutException as error:
            raise self._deadline.passed() from error
        return _BoundedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)


def look_up(host: str, port: int, seconds: float, ask: Ask | None = None) -> tuple[str, ...]:
    """Return the addresses of a host in the order of the resolver's preference.

    getaddrinfo knows no timeout, so it runs in a thread of its own that is left behind when time is over.
    """
    answers: queue.SimpleQueue[tuple[str, ...] | OSError] = queue.SimpleQueue()
    threading.Thread(target=lambda: answers.put((ask or ask_resolver)(host, port)), daemon=True).start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty as error:
        raise VisitFailed(FailureKind.DEADLINE, f"the name {host} was not resolved in time") from error
    if isinstance(answer, OSError):
        raise answer
    return answer


def ask_resolver(host: str, port: int) -> tuple[str, ...] | OSError:
    """Return the addresses that the system knows for a host, or why there are none; may block."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except (UnicodeError, OverflowError) as error:  # a label of more than 63 characters, a port beyond 65535
        return OSError(str(error))
    return tuple(dict.fromkeys(str(entry[4][0]) for entry in found))


def _plain(host: str) -> str:
    return host.strip("[]").rstrip(".").lower()
