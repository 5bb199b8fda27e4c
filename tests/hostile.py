"""A web server on 127.0.0.1 for tests, which says byte for byte what it is told, well-formed or not."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Reply = Callable[[socket.socket], None]


def whole(body: bytes, *headers: str, status: str = "200 OK") -> Reply:
    """Return a reply that is a well-formed answer with this body."""
    return raw(
        "\r\n".join((f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", "")).encode() + body
    )


def raw(answer: bytes) -> Reply:
    """Return a reply that is exactly these bytes."""
    return lambda connection: connection.sendall(answer)


def drip(head: bytes, piece: bytes, pause: float = 0.05) -> Reply:
    """Return a reply that sends its head and then one piece after the other without an end."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(head)
        pausing = threading.Event()
        while not pausing.wait(pause):
            connection.sendall(piece)

    return reply


def hang(head: bytes = b"") -> Reply:
    """Return a reply that stops after its head and keeps the connection, as a stopped process does."""

    def reply(connection: socket.socket) -> None:
        connection.sendall(head)
        connection.recv(1)  # until the client goes

    return reply


def redirect(location: str, status: str = "302 Found") -> Reply:
    """Return a reply that sends the visitor on."""
    return whole(b"", f"Location: {location}", status=status)


NOT_FOUND = whole(b"nothing here", status="404 Not Found")


@dataclass
class Site:
    """A running server: its replies by path, and the heads of the requests that reached it."""

    port: int
    scheme: str = "http"
    replies: dict[str, Reply] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the address of a path on this server."""
        return f"{self.scheme}://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        """Return the paths asked for so far."""
        return [request.split(" ", 2)[1] for request in self.requests]


@contextlib.contextmanager
def serving(replies: dict[str, Reply], tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a Site in threads of its own; any path without a reply is a 404."""
    listener = socket.create_server(("127.0.0.1", 0))
    site = Site(listener.getsockname()[1], "https" if tls else "http", replies)
    threading.Thread(target=_accept, args=(listener, site, tls), daemon=True).start()
    try:
        yield site
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _accept(listener: socket.socket, site: Site, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_converse, args=(connection, site, tls), daemon=True).start()


def _converse(plain: socket.socket, site: Site, tls: ssl.SSLContext | None) -> None:
    with contextlib.suppress(OSError), plain:
        connection = tls.wrap_socket(plain, server_side=True) if tls else plain
        with connection:
            request = _head(connection)
            if request:
                site.requests.append(request)
                site.replies.get(request.split(" ", 2)[1], NOT_FOUND)(connection)


def _head(connection: socket.socket) -> str:
    head = b""
    while b"\r\n\r\n" not in head:
        piece = connection.recv(65536)
        if not piece:
            return ""
        head += piece
        if head.startswith(
            b"\x16"
        ):  # a TLS ClientHello on a plain port: answered in plain text, as servers do
            return "TLS /tls"
    return head.decode("latin-1")
