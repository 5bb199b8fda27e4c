"""What the staff did, as the evidence log tells it: the log is the list, so nothing can be left out."""

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.evidence.log_tables import LOG_ENTRY

_STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Deed:
    """One action: entry number `index` of the log says that `member` did `action` to `subject`.

    `content` is the digest of the words that went with it, if any did.
    """

    index: int
    at: datetime
    member: int
    action: str
    subject: str
    content: str | None


def deeds(
    session: Session, limit: int, before: int | None = None, member: int | None = None
) -> tuple[Deed, ...]:
    """Return what was done, newest first, by one member or by all; `before` continues a listing."""
    query = sa.select(LOG_ENTRY.c.leaf_index, LOG_ENTRY.c.entry).where(LOG_ENTRY.c.kind == _STAFF)
    if before is not None:
        query = query.where(LOG_ENTRY.c.leaf_index < before)
    if member is not None:
        query = query.where(LOG_ENTRY.c.key == str(member))
    rows = session.execute(query.order_by(LOG_ENTRY.c.leaf_index.desc()).limit(limit))
    return tuple(_deed(row.leaf_index, row.entry) for row in rows)


def _deed(index: int, text: str) -> Deed:
    row = json.loads(text)["row"]
    at = datetime.fromisoformat(row["at"])
    return Deed(index, at, int(row["account"]), row["action"], row["subject"], row["content"])
