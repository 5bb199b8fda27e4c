"""Time stamps in use: asked of an authority over HTTP, kept, checked, and never in the way of a seal."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from schedules.jobs import Authority, seal_daily, stamp_last
from schedules.present import Present
from scraper.errors import TimestampError
from scraper.fetch import ask_authority
from store.database import Database, create_database
from store.evidence.seals import checkpoints
from store.evidence.stamps import read_roots
from store.evidence.verification import verify
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.evidence_world import SIGNER, VERIFIERS, history
from tests.store_visits import day
from tests.test_exports_package import package, verified
from tests.time_authority import TimeAuthority

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
AGENT = "coopwatch/0 (+test@example.org)"


@pytest.fixture
def desk(tmp_path: Path) -> TimeAuthority:
    """An authority."""
    folder = tmp_path / "authority"
    folder.mkdir()
    return TimeAuthority(folder)


def authority(address: str, desk: TimeAuthority) -> Authority:
    """That authority as the settings name it."""
    return Authority(
        lambda question: ask_authority(address, question, Present(), AGENT),
        read_roots(desk.folder / "root.pem"),
    )


@contextmanager
def answering(status: int, content: bytes) -> Iterator[str]:
    """A server that gives everybody the same answer."""

    class Desk(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Desk)
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_each_daily_checkpoint_is_stamped_once(db: Database, desk: TimeAuthority) -> None:
    """The last checkpoint gets its stamp, a stamped one is not asked about again, the next one is."""
    history(db, 2, (1,))
    clock = FakeClock(day(5))
    with desk.serving() as address:
        here = authority(address, desk)
        assert stamp_last(db, clock, here) is True
        assert stamp_last(db, clock, here) is False
        seal_daily(db, clock, SIGNER)
        assert stamp_last(db, clock, here) is True

    with db.reading() as session:
        assert all(one.timestamp for one in checkpoints(session))
        found = verify(session, VERIFIERS, authorities=here.roots)
    assert (found.stamped, found.faults) == (2, ())


@pytest.mark.parametrize("answer", ["none", "error", "nonsense", "too much", "of another"])
def test_an_authority_that_fails_is_told_and_blocks_nothing(
    sqlite_db: Database, desk: TimeAuthority, tmp_path: Path, answer: str
) -> None:
    """No answer, an error, nonsense, a flood, a stamp of another: nothing is kept, sealing goes on."""
    history(sqlite_db, 2, (1,))
    clock = FakeClock(day(5))
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    served = {
        "none": answering(200, b""),
        "error": answering(503, b"later"),
        "nonsense": answering(200, b"<html>"),
        "too much": answering(200, b"x" * 300_000),
        "of another": TimeAuthority(stranger).serving(),
    }[answer]
    with served as address, pytest.raises(TimestampError) as told:
        stamp_last(sqlite_db, clock, authority(address, desk))
    assert told.value.hint
    seal_daily(sqlite_db, clock, SIGNER)
    with desk.serving() as address:
        assert stamp_last(sqlite_db, clock, authority(address, desk)) is True
    with sqlite_db.reading() as session:
        assert [one.timestamp is not None for one in checkpoints(session)] == [False, True]


def test_an_authority_that_is_not_there_is_told(sqlite_db: Database, desk: TimeAuthority) -> None:
    """A refused connection is one line, too."""
    history(sqlite_db, 1, (1,))
    with desk.serving() as address:
        pass
    with pytest.raises(TimestampError, match="gave no answer"):
        stamp_last(sqlite_db, FakeClock(day(5)), authority(address, desk))


def test_a_package_carries_every_stamp(sqlite_db: Database, desk: TimeAuthority, tmp_path: Path) -> None:
    """The outsider's script checks the last one and those of earlier checkpoints, and tells a wrong one."""
    history(sqlite_db, 2, (1,))
    clock = FakeClock(day(5))
    with desk.serving() as address:
        stamp_last(sqlite_db, clock, authority(address, desk))
        seal_daily(sqlite_db, clock, SIGNER)
        stamp_last(sqlite_db, clock, authority(address, desk))
    files = package(sqlite_db)

    status, words = verified(tmp_path, files, "--time-root", str(desk.folder / "root.pem"))
    assert status == 0, words
    assert words.count("the authority had seen") == 2
    assert "not checked  the time stamps" in verified(tmp_path, files)[1]
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    TimeAuthority(stranger)
    status, words = verified(tmp_path, files, "--time-root", str(stranger / "root.pem"))
    assert (status, words.count("does not hold")) == (1, 2)


def test_the_settings_need_the_roots(tmp_path: Path) -> None:
    """An authority without roots is a fault of the settings, said at once."""
    create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}").close()
    (tmp_path / "coopwatch.toml").write_text(
        'contact = "a@example.org"\ntimestamp_url = "http://127.0.0.1:9/tsa"\n'
    )
    told = coopwatch("doctor", "--data", tmp_path)
    assert told.returncode == 1
    assert "timestamp_roots" in told.stdout
    run = coopwatch("run", "--data", tmp_path)
    assert run.returncode == 1
    assert "timestamp_roots" in run.stderr
