"""Consent to be written to: which words somebody agreed to, when and where, kept so that it can be proven."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from store.database import Session, insert_new
from store.evidence.attest import attest_consent, secret_of
from store.evidence.covered import keyed, recipient_secret
from store.kinds import ConsentEvent, Frequency, SignUpForm
from store.subscriber_tables import CONSENT, CONSENT_WORDING

__all__ = ["Consent", "ConsentEvent", "SignUpForm", "Wording", "consents", "keep_wording", "record_consent"]


@dataclass(frozen=True, slots=True)
class Wording:
    """The exact words above a button; `version` is raised when they are meant to say more or less."""

    version: str
    language: str
    text: str

    @property
    def sha256(self) -> str:
        """The name under which the words are kept."""
        return sha256("\n".join((self.version, self.language, self.text)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Consent:
    """Consent given or withdrawn at `at`, after it was asked for at `requested_at`.

    `asked` stood on the form that asked, `confirmed` above the button that confirmed; None: no form of ours.
    `member` of the staff asked for the reader, or (None) nobody did.
    """

    at: datetime
    event: ConsentEvent
    form: SignUpForm
    requested_at: datetime
    language: str
    frequency: Frequency
    asked: Wording | None
    confirmed: Wording | None
    member: int | None


def keep_wording(session: Session, wording: Wording) -> str:
    """Keep the words once, and return their name."""
    values = {"version": wording.version, "language": wording.language, "text": wording.text}
    insert_new(session, CONSENT_WORDING, {"sha256": wording.sha256, **values})
    return wording.sha256


def record_consent(
    session: Session,
    event: ConsentEvent,
    subscription: Mapping[str, Any],
    at: datetime,
    wording: Wording | None = None,
) -> None:
    """Note that the reader of this row of the table of subscriptions gave or withdrew consent.

    Call it last before the commit: it logs what it notes.
    """
    secret = secret_of(session, subscription["mailbox"])
    row = {
        "at": at,
        "event": event,
        "subject": keyed(secret, "mailbox", subscription["mailbox"]),
        "origin": keyed(secret, "origin", subscription["origin"]),
        "wording": keep_wording(session, wording) if wording else None,
        **{name: subscription[name] for name in ("form", "requested_at", "language", "frequency")},
        **{name: subscription[name] for name in ("asked_wording", "member")},
    }
    number = session.execute(sa.insert(CONSENT).values(row).returning(CONSENT.c.id)).scalar_one()
    attest_consent(session, int(number))


def consents(session: Session, mailbox: str) -> tuple[Consent, ...]:
    """Return what is on record of a mailbox, oldest first; nothing any more once it was erased."""
    secret = recipient_secret(session, mailbox)
    if secret is None:
        return ()
    asked, confirmed = CONSENT_WORDING.alias(), CONSENT_WORDING.alias()
    query = (
        sa.select(CONSENT, *_columns(asked, "asked"), *_columns(confirmed, "confirmed"))
        .outerjoin(asked, asked.c.sha256 == CONSENT.c.asked_wording)
        .outerjoin(confirmed, confirmed.c.sha256 == CONSENT.c.wording)
        .where(CONSENT.c.subject == keyed(secret, "mailbox", mailbox))
        .order_by(CONSENT.c.id)
    )
    return tuple(_consent(row._asdict()) for row in session.execute(query))


def _columns(words: sa.FromClause, prefix: str) -> list[sa.Label[Any]]:
    return [words.c[name].label(f"{prefix}_{name}") for name in ("version", "language", "text")]


def _consent(row: Mapping[str, Any]) -> Consent:
    return Consent(
        at=row["at"],
        event=row["event"],
        form=row["form"],
        requested_at=row["requested_at"],
        language=row["language"],
        frequency=row["frequency"],
        asked=_wording(row, "asked"),
        confirmed=_wording(row, "confirmed"),
        member=row["member"],
    )


def _wording(row: Mapping[str, Any], which: str) -> Wording | None:
    version = row[f"{which}_version"]
    if version is None:
        return None
    return Wording(version, row[f"{which}_language"], row[f"{which}_text"])
