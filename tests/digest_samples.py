"""Ledger entries as the watched page made them in 2018, and a reader of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from scraper.records import Change, ChangeKind, Layout, Project, ProjectStatus, Role, Value
from store.ledger import LedgerEntry
from store.subscriptions import Filters, Frequency, Subscription, SubscriptionState

START = datetime(2018, 11, 13, 5, 30, tzinfo=UTC)

MC2CM = Project(
    title="MC2CM 2a fase - Mediterranean City to City Migration",
    acronym="MC2CM",
    area="AREA MEDITERRANEA",
    programmes=("Commissione europea in collaborazione con l'Agenzia nazionale Svizzera per lo sviluppo",),
    status=ProjectStatus.ONGOING,
    role=Role.STAKEHOLDER,
    section="PROGETTI IN CORSO",
    layout=Layout.TABLE,
)
GAMBIA = Project(
    title="RAGAZZI IN GAMBIA",
    status=ProjectStatus.EVALUATION,
    role=Role.LEAD,
    countries=("GM",),
    note="Presentato il 12 novembre 2018.",
    section="PROGETTI IN VALUTAZIONE",
)


def changed(
    field: str, before: Value, after: Value, *, project: Project = MC2CM, track: int = 6, told: bool = True
) -> Change:
    """A change of one field."""
    kinds = {"title": ChangeKind.RETITLED, "section": ChangeKind.MOVED}
    return Change(kinds.get(field, ChangeKind.CHANGED), track, project, field, before, after, told=told)


def happened(kind: ChangeKind, project: Project = GAMBIA, track: int = 7) -> Change:
    """A project that came, went or came back."""
    return Change(kind, track, project)


def ledger(*changes: Change, first: int = 1, source: str = "torino", page_id: int = 1) -> list[LedgerEntry]:
    """Entries numbered from `first`, an hour apart, each of a capture of its own."""
    return [
        LedgerEntry(number, START + timedelta(hours=number - first), source, page_id, number, change)
        for number, change in enumerate(changes, first)
    ]


def reader(language: str = "it", cursor: int = 0, **filters: tuple[str, ...]) -> Subscription:
    """An active subscription that wants to hear at once."""
    return Subscription(
        id=1,
        address="ong@example.org",
        language=language,
        frequency=Frequency.AT_ONCE,
        filters=replace(Filters(), **filters),  # type: ignore[arg-type]
        state=SubscriptionState.ACTIVE,
        cursor=cursor,
        requested_at=START,
        confirmed_at=START,
        ended_at=None,
        told_at=None,
    )


def november() -> list[LedgerEntry]:
    """What became public when MC2CM moved from prose into the table and Gambia was added."""
    return ledger(
        changed("title", "PROGETTO MC2CM - seconda fase", MC2CM.title),
        changed("status", "starting", "ongoing"),
        changed("area", None, "AREA MEDITERRANEA"),
        changed("programmes", (), MC2CM.programmes),
        changed("role", None, "stakeholder"),
        changed("end", "2021-03", None, told=False),
        changed("section", "PROGETTO MC2CM", "PROGETTI IN CORSO", told=False),
        happened(ChangeKind.ADDED),
    )
