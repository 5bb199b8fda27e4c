"""The mailed links of a subscription as they may be shown: what for and until when, never the secret."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from store.database import Session
from store.kinds import TokenPurpose
from store.mail_tables import TOKEN


@dataclass(frozen=True, slots=True)
class MailedLink:
    """A link that was mailed; one without `expires_at` works as long as its subscription is on record."""

    purpose: TokenPurpose
    created_at: datetime
    expires_at: datetime | None


def mailed_links(session: Session, subscription_id: int) -> tuple[MailedLink, ...]:
    """Return every link of a subscription that is on record, oldest first."""
    here = TOKEN.c.subscription_id == subscription_id
    rows = session.execute(sa.select(TOKEN).where(here).order_by(TOKEN.c.created_at, TOKEN.c.sha256))
    return tuple(MailedLink(row.purpose, row.created_at, row.expires_at) for row in rows)
