"""A sender to be killed: it sends what is owed through Postfix, with an archive copy of each message."""

import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from notifier.archive import Maildir
from notifier.deliver import send
from notifier.mail import SmtpPost
from notifier.terms import Terms
from schedules.present import Present
from store.database import open_database

ARCHIVE = "archive@example.org"

TERMS = Terms(lease=timedelta(seconds=4), server_idle=timedelta(seconds=1), grace=timedelta(seconds=2))
"""Short, so that killing often takes no hours; the grace exceeds what Postfix takes to deliver the copy."""


def main(url: str, port: str, archive: str) -> None:
    """Send everything that is due."""
    terms = replace(TERMS, archive=Maildir(Path(archive)))
    with SmtpPost("127.0.0.1", int(port), timeout=10, archive_to=ARCHIVE) as post:
        send(open_database(url), Present(), post, terms)


if __name__ == "__main__":
    main(*sys.argv[1:])
