"""The laboratory: starts the servers in a folder of their own, waits until they answer, stops them."""

import imaplib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import Message
from functools import partial
from pathlib import Path
from typing import TypeVar

import trustme

from tests.mail_laboratory import recipes

NEEDED = ("postfix", "dovecot", "opendkim", "opendmarc", "dnsmasq")
T = TypeVar("T")
_PATIENCE = 60.0


class Laboratory:
    """The running servers, and the mailboxes behind them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.authority = folder / "authority.pem"
        """Who signed the certificate of the servers; no machine trusts it of itself."""
        self._running: list[subprocess.Popen[bytes]] = []

    def start(self, dkim_record: str | None = None) -> None:
        """Start every server; raises TimeoutError where one does not answer."""
        self._certify()
        nobody = self.folder / "nobody"
        nobody.write_text("192.0.2.1\n")
        self._run(["dnsmasq", *recipes.dnsmasq(dkim_record)])
        self._run(
            ["opendkim", "-x", self._write("opendkim.conf", recipes.opendkim(self.folder)), "-f"], "opendkim"
        )
        self._run(
            ["opendmarc", "-c", self._write("opendmarc.conf", recipes.opendmarc(self.folder)), "-f"],
            "opendmarc",
        )
        self._start_rspamd()
        self._start_dovecot()
        self._start_postfix()
        for port in (
            *(recipes.DKIM_PORT, recipes.DMARC_PORT),
            *(recipes.IMAP_PORT, recipes.LMTP_PORT, recipes.SMTP_PORT, recipes.TLS_PORT),
        ):
            waited(partial(_answers, port), f"port {port}")

    def stop(self) -> None:
        """Stop them, the last started first."""
        if (self.folder / "postfix" / "main.cf").exists():  # its master has left our process group
            subprocess.run(
                ["postfix", "-c", self.folder / "postfix", "stop"], capture_output=True, check=False
            )
        for process in reversed(self._running):
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def mails(self, address: str) -> list[Message]:
        """Return the mails that stand in a mailbox, by IMAP."""
        return [message_from_bytes(one) for one in self.raw_mails(address)]

    def raw_mails(self, address: str) -> list[bytes]:
        """Return them as they came."""
        with imaplib.IMAP4("127.0.0.1", recipes.IMAP_PORT) as imap:
            imap.login(address, recipes.PASSWORD)
            imap.select("INBOX", readonly=True)
            numbers = imap.search(None, "ALL")[1][0].split()
            if not numbers:
                return []
            answer = imap.fetch(b",".join(numbers).decode(), "(BODY.PEEK[])")[1]
            return [part[1] for part in answer if isinstance(part, tuple)]

    def maildir(self, address: str) -> Path:
        """Return the folder of a mailbox."""
        local, _, domain = address.rpartition("@")
        return self.folder / "dovecot" / "mail" / domain / local

    def log(self) -> str:
        """Return what Postfix has logged."""
        file = self.folder / "postfix" / "maillog"
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def _certify(self) -> None:
        authority = trustme.CA()
        authority.cert_pem.write_to_path(self.authority)
        past = datetime(2020, 1, 1, tzinfo=UTC)
        for name, end in (("certificate", None), ("expired", past)):
            issued = authority.issue_cert(recipes.NAME, not_after=end)
            issued.private_key_and_cert_chain_pem.write_to_path(self.folder / f"{name}.pem")

    def _start_rspamd(self) -> None:
        folder = self._folder("rspamd")
        self._folder("rspamd/local.d")
        for name, text in recipes.rspamd().items():
            self._write(f"rspamd/local.d/{name}", text)
        shutil.chown(folder, "_rspamd")
        places = [f"--var={name}={folder}" for name in ("LOCAL_CONFDIR", "DBDIR", "RUNDIR", "LOGDIR")]
        self._run(
            ["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", "/etc/rspamd/rspamd.conf", *places]
        )

    def _start_dovecot(self) -> None:
        folder = self._folder("dovecot")
        (folder / "mail").mkdir()
        shutil.chown(folder / "mail", "mail", "mail")
        self._run(["dovecot", "-F", "-c", self._write("dovecot/dovecot.conf", recipes.dovecot(folder))])

    def _start_postfix(self) -> None:
        folder = self._folder("postfix")
        for name in ("queue", "data"):
            (folder / name).mkdir()
        shutil.chown(folder / "data", "postfix")
        shutil.copy("/etc/postfix/dynamicmaps.cf", folder)
        self._write("postfix/main.cf", recipes.postfix(folder))
        self._write("postfix/master.cf", recipes.MASTER)
        self._run(["postfix", "-c", str(folder), "start-fg"])

    def _run(self, command: list[str], user: str | None = None) -> None:
        who = None if user is None else pwd.getpwnam(user)
        with (self.folder / f"{command[0]}.out").open("wb") as log:
            self._running.append(
                subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                    user=who.pw_uid if who else None,
                    group=who.pw_gid if who else None,
                    extra_groups=[] if who else None,
                    cwd="/",
                )
            )

    def _folder(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir(mode=0o755)
        return folder

    def _write(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o644)
        return str(path)


@contextmanager
def running_laboratory(folder: Path, dkim_record: str | None = None) -> Iterator[Laboratory]:
    """Run the servers as long as the `with` block lasts."""
    laboratory = Laboratory(folder)
    try:
        laboratory.start(dkim_record)
        yield laboratory
    finally:
        laboratory.stop()


def waited(look: Callable[[], T | None], what: str, patience: float = _PATIENCE) -> T:
    """Return what `look` finds as soon as it finds anything; raises TimeoutError."""
    until = time.monotonic() + patience
    while not (found := look()):
        if time.monotonic() > until:
            raise TimeoutError(f"{what}: nothing after {patience:.0f} s")
        time.sleep(0.1)
    return found


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False
