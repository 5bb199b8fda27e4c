"""A small logged history for the evidence tests: visits, changes, mails, all of it attested and sealed."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa
from sqlmodel import Session

from scraper.records import Decision, Project
from store.database import Database
from store.deliveries import DeliveryKind, owe
from store.evidence.attest import attest_deliveries, attest_visit
from store.evidence.notes import SignerKey
from store.evidence.seals import Checkpoint, seal
from store.kinds import StaffAction
from store.outbox import claim, settle_accepted
from store.review_tables import DECISION, REVIEW
from store.subscriptions import Filters, Frequency, request_subscription
from tests.store_visits import day, enrolled, record_visit

SIGNER = SignerKey("coopwatch.example/log", bytes(range(32)))
VERIFIERS = (SIGNER.verifier,)
PAGE = "<html><body><p>Progetto Gambia: formazione, {} partecipanti. {}</p></body></html>"
FILLER = "Il Comune di Torino partecipa a progetti di cooperazione internazionale. " * 40


def visit(
    session: Session,
    page_id: int,
    number: float,
    projects: Mapping[int, Project],
    decision: Decision = Decision.ACCEPTED,
    body: bytes | None = None,
) -> int:
    """Record and attest a visit on that day."""
    content = body or PAGE.format(number, FILLER).encode()
    capture = record_visit(session, page_id, day(number), projects, body=content, decision=decision)
    attest_visit(session, capture)
    return capture


def review(session: Session, page_id: int, capture_id: int, number: float) -> None:
    """Begin a review with that capture, which the next visit settles, and decide something about it."""
    at = day(number)
    about = {"source": "torino", "capture_id": capture_id}
    opened = {"page_id": page_id, "key": f"https://{number}", "since": at, "opened_at": at, "reasons": "[]"}
    row = sa.insert(REVIEW).values(kind="capture", **about, **opened, question="{" + "x" * 80 + "}")
    begun = session.execute(row.returning(REVIEW.c.id)).scalar_one()
    words = {"member": 1, "action": StaffAction.RELEASE, "why": f"ong@example.org said {number}"}
    session.execute(sa.insert(DECISION).values(**about, **words, review_id=begun, at=at))
    attest_visit(session, capture_id)


def mail(session: Session, number: int, recipient: str = "ong@example.org", settled: bool = True) -> int:
    """Owe, attest and settle a mail on that day."""
    at = day(number)
    subscription = request_subscription(session, recipient, "it", Frequency.DAILY, Filters(), at)
    delivery = owe(
        session,
        kind=DeliveryKind.DIGEST,
        recipient=recipient,
        message_id=f"<{number}.{recipient}>",
        message=f"To: {recipient}\r\n\r\nGambia, {number}\r\n".encode(),
        at=at,
        subscription_id=subscription.id,
        cutoff=number,
    )
    assert delivery is not None
    attest_deliveries(session, [delivery])
    if settled:
        taken = claim(session, at, at + timedelta(minutes=5))
        assert taken is not None
        settle_accepted(session, taken.id, at, f"250 ok, {recipient}")
        attest_deliveries(session, [taken.id])
    return delivery


def history(db: Database, days: int = 6, seals_after: tuple[int, ...] = (2, 4)) -> list[Checkpoint]:
    """Fill a database with that many days of visits and mails, sealed after some of them."""
    made = []
    with db.writing() as session:
        page = enrolled(session)
    for number in range(1, days + 1):
        with db.writing() as session:
            projects = {1: Project(title=f"Gambia {number}"), 2: Project(title="MC2CM")}
            if number > 2:
                projects[3] = Project(title="BleuTourMed")
            capture = visit(session, page, number, projects)
            review(session, page, capture, number)
            mail(session, number)
        if number in seals_after:
            with db.writing() as session:
                made.append(seal(session, SIGNER, day(number + 0.5)))
    return made
