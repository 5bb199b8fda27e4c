"""What an evidence package is about: a page with all its visits, or a project with those that show it."""

from dataclasses import dataclass

from scraper.records import Project
from store.database import Session
from store.history import CaptureEntry, capture, captures
from store.ledger import LedgerEntry, entries
from store.pages import PageEntry, page
from store.tracks import ProjectEntry, ProjectLife, ProjectVersion, project_life


@dataclass(frozen=True, slots=True)
class Dossier:
    """A page or project, its captures (oldest first) and what became public through them.

    `versions` are a project's records through time; a page has none of its own.
    """

    name: str
    title: str
    source: str
    addresses: tuple[str, ...]
    captures: tuple[CaptureEntry, ...]
    changes: tuple[LedgerEntry, ...]
    versions: tuple[ProjectVersion, ...] = ()


def page_dossier(session: Session, entry: PageEntry) -> Dossier:
    """Return a page with every visit that was ever made."""
    visits = captures(session, entry.id)[::-1]
    known = {visit.id for visit in visits}
    changes = entries(session, source=entry.source)
    return Dossier(
        name=f"page {entry.id}",
        title=entry.title or entry.address,
        source=entry.source,
        addresses=(entry.address,),
        captures=visits,
        changes=tuple(change for change in changes if change.capture_id in known),
    )


def project_dossier(session: Session, entry: ProjectEntry) -> Dossier:
    """Return a project with the captures that brought its records, and the last one that bore it out."""
    life = project_life(session, entry.source, entry.number)
    wanted = {version.capture_id for version in life.versions} | {told.capture_id for told in life.entries}
    visits = [capture(session, number) for number in wanted]
    visits += _last_good(session, life, wanted)
    pages = {visit.page_id for visit in visits}
    return Dossier(
        name=f"{entry.source}/{entry.number}",
        title=_called(entry.project),
        source=entry.source,
        addresses=tuple(page(session, number).address for number in sorted(pages)),
        captures=tuple(sorted(visits, key=lambda visit: (visit.at, visit.id))),
        changes=life.entries,
        versions=life.versions,
    )


def _last_good(session: Session, life: ProjectLife, known: set[int]) -> list[CaptureEntry]:
    """Return the visit at which the project was last seen, where that is none of those known."""
    visits = captures(session, life.entry.page_id)
    seen = (visit for visit in visits if visit.at == life.entry.last_seen and visit.id not in known)
    return list(seen)[:1]


def _called(project: Project) -> str:
    return project.title or project.acronym or "–"
