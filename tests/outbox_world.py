"""Messages owed to people who are no subscribers, and a look at what became of them."""

from datetime import datetime

from store.database import Database
from store.deliveries import Delivery, DeliveryKind, deliveries, owe


def raw(number: int) -> bytes:
    """A message of our own kind."""
    return (
        f"From: avvisi@example.org\r\nTo: ong{number}@example.org\r\nMessage-ID: <m{number}@example.org>\r\n"
        f"Subject: Novita' {number}\r\n\r\nCiao {number}\r\n"
    ).encode()


def owe_to(
    db: Database,
    *numbers: int,
    at: datetime,
    kind: DeliveryKind = DeliveryKind.DIGEST,
    domain: str = "example.org",
) -> None:
    """Owe messages to ong1@domain and so on, named by their numbers."""
    with db.writing() as session:
        for number in numbers:
            owe(
                session,
                kind=kind,
                recipient=f"ong{number}@{domain}",
                message_id=f"<m{number}@example.org>",
                message=raw(number),
                at=at,
            )


def rows(db: Database) -> list[Delivery]:
    """Return every delivery, oldest first."""
    with db.reading() as session:
        return list(reversed(deliveries(session)))


def states(db: Database) -> list[str]:
    """Return the state of every delivery, oldest first."""
    return [one.state.value for one in rows(db)]
