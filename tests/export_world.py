"""A logged history with every kind of visit that an export has to carry."""

from datetime import datetime, timedelta

from scraper.compare import Outcome
from scraper.records import (
    Capture,
    Decision,
    Failure,
    FailureKind,
    PageState,
    Project,
    Redirect,
    Snapshot,
    Verdict,
)
from store import history
from store.database import Database, Session
from store.evidence.attest import attest_visit
from store.evidence.seals import Checkpoint, seal
from tests.evidence_world import SIGNER
from tests.store_visits import ADDRESS, changes_between, day, enrolled, present, state_of

HTML = (("Content-Type", "text/html; charset=utf-8"), ("ETag", '"1"'))
FIRST = "<html><p>Progetto «Gambia»: città, è già iniziato.</p>\r\n\r\n\x00</html>".encode()
SECOND = FIRST.replace(b"Gambia", b"Gambia due")
MOVED = "https://torino.example/nuova/progetti"
GAMBIA, SECOND_GAMBIA = Project(title="Gambia <script>"), Project(title="Gambia due", status=None)


def captures() -> tuple[Capture, ...]:
    """Every kind of answer, one a day."""
    zipped = (*HTML, ("Content-Encoding", "gzip"), ("Content-Length", "17"), ("X-Città", "Torino è già"))
    return (
        Capture(ADDRESS, day(1), 200, zipped, FIRST, coded_sha256="ab" * 32, coded_length=17),
        Capture(ADDRESS, day(2), 200, (*HTML, ("Content-Length", str(len(FIRST)))), FIRST),
        Capture(ADDRESS, day(3), 304, (("ETag", '"1"'),)),
        Capture(ADDRESS, day(4), failure=Failure(FailureKind.NETWORK, "the connection\nwas refused")),
        Capture(ADDRESS, day(5), 200, HTML, SECOND, redirects=(Redirect(301, MOVED),)),
        Capture(ADDRESS, day(6), 503, (("Retry-After", "60"),), b"manutenzione"),
        Capture(ADDRESS, day(7), 200, HTML, SECOND + b"x" * 5000, cut=True),
        Capture(ADDRESS, day(8) + timedelta(microseconds=7), 200, HTML, FIRST),
        Capture(ADDRESS, day(9), 204, HTML, b""),
        Capture(ADDRESS, day(10), 299, HTML),
    )


def recorded(session: Session, page_id: int, capture: Capture, at: datetime) -> int:
    """Record and attest a visit: the second body brings another title."""
    before = history.state(session, "torino")
    projects = dict(present(before)) or {1: GAMBIA}
    decision = Decision.FAILED
    if capture.status == 200:
        projects = {1: SECOND_GAMBIA if b"due" in (capture.body or b"") else GAMBIA}
        decision = Decision.ACCEPTED
    reading = None
    if capture.body is not None:
        reading = Snapshot("reader-1", PageState.OK, projects=tuple(projects.values()))
    outcome = Outcome(Verdict(decision, ("as told",)), changes_between(present(before), projects))
    after = state_of(projects, before)
    number = history.record(session, page_id, capture, reading, before, after, outcome, at)
    attest_visit(session, number)
    return number


def archive_history(db: Database) -> list[Checkpoint]:
    """Record all of it, sealed on the third and on the last day."""
    made = []
    with db.writing() as session:
        page = enrolled(session)
    for number, capture in enumerate(captures(), 1):
        with db.writing() as session:
            recorded(session, page, capture, capture.at)
            if number in {3, len(captures())}:
                made.append(seal(session, SIGNER, capture.at + timedelta(hours=1)))
    return made
