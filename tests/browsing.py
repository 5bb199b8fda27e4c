"""The web pages behind a real server on 127.0.0.1, and a client that reads them."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

import httpx
import uvicorn
from fastapi import FastAPI


@contextmanager
def browsing(app: FastAPI) -> Iterator[httpx.Client]:
    """Serve an app and yield a client of it that follows no redirects."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="critical", lifespan="off", ws="none", server_header=False)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    port = listener.getsockname()[1]
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(10)
        listener.close()


def text(answer: httpx.Response) -> str:
    """Return what a page says, without tags."""
    assert answer.status_code == 200, answer.text
    body = re.sub(r"<(title|style).*?</\1>", "", answer.text, flags=re.DOTALL)
    said = " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
    return said.replace("( ", "(").replace(" )", ")")
