"""pywb, which knows nothing of coopwatch, replays our WARC with the bodies that we keep.

pywb is under the GPL: it runs as a program of its own, in an environment of its own, and is never imported.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from store.database import Database
from tests.archives import ADDRESS, MOVED, lived_visits, own_archive, visit_each

PYWB = os.environ.get("COOPWATCH_PYWB", "")
pytestmark = pytest.mark.skipif(
    not Path(PYWB, "wayback").exists(),
    reason="pywb is not installed: `make test-replay` installs it where it can",
)


@pytest.fixture
def replaying(sqlite_db: Database, tmp_path: Path) -> Iterator[str]:
    """Serve our archive of every kind of answer, and yield where."""
    visit_each(sqlite_db, lived_visits())
    archive = own_archive(sqlite_db, tmp_path / "own.warc.gz")
    for words in (("init", "ours"), ("add", "ours", str(archive))):
        subprocess.run(
            [str(Path(PYWB, "wb-manager").absolute()), *words], cwd=tmp_path, check=True, capture_output=True
        )
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = subprocess.Popen(
        [str(Path(PYWB, "wayback").absolute()), "--bind", "127.0.0.1", "--port", str(port)],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/ours"
    finally:
        served.terminate()
        served.wait()


def test_every_body_is_replayed_as_it_is_kept(replaying: str) -> None:
    """At the instant of each answer the body is that of the page then, where it stands in a revisit too."""
    wanted = {
        (visit.at, MOVED if visit.redirects else ADDRESS): visit.body
        for visit in lived_visits()
        if visit.status == 200
    }
    for (at, address), body in wanted.items():
        answer = httpx.get(f"{replaying}/{at:%Y%m%d%H%M%S}id_/{address}", follow_redirects=True)
        assert answer.content == body, (at, address)
    assert len(set(wanted.values())) > 4


def test_the_index_lists_every_answer(replaying: str) -> None:
    """pywb's own index names each answer of the address with its date and status."""
    lines = httpx.get(f"{replaying}/cdx", params={"url": ADDRESS, "output": "json"}).text.splitlines()

    assert len(lines) == sum(visit.status is not None and not visit.redirects for visit in lived_visits())


def _wait_for(port: int) -> None:
    for _ in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("pywb does not answer")
