"""The projects as of any day, and one project's whole life."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.digest import prose
from notifier.news import FIELDS
from notifier.story import facts, full_title, label
from notifier.words import HOME, Words
from scraper.records import ChangeKind, Project
from store.history import capture
from store.pages import page
from store.stretches import Stretch, stretches
from store.tracks import ProjectEntry, ProjectLife, project_life, projects
from web.asked import Ask, Number
from web.events import events
from web.timeline import Moment, Shape, timeline

ROUTES = APIRouter()

_SHAPES: dict[ChangeKind, Shape] = {
    ChangeKind.ADDED: "start",
    ChangeKind.REAPPEARED: "start",
    ChangeKind.REMOVED: "gone",
}


@ROUTES.get("/projects")
def listing(asked: Ask, q: str = "", source: str = "", area: str = "", day: str = "") -> HTMLResponse:
    """List the projects that stand on the watched pages, now or at the end of a day."""
    until = _end_of(day)
    with asked.house.db.reading() as session:
        known = projects(session, as_of=until, present=True)
    found = [entry for entry in known if _wanted(entry, q, source, area)]
    return asked.page(
        "projects.html",
        entries=sorted(found, key=_place),
        sources=sorted({entry.source for entry in known}),
        areas=sorted({entry.project.area for entry in known if entry.project.area}),
        asked_for={"q": q, "source": source, "area": area, "day": day if until else ""},
        wrong_day=bool(day) and until is None,
    )


@ROUTES.get("/projects/{source}/{number}")
def life(asked: Ask, source: str, number: Number) -> HTMLResponse:
    """Show what a project is now, everything that ever changed about it, and the visits that show it."""
    with asked.house.db.reading() as session:
        lived = project_life(session, source, number)
        watched = page(session, lived.entry.page_id)
        first = capture(session, lived.versions[0].capture_id) if lived.versions else None
        stood = stretches(session, lived)
    return asked.page(
        "life.html",
        entry=lived.entry,
        page=watched,
        title=full_title(lived.entry.project, asked.words),
        facts=facts(lived.entry.project, asked.words),
        events=events(lived.entries, asked.words, untold=True),
        first=first,
        values=_values(stood, lived.entry.project, asked.words),
        versions=lived.versions[::-1],
        picture=timeline(_moments(lived, asked.words), asked.words.text("timeline.life"), asked.words),
    )


def _values(
    stood: Iterable[Stretch], record: Project, words: Words
) -> list[tuple[str, list[tuple[tuple[str, ...], Stretch]]]]:
    """Return each field's name with its values in words, the newest first; fields in their usual order."""
    found: dict[str, list[tuple[tuple[str, ...], Stretch]]] = {field: [] for field in FIELDS}
    for stretch in stood:
        found[stretch.field].append((words.value(stretch.field, stretch.value, record), stretch))
    return [(label(field, words), values[::-1]) for field, values in found.items() if values]


def _moments(lived: ProjectLife, words: Words) -> Iterable[Moment]:
    first, last = lived.entry.first_seen, lived.entry.last_seen
    yield Moment(first, "start", words.text("life.first_seen", day=words.day(first)))
    for event in events(lived.entries, words, untold=True):
        told = event.story
        shape = _SHAPES.get(told.news.kind, "change")
        said = f"{words.day(told.news.at)}{words.text('colon')} {told.sentence}"
        yield Moment(told.news.at, shape, said, max(1, len(told.rows)))
    yield Moment(last, "quiet", words.text("life.last_seen", day=words.day(last)))


def _end_of(day: str) -> datetime | None:
    """Return the instant at which a civil day ends in Europe/Rome; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), HOME)
    except (ValueError, OverflowError):
        return None


def _wanted(entry: ProjectEntry, words: str, source: str, area: str) -> bool:
    said = "\n".join(prose(entry.project)).casefold()
    return (
        (not source or entry.source == source)
        and (not area or entry.project.area == area)
        and all(word in said for word in words.casefold().split())
    )


def _place(entry: ProjectEntry) -> tuple[str, bool, str, int]:
    area = entry.project.area
    return entry.source, area is None, (area or "").casefold(), entry.number
