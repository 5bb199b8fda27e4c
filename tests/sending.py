"""What a sender's process does, to be killed by tests."""

from datetime import datetime

from notifier.deliver import send
from notifier.mail import SmtpPost
from store.database import open_database
from tests.clocks import FakeClock


def main(url: str, port: int, at: datetime) -> None:
    """Send everything that is due at that instant."""
    with SmtpPost("127.0.0.1", port, timeout=10) as post:
        send(open_database(url), FakeClock(at), post)
