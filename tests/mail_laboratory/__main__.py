"""Runs the tests of the laboratory: installs the servers that are missing, and shuts itself in with them.

    python -m tests.mail_laboratory [pytest arguments]

Everything runs in namespaces of its own: the network is a loopback that nobody else sees, /etc/resolv.conf
another file for these processes alone, and with the first of them all of them end. The host stays as it is,
but for the installed packages.
"""

import os
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

PACKAGES = (
    "iproute2",
    "postfix",
    "opendkim",
    "opendmarc",
    "dovecot-imapd",
    "dovecot-lmtpd",
    "dnsmasq-base",
    "rspamd",
    "spamassassin",
)
"""Debian's names. None is started by its installation: a policy of our own sees to that."""

_INSIDE = 'ip link set lo up && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
_SHUT_IN = ("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc")


def main() -> int:
    """Return the exit status of the tests; 0, with its reason said, where the laboratory cannot be built."""
    reason = _unusable() or _uninstallable()
    if reason is not None:
        print(f"The mail laboratory is skipped: {reason}.", file=sys.stderr)  # noqa: T201
        return 0
    with TemporaryDirectory(prefix="coopwatch-laboratory-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the servers do not run as root
        resolver = folder / "resolv.conf"
        resolver.write_text("nameserver 127.0.0.1\n")
        what = ("tests/mail_laboratory", "tests/test_bounce_reading.py")
        tests = (sys.executable, "-m", "pytest", *what, *sys.argv[1:])
        return subprocess.run(
            [*_SHUT_IN, "sh", "-c", _INSIDE, "sh", resolver, *tests],
            env={**os.environ, "COOPWATCH_LABORATORY": name, **_corpus(folder / "corpus")},
            check=False,
        ).returncode


def _corpus(folder: Path) -> dict[str, str]:
    """Fetch the sources of flufl.bounce, whose samples are not ours to keep; say where they lie."""
    pinned = f"flufl.bounce=={version('flufl.bounce')}"
    source = ("download", "--quiet", "--no-deps", "--no-binary", ":all:", pinned, "--dest", str(folder))
    subprocess.run([sys.executable, "-m", "pip", *source], capture_output=True, check=False)
    for archive in folder.glob("*.tar.gz"):
        subprocess.run(["tar", "--extract", "--file", archive, "--directory", folder], check=True)
        return {"COOPWATCH_BOUNCE_CORPUS": str(folder / archive.name.removesuffix(".tar.gz") / "tests")}
    return {}


def _unusable() -> str | None:
    if os.geteuid() != 0:
        return "it installs and starts mail servers, which takes root"
    if not all(map(shutil.which, ("apt-get", "unshare", "mount"))):
        return "it needs Debian (apt-get, unshare and mount)"
    tried = subprocess.run([*_SHUT_IN, "true"], capture_output=True, check=False)
    return f"no namespaces of its own: {tried.stderr.decode().strip()}" if tried.returncode else None


def _uninstallable() -> str | None:
    """Install what is missing; return why that failed."""
    known = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${db:Status-Status}\n", *PACKAGES],
        capture_output=True,
        check=False,
    )
    if known.stdout.split() == [b"installed"] * len(PACKAGES):
        return None
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
            done = subprocess.run(
                ["apt-get", "--quiet", "--quiet", *command],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                capture_output=True,
                check=False,
            )
            if done.returncode:
                return f"apt-get {command[0]} failed: {done.stderr.decode('utf-8', 'replace').strip()[-300:]}"
    finally:
        if ours:
            policy.unlink()
    return None


if __name__ == "__main__":
    sys.exit(main())
