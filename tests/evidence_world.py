"""A small logged history for the evidence tests: visits, changes, mails, all of it attested and sealed."""

from collections.abc import Mapping
from datetime import timedelta

import sqlalchemy as sa

from scraper.archived import Archived
from scraper.records import Capture, Change, ChangeKind, Decision, Project, Verdict
from store.captured import keep_verdict
from store.database import Database, Session
from store.decisions import Signature
from store.deliveries import DeliveryKind, owe
from store.evidence.attest import attest_deliveries, attest_visit
from store.evidence.notes import SignerKey
from store.evidence.seals import Checkpoint, seal
from store.imports import keep_archived, log_captures
from store.kinds import RunAction, RunKind, RunState, StaffAction
from store.ledger import publish_retold
from store.outbox import settle_accepted
from store.review_tables import DECISION, REVIEW
from store.run_decisions import keep_run_decision
from store.run_tables import RUN
from store.staff.remarks import Subject, add_remark
from store.subscriptions import Filters, Frequency, confirm, request_subscription
from tests.sending import claim
from tests.store_visits import ADDRESS, day, enrolled, record_visit, snapshot_of

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


def beside(session: Session, page_id: int, number: int) -> None:
    """Write on that day what is logged beside visits, reviews and mails: of archives, staff and readers."""
    at, years_ago = day(number), day(number - 1000)
    body = PAGE.format(number, "Anni fa.").encode()
    archived = Archived(
        Capture(ADDRESS, years_ago, 200, (), body), "old.warc.gz", "0" * 64, f"<urn:{number}>"
    )
    kept = keep_archived(session, page_id, archived, snapshot_of({}), ADDRESS, at)
    assert kept is not None
    keep_verdict(session, page_id, kept, Verdict(Decision.ACCEPTED), at)
    added = Change(ChangeKind.ADDED, 1, Project(title=f"Gambia, anni fa: {number}"))
    publish_retold(session, "torino", kept, [added], years_ago)
    log_captures(session, [kept])
    add_remark(session, Subject.PAGE, str(page_id), f"ong@example.org wrote to us: {number}", 1, at)
    wish = (f"reader{number}@example.org", "it", Frequency.DAILY, Filters())
    confirm(session, request_subscription(session, *wish, at).id, at)
    told = {
        "state": RunState.CLOSED,
        "reasons": "[]",
        "due_at": at,
        "moved_at": at,
        "period": f"day {number}",
    }
    run = sa.insert(RUN).values(kind=RunKind.DIGEST, frequency=Frequency.DAILY, **told).returning(RUN.c.id)
    signature = Signature("Anna", f"ong@example.org had asked: {number}", at)
    keep_run_decision(session, session.execute(run).scalar_one(), RunAction.HOLD, signature)


def history(
    db: Database, days: int = 6, seals_after: tuple[int, ...] = (2, 4), *, wide: bool = False
) -> list[Checkpoint]:
    """Fill a database with that many days of visits and mails, sealed after some of them.

    A `wide` one has rows in every table that the log covers.
    """
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
            if wide:
                beside(session, page, number)
        if number in seals_after:
            with db.writing() as session:
                made.append(seal(session, SIGNER, day(number + 0.5)))
    return made
