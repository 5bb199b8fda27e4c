"""`coopwatch run` as a service: it visits, serves, believes named proxies alone, and ends when told to."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
import sqlalchemy as sa

from store.database import open_database
from store.staff.staff_tables import THROTTLE
from tests.commands import COOPWATCH, environment
from tests.hostile import serving, whole
from tests.mailboxes import free_port

SOURCE = """
name = "torino"
title = "Qui"
publisher = "Comune di Qui"
gap = 0
private = ["127.0.0.1"]
default = true
[[pages]]
address = "{address}"
"""
PAGE = b"<h1>Progetti</h1><table><tr><th>Titolo<th>Area<tr><td>Acqua per Awassa<td>AFRICA</table>"
PATIENCE = 60.0


@contextmanager
def running(data: Path, **settings: str) -> Iterator[str]:
    """Run the service on a free port, and yield its address once it answers; it must end well when told."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    own = {f"COOPWATCH_{name.upper()}": value for name, value in settings.items()}
    env = environment({"COOPWATCH_CONTACT": "a@example.org", "COOPWATCH_WEB_PORT": str(port), **own})
    service = subprocess.Popen(
        [COOPWATCH, "run", "--data", data],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: service.poll() is None and health(address)["status"] == "ok")
        yield address
        service.send_signal(signal.SIGTERM)
        service.wait(PATIENCE)
        assert service.returncode == 0, service.stderr and service.stderr.read()
    finally:
        service.kill()
        service.communicate()


def until(happened: Callable[[], object]) -> None:
    """Wait until something is so."""
    limit = monotonic() + PATIENCE
    while monotonic() < limit:
        try:
            if happened():
                return
        except (URLError, ConnectionError):
            pass
        sleep(0.1)
    pytest.fail(f"not so within {PATIENCE:.0f} seconds")


def health(address: str) -> dict[str, Any]:
    """Return what the service says of itself."""
    with urlopen(f"{address}/health", timeout=PATIENCE) as answer:
        return cast(dict[str, Any], json.load(answer))


def sign_in_in_vain(address: str, forwarded: str) -> None:
    """Try to sign in as nobody, through a proxy that says where the request came from."""
    asked = Request(f"{address}/staff/sign-in", b"name=nobody&password=x", {"X-Forwarded-For": forwarded})
    with pytest.raises(HTTPError):
        urlopen(asked, timeout=PATIENCE)


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose only source is a page on this machine."""
    with serving({"/": whole(PAGE, "Content-Type: text/html")}) as site:
        (tmp_path / "sources").mkdir()
        (tmp_path / "sources" / "torino.toml").write_text(SOURCE.format(address=site.url("/")), "utf-8")
        yield tmp_path


@pytest.mark.parametrize(
    ("settings", "counted"),
    [({}, "address 127.0.0.1"), ({"trusted_proxies": "127.0.0.0/8"}, "address 192.0.2.7")],
)
def test_the_service_visits_serves_and_ends(data: Path, settings: dict[str, str], counted: str) -> None:
    """A due page is visited, the pages answer, and who asks is whom a named proxy names, else the asker."""
    with running(data, **settings) as address:
        until(lambda: health(address)["last_visit"])
        sign_in_in_vain(address, "192.0.2.7")

    db = open_database(f"sqlite:///{data / 'coopwatch.db'}")
    with db.reading() as session:
        keys = session.execute(sa.select(THROTTLE.c.key)).scalars().all()
    db.close()
    assert [key for key in keys if key.startswith("address")] == [counted]
