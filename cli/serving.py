"""Serving the web pages from this process, on a socket that was free when we asked."""

import socket
from collections.abc import Iterable

import uvicorn
from starlette.types import ASGIApp

from cli.stopping import TOLD_TO_STOP
from scraper.errors import CoopwatchError


def listener(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free one. Raises CoopwatchError where the port is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise CoopwatchError(
            f"the web pages cannot listen on {host} port {port}: {error.strerror}",
            "End the program that uses the port, or set web_port to another one.",
        ) from error


def serve(pages: ASGIApp, listening: socket.socket, proxies: Iterable[str] = ()) -> None:
    """Serve the web pages until the process is told to stop; what is under way is finished first.

    `proxies` are the IP addresses or networks whose X-Forwarded-For is believed.
    """
    named = list(proxies)
    config = uvicorn.Config(
        pages,
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(named),  # uvicorn believes those on loopback where nobody is named
        forwarded_allow_ips=named,
    )
    try:
        uvicorn.Server(config).run(sockets=[listening])
    except KeyboardInterrupt:  # Ctrl-C and SIGTERM are the announced ends of a service, not failures
        pass
    except SystemExit as end:
        if end.code != TOLD_TO_STOP:
            raise
