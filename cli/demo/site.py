"""The replica of the watched site: a web server on loopback that serves one version of the page at a time."""

import contextlib
import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import format_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from cli.demo.past import Version
from scraper.errors import CoopwatchError
from scraper.sources import Source, WatchedPage, choose_source, shipped_sources

ROBOTS = b"User-agent: *\nDisallow: /administrator/\nDisallow: /component/\n"
"""The rules of a Joomla site."""


class Replica(ThreadingHTTPServer):
    """A running replica; `show` decides which version the next visit finds."""

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Conversation)
        self.real = choose_source(shipped_sources(), "torino")
        self.version: Version | None = None

    @property
    def path(self) -> str:
        """The path of the watched page, as on the real site."""
        return urlsplit(self.real.pages[0].address).path

    @property
    def source(self) -> Source:
        """The real source, moved to the replica: loopback is allowed there, and no gap is kept."""
        address = f"http://127.0.0.1:{self.server_port}{self.path}"
        moved = {
            "pages": (WatchedPage(address=address, title=self.real.pages[0].title),),
            "gap": 0.0,
            "deadline": 10.0,
            "private": ("127.0.0.1",),
        }
        return Source.model_validate(self.real.model_dump() | moved)

    def show(self, version: Version) -> None:
        """Serve this version from now on."""
        self.version = version


@contextlib.contextmanager
def serving_replica(port: int = 0) -> Iterator[Replica]:
    """Run the replica in a thread of its own, on this port or on any free one.

    The watched page's address holds the port, so a demo that resumes asks for that of its stored page.
    Raises CoopwatchError where the port is taken.
    """
    try:
        replica = Replica(port)
    except OSError as error:
        raise CoopwatchError(
            f"the demo's site cannot listen on port {port}: {error.strerror}",
            "End the program that uses the port, or remove the demo's data folder to start anew.",
        ) from error
    threading.Thread(target=replica.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield replica
    finally:
        replica.shutdown()
        replica.server_close()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: HTTPStatus
    body: bytes = b""
    etag: str | None = None
    media_type: str = "text/html; charset=utf-8"


def _answer(path: str, known_etag: str | None, watched: str, version: Version | None) -> _Answer:
    if path == "/robots.txt":
        return _Answer(HTTPStatus.OK, ROBOTS, media_type="text/plain")
    if path != watched or version is None:
        return _Answer(HTTPStatus.NOT_FOUND, b"<h1>404 - Componente non trovato</h1>")
    body = version.body()
    etag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    if known_etag == etag:
        return _Answer(HTTPStatus.NOT_MODIFIED, etag=etag)
    return _Answer(HTTPStatus.OK, body, etag)


class _Conversation(BaseHTTPRequestHandler):
    """One connection to the replica."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; together they would wait 40 ms for an ACK

    def do_GET(self) -> None:
        replica = self.server
        assert isinstance(replica, Replica)
        answer = _answer(self.path, self.headers.get("If-None-Match"), replica.path, replica.version)
        self.send_response_only(answer.status)
        self.send_header("Server", "Apache")
        if replica.version is not None:
            self.send_header("Date", format_datetime(replica.version.at, usegmt=True))
        if answer.etag is not None:
            self.send_header("ETag", answer.etag)
        if answer.status is not HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", answer.media_type)
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the demo's own table tells what was visited."""
