"""Which tables the log covers, and how a row of theirs becomes an entry without personal data."""

import hmac
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from scraper.errors import DatabaseError
from store.database import Session
from store.evidence.canonical import Plain, digest, instant, short_or_digest
from store.evidence.log import Fact
from store.evidence.log_tables import RECIPIENT_KEY
from store.evidence.raw_rows import row_key
from store.kinds import DeliveryState
from store.mail_tables import DELIVERY
from store.review_tables import DECISION, GROUNDS, REVIEW, REVIEW_END
from store.run_tables import RUN_DECISION
from store.staff.staff_tables import REMARK
from store.subscriber_tables import CONSENT
from store.tables import CAPTURE, IMPORTED, LEDGER, RETOLD, SNAPSHOT, TRACK, VERDICT, VERSION

HISTORY_TABLES: Mapping[str, sa.Table] = {
    table.name: table
    for table in (
        *(CAPTURE, IMPORTED, SNAPSHOT, VERDICT, TRACK, VERSION, LEDGER, RETOLD, GROUNDS),
        *(REVIEW, DECISION, REVIEW_END),
    )
}
"""What visits and decisions write, by capture. A body is covered through the digest in what refers to it."""

COVERED_TABLES: Mapping[str, sa.Table] = {
    **HISTORY_TABLES,
    **{table.name: table for table in (REMARK, CONSENT, RUN_DECISION)},
}
"""Every column of every row of these is covered."""

FREE_WORDS = {(DECISION.name, "why"), (REMARK.name, "text"), (RUN_DECISION.name, "why")}
"""What people wrote, which may name others: never in the log itself, however short."""

SETTLEMENT = "settlement"
"""How a delivery ended, logged apart from the delivery: its row is written again until then."""

SETTLED = (
    *(DeliveryState.ACCEPTED, DeliveryState.DELIVERED),
    *(DeliveryState.REJECTED, DeliveryState.BOUNCED, DeliveryState.CANCELLED),
)


def of_captures(table: sa.Table, capture_ids: Sequence[int]) -> sa.ColumnElement[bool]:
    """Return the condition that picks the rows of a history table that belong to these captures."""
    if table is CAPTURE:
        return CAPTURE.c.id.in_(capture_ids)
    if table in {GROUNDS, RETOLD}:
        own = sa.select(LEDGER.c.pub_seq).where(LEDGER.c.capture_id.in_(capture_ids))
        return table.c.pub_seq.in_(own)
    if table is REVIEW_END:
        own = sa.select(REVIEW.c.id).where(REVIEW.c.capture_id.in_(capture_ids))
        return REVIEW_END.c.review_id.in_(own)
    return table.c.capture_id.in_(capture_ids)


def history_fact(table: sa.Table, row: Mapping[str, Any]) -> Fact:
    """Return what the log says of a row of history: its values, long texts by their digest."""
    values = {column.name: _plain(column, row[column.name]) for column in table.columns}
    return Fact(table.name, row_key(table, row), values)


def delivery_fact(row: Mapping[str, Any], message: bytes, secret: bytes) -> Fact:
    """Return what the log says of an e-mail owed: who and what, only under the recipient's secret.

    `message` are its bytes, none where they are gone.
    """
    subscription = row["subscription_id"]
    values: dict[str, Plain] = {
        "id": row["id"],
        "kind": row["kind"].value,
        "recipient": keyed(secret, "recipient", row["recipient"]),
        "subscription_id": keyed(
            secret, "subscription_id", None if subscription is None else str(subscription)
        ),
        "message_id": keyed(secret, "message_id", row["message_id"]),
        "message": keyed(secret, "message", message),
        "message_sha256": keyed(secret, "message_sha256", row["message_sha256"]),
        "lane": keyed(secret, "lane", row["lane"]),
        "cutoff": row["cutoff"],
        "created_at": instant(row["created_at"]),
        **{name: row[name] for name in ("run_id", "content_id", "corrects_id")},
    }
    return Fact(DELIVERY.name, str(row["id"]), values)


# As text: in what SQLite is to return, SQLAlchemy leaves out whose column it is, and so asks for any secret.
_OWN_KEY = "(SELECT secret FROM recipient_key WHERE recipient_key.recipient = delivery.recipient)"
SETTLEMENT_COLUMNS = (
    *(DELIVERY.c.id, DELIVERY.c.recipient, DELIVERY.c.state, DELIVERY.c.attempts),
    *(DELIVERY.c.settled_at, DELIVERY.c.next_at, DELIVERY.c.response),
    *(DELIVERY.c.refusal, DELIVERY.c.doubted_at, DELIVERY.c.resends),
    sa.literal_column(_OWN_KEY, sa.LargeBinary()).label("secret"),
)
"""What `settlement_fact` states of a delivery, whose secret it states it under, and the secret if known."""


def settlement_fact(row: Mapping[str, Any], secret: bytes) -> Fact:
    """Return what the log says of how a delivery ended; the server's words may hold the address."""
    values: dict[str, Plain] = {
        "id": row["id"],
        "state": row["state"].value,
        "attempts": row["attempts"],
        "settled_at": _instant(row["settled_at"]),
        "next_at": _instant(row["next_at"]),
        "response": keyed(secret, "response", row["response"]),
        "refusal": row["refusal"] and row["refusal"].value,
        "doubted_at": _instant(row["doubted_at"]),
        "resends": row["resends"],
    }
    return Fact(SETTLEMENT, str(row["id"]), values)


def recipient_secret(session: Session, recipient: str) -> bytes | None:
    """Return the secret under which the log names a recipient; None once it is erased."""
    return recipient_secrets(session, [recipient]).get(recipient)


def recipient_secrets(session: Session, recipients: Collection[str]) -> Mapping[str, bytes]:
    """Return those secrets of many recipients, by recipient; erased ones are left out."""
    known = session.execute(_SECRETS, {"recipients": list(recipients)})
    return {row.recipient: bytes(row.secret) for row in known}


_SECRETS = sa.select(RECIPIENT_KEY).where(
    RECIPIENT_KEY.c.recipient.in_(sa.bindparam("recipients", expanding=True))
)


def keyed(secret: bytes, field: str, value: bytes | str | None) -> str | None:
    """Return a value's HMAC under a recipient's secret as the log writes it; None stays None."""
    if value is None:
        return None
    content = value.encode() if isinstance(value, str) else value
    return "hmac-sha256:" + hmac.new(secret, field.encode() + b"\x00" + content, "sha256").hexdigest()


def _plain(column: sa.Column[Any], value: object) -> Plain:
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str) and isinstance(column.type, sa.Text):
        free = (column.table.name, column.name) in FREE_WORDS
        return digest(value.encode()) if free else short_or_digest(value)
    if value is None or isinstance(value, str | int):
        return value
    raise DatabaseError(f"the log cannot state {column} as it is", "This is a fault of coopwatch: report it.")


def _instant(at: datetime | None) -> str | None:
    return None if at is None else instant(at)
