"""Putting what was just written into the log, in the same transaction: call these last before the commit."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from store.database import Session, insert_all_new
from store.evidence.canonical import Plain, instant
from store.evidence.covered import (
    COVERED_TABLES,
    HISTORY_TABLES,
    SETTLED,
    SETTLEMENT,
    delivery_fact,
    history_fact,
    of_captures,
    recipient_secrets,
    settlement_fact,
)
from store.evidence.log import Fact, append, batches, log_entries
from store.evidence.log_tables import LOG_ENTRY, RECIPIENT_KEY
from store.evidence.raw_rows import all_keys, raw_rows
from store.mail_tables import DELIVERY, MESSAGE
from store.review_tables import REVIEW, REVIEW_END
from store.subscriber_tables import CONSENT
from store.tables import CAPTURE, PAGE

SECRET_SIZE = 32


def attest_visit(session: Session, capture_id: int) -> None:
    """Log every row of history that belongs to this capture, or ended by it, and is not logged yet.

    This serves a visit, a later reading of its body, and what staff decided about it alike.
    """
    facts: list[Fact] = []
    for table in HISTORY_TABLES.values():
        facts += _facts(session, table, of_captures(table, [capture_id]))
    facts += _facts(session, REVIEW_END, _ended_unlogged(capture_id))
    append(session, _unlogged(session, list({(fact.kind, fact.key): fact for fact in facts}.values())))


def attest_captures(session: Session, capture_ids: Iterable[int]) -> None:
    """Log what `attest_visit` would of many captures, in the order of tables."""
    for table in HISTORY_TABLES.values():
        for chosen in batches(sorted(set(capture_ids))):
            append(session, _unlogged(session, _facts(session, table, of_captures(table, chosen))))


def attest_deliveries(session: Session, delivery_ids: Iterable[int]) -> None:
    """Log e-mails owed, and how they ended where they have, as far as that is not logged yet."""
    facts: list[Fact] = []
    settlements: list[Fact] = []
    for chosen in batches(sorted(set(delivery_ids))):
        query = sa.select(DELIVERY, MESSAGE.c.content).outerjoin(MESSAGE).where(DELIVERY.c.id.in_(chosen))
        rows = session.execute(query.order_by(DELIVERY.c.id)).all()
        secrets_known = secrets_of(session, {row.recipient for row in rows})
        for row in rows:
            secret = secrets_known[row.recipient]
            facts.append(delivery_fact(row._asdict(), row.content or b"", secret))
            if row.state in SETTLED:
                settlements.append(settlement_fact(row._asdict(), secret))
    append(session, (*_unlogged(session, facts), *_unsettled(session, settlements)))


def attest_settlements(session: Session, settled: Iterable[sa.Row[Any]]) -> None:
    """Log how deliveries ended, from the SETTLEMENT_COLUMNS as this transaction just wrote them.

    Each must have changed its state: then its last settlement says something else, or there is none, and the
    log need not be asked.
    """
    facts = [
        settlement_fact(row._asdict(), row.secret or secret_of(session, row.recipient))
        for row in sorted(settled, key=lambda row: int(row.id))
    ]
    append(session, facts)


def attest_row(session: Session, table: sa.Table, number: int) -> None:
    """Log a row of a covered table; what staff wrote in it only by its digest."""
    append(session, _unlogged(session, _facts(session, table, table.c.id == number)))


def attest_consent(session: Session, consent_id: int) -> None:
    """Log a consent, which holds no personal data by itself."""
    append(session, _unlogged(session, _facts(session, CONSENT, CONSENT.c.id == consent_id)))


def attest_staff_action(
    session: Session, *, at: datetime, account: int, action: str, subject: str, content: str | None = None
) -> None:
    """Log what a staff account did to what; `content` is a digest of words that may be personal."""
    row: dict[str, Plain] = {"at": instant(at), "account": account, "action": action}
    append(session, [Fact("staff", str(account), {**row, "subject": subject, "content": content})])


def attest_removal(
    session: Session, *, at: datetime, table: str, keys: Sequence[str], what: str, reason: str
) -> None:
    """Log that rows are dropped on purpose ("row"), or just one column of theirs: verification expects it."""
    row: dict[str, Plain] = {"at": instant(at), "table": table, "keys": list(keys)}
    append(session, [Fact("removal", table, {**row, "what": what, "reason": reason})])


def attest_restoration(session: Session, *, at: datetime, made_at: datetime, sha256: str) -> None:
    """Log that a backup was put back: whatever the log held since `made_at` is not in it any more."""
    row: dict[str, Plain] = {"at": instant(at), "made_at": instant(made_at), "sha256": sha256}
    append(session, [Fact("restoration", instant(at), row)])


def forget_recipient(session: Session, recipient: str, at: datetime, reason: str) -> None:
    """Destroy the secret under which the log names a recipient, and log which deliveries this concerns.

    From then on nobody can tell whom those entries name. Their rows may be erased or kept.
    """
    query = sa.select(DELIVERY.c.id).where(DELIVERY.c.recipient == recipient).order_by(DELIVERY.c.id)
    keys = [str(number) for number in session.execute(query).scalars()]
    session.execute(sa.delete(RECIPIENT_KEY).where(RECIPIENT_KEY.c.recipient == recipient))
    if keys:
        attest_removal(session, at=at, table=DELIVERY.name, keys=keys, what="row", reason=reason)


def adopt(session: Session, at: datetime) -> int:
    """Log all covered rows that are not logged yet, and how many; for a database older than the log.

    What the log says of them it vouches for only from now on.
    """
    adopted = 0
    for table in COVERED_TABLES.values():
        for keys in batches(_missing(session, table)):
            rows = raw_rows(session, table, keys)
            facts = [history_fact(table, rows[key].values) for key in keys]
            append(session, facts)
            adopted += len(facts)
    deliveries = _missing(session, DELIVERY)
    attest_deliveries(session, map(int, deliveries))
    adopted += len(deliveries)
    if adopted:
        append(session, [Fact("adoption", instant(at), {"at": instant(at), "rows": adopted})])
    return adopted


def _facts(session: Session, table: sa.Table, condition: sa.ColumnElement[bool]) -> list[Fact]:
    query = sa.select(table).where(condition).order_by(*table.primary_key.columns)
    return [history_fact(table, row._asdict()) for row in session.execute(query)]


def _ended_unlogged(capture_id: int) -> sa.ColumnElement[bool]:
    """Return the condition that picks ends of reviews that a visit brought, whatever capture began them."""
    source = sa.select(PAGE.c.source).join(CAPTURE, CAPTURE.c.page_id == PAGE.c.id)
    own = source.where(CAPTURE.c.id == capture_id).scalar_subquery()
    reviews = sa.select(REVIEW.c.id).where(REVIEW.c.source == own)
    key = sa.cast(REVIEW_END.c.review_id, sa.String)
    logged = sa.exists().where(LOG_ENTRY.c.kind == REVIEW_END.name, LOG_ENTRY.c.key == key)
    return REVIEW_END.c.review_id.in_(reviews) & ~logged


def _unlogged(session: Session, facts: Sequence[Fact]) -> list[Fact]:
    kinds = {fact.kind for fact in facts}
    known = {
        (kind, entry.key)
        for kind in kinds
        for entry in log_entries(session, kind, (fact.key for fact in facts if fact.kind == kind))
    }
    return [fact for fact in facts if (fact.kind, fact.key) not in known]


def _unsettled(session: Session, settlements: Sequence[Fact]) -> list[Fact]:
    """Leave out what the last logged settlement of a delivery says already; a later one may say otherwise."""
    logged = log_entries(session, SETTLEMENT, (fact.key for fact in settlements))
    last = {entry.key: entry.row for entry in logged}
    return [fact for fact in settlements if last.get(fact.key) != fact.row]


def _missing(session: Session, table: sa.Table) -> list[str]:
    keys = list(all_keys(session, table))
    known = {entry.key for entry in log_entries(session, table.name, keys)}
    return [key for key in keys if key not in known]


def secret_of(session: Session, recipient: str) -> bytes:
    """Return the secret under which the log names a recipient, or a mailbox; made where there is none."""
    return secrets_of(session, [recipient])[recipient]


def secrets_of(session: Session, recipients: Collection[str]) -> Mapping[str, bytes]:
    """Return those secrets of many recipients, by recipient."""
    known = recipient_secrets(session, recipients)
    fresh = sorted(set(recipients) - known.keys())  # in one order, so that two writers never cross
    if not fresh:
        return known
    rows = [{"recipient": one, "secret": secrets.token_bytes(SECRET_SIZE)} for one in fresh]
    insert_all_new(session, RECIPIENT_KEY, rows)
    return recipient_secrets(session, recipients)
