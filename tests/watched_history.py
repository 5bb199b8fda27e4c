"""The watched page's history of 2018, recorded through the comparison, for tests of pages and mails."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scraper.compare import step
from scraper.records import (
    Capture,
    Failure,
    FailureKind,
    Layout,
    PageState,
    Project,
    ProjectStatus,
    Role,
    Snapshot,
    Span,
)
from scraper.sources import Source, WatchedPage
from store.database import Database, Session
from store.history import record, state
from store.pages import enrol, pages
from tests.digest_samples import GAMBIA, MC2CM

ADDRESS = "https://www.example.org/cooperazione/progetti"
BEGIN = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
SOURCE = Source(
    name="torino",
    title="Città metropolitana di Torino – cooperazione internazionale",
    publisher="Città metropolitana di Torino",
    pages=(WatchedPage(address=ADDRESS, title="Progetti di cooperazione internazionale"),),
)

AICS = "Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo"
SMART = Project(
    title="S.M.A.R.T. Sanitation, Marketing Agriculture, Rural Development and Transformation",
    acronym="S.M.A.R.T.",
    area="AFRICA",
    programmes=(AICS,),
    status=ProjectStatus.ONGOING,
    section="PROGETTI IN CORSO",
    layout=Layout.TABLE,
)
PLASTIC = replace(
    SMART,
    title="100% Plastica - Sviluppo del settore di raccolta e riciclo dei rifiuti plastici ad Awassa",
    acronym=None,
)
BLEU = replace(
    SMART,
    title="BleuTourMed_C3 - Maritime and Coastal SustainaBLE Tourism in the Mediterranean",
    acronym="BleuTourMed_C3",
    area="AREA MEDITERRANEA",
    programmes=("Programma Interreg MED",),
    role=Role.STAKEHOLDER,
)
MC2CM_BEFORE = Project(
    title="PROGETTO MC2CM - seconda fase",
    acronym="MC2CM",
    status=ProjectStatus.STARTING,
    end="2021-03",
    note="Progetto approvato e in fase di avvio. Le attività inizieranno a settembre a Cartagine.",
    section="PROGETTO MC2CM - seconda fase",
    layout=Layout.PROSE,
)
MC2CM_TABLE = replace(
    MC2CM,
    note="Progetto in corso. Le attività sono iniziate a settembre a Cartagine.",
    spans=(Span("status", 3, 0, 18, "PROGETTI IN CORSO"), Span("title", 9, 0, 52, MC2CM.title or "")),
)
CONCLUDED = replace(SMART, status=ProjectStatus.CONCLUDED, section="PROGETTI CONCLUSI")

FIRST = (SMART, PLASTIC, BLEU, MC2CM_BEFORE)
SECOND = (SMART, PLASTIC, BLEU, MC2CM_TABLE, GAMBIA)
THIRD = (CONCLUDED, PLASTIC, BLEU, MC2CM_TABLE, GAMBIA)


def days(number: float) -> datetime:
    """The instant so many days after the beginning."""
    return BEGIN + timedelta(days=number)


def enrolled(session: Session) -> int:
    """Enrol the source and return its page's number."""
    enrol(session, SOURCE, BEGIN)
    return pages(session)[0].id


def answered(at: datetime, content: str) -> Capture:
    """An answer with this content."""
    return Capture(ADDRESS, at, 200, (("content-type", "text/html"),), content.encode())


def visited(session: Session, page_id: int, at: datetime, projects: tuple[Project, ...] | None) -> int:
    """Record a visit that found these projects, or with None a page under maintenance."""
    if projects is None:
        reading = Snapshot("reader-1", PageState.MAINTENANCE, "the page says that it is under maintenance")
    else:
        reading = Snapshot("reader-1", PageState.OK, projects=projects, fingerprint=repr(projects))
    return _recorded(session, page_id, answered(at, reading.fingerprint or "in manutenzione"), reading)


def failed(session: Session, page_id: int, at: datetime) -> int:
    """Record a visit that reached nobody."""
    failure = Failure(FailureKind.NETWORK, "the server did not answer within 60 s")
    return _recorded(session, page_id, Capture(ADDRESS, at, failure=failure), None)


def _recorded(session: Session, page_id: int, capture: Capture, reading: Snapshot | None) -> int:
    before = state(session, SOURCE.name)
    after, outcome = step(before, capture, reading)
    return record(session, page_id, capture, reading, before, after, outcome, capture.at)


def watched_2018(db: Database) -> int:
    """Record quiet visits, a failure, maintenance and two real changes; return the page's number."""
    with db.writing() as session:
        page_id = enrolled(session)
    plan: list[tuple[float, tuple[Project, ...] | None]] = [
        *((day, FIRST) for day in (0, 1, 2, 9, 16, 30)),
        *((day, SECOND) for day in (85, 90, 101)),
        (110, None),
        (111, SECOND),
        (150, THIRD),
        (151, THIRD),
    ]
    for day, projects in plan:
        with db.writing() as session:
            visited(session, page_id, days(day), projects)
    with db.writing() as session:
        failed(session, page_id, days(160))
        visited(session, page_id, days(161), THIRD)
    return page_id
