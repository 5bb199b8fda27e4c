"""A watched page's history, and what one visit found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.story import Fact, facts, full_title
from notifier.words import Words
from scraper.records import Decision, Project
from store.history import CaptureEntry, capture, captures, snapshot
from store.ledger import entries
from store.pages import page
from web.asked import Ask, Number
from web.events import events
from web.timeline import Moment, Shape, timeline

ROUTES = APIRouter()

AT_ONCE = 400
"""So many visits are listed and drawn on one page; older ones are on the next."""

_SHAPES: dict[Decision, Shape] = {
    Decision.ACCEPTED: "change",
    Decision.UNCHANGED: "quiet",
    Decision.HELD: "held",
    Decision.FAILED: "failed",
}


@dataclass(frozen=True, slots=True)
class Visits:
    """Visits in a row that brought the same: one, or several that found nothing new; newest first."""

    entries: tuple[CaptureEntry, ...]

    @property
    def newest(self) -> CaptureEntry:
        """The last of them."""
        return self.entries[0]

    @property
    def oldest(self) -> CaptureEntry:
        """The first of them."""
        return self.entries[-1]


@dataclass(frozen=True, slots=True)
class Record:
    """A project as one version of the page states it."""

    title: str
    facts: tuple[Fact, ...]


@ROUTES.get("/pages/{page_id}")
def history(asked: Ask, page_id: Number, before: Number | None = None) -> HTMLResponse:
    """Show every visit to a page, drawn and listed, with two versions to choose for a comparison."""
    with asked.house.db.reading() as session:
        watched = page(session, page_id)
        seen = captures(session, page_id, limit=AT_ONCE + 1, before=before)
    listed, more = seen[:AT_ONCE], len(seen) > AT_ONCE
    versions = [entry for entry in listed if is_version(entry)]
    baseline = versions[-1].id if versions and not more else None
    return asked.page(
        "history.html",
        page=watched,
        runs=visit_runs(listed),
        baseline=baseline,
        outcome=visit_outcome,
        versions=versions,
        picture=timeline(
            [_moment(entry, asked.words, baseline) for entry in listed],
            _summary(listed, asked.words),
            asked.words,
        ),
        older=listed[-1].id if more else None,
    )


@ROUTES.get("/captures/{capture_id}")
def version(asked: Ask, capture_id: Number) -> HTMLResponse:
    """Show what one visit found, as records; never the captured page itself."""
    with asked.house.db.reading() as session:
        visit = capture(session, capture_id)
        watched = page(session, visit.page_id)
        reading = snapshot(session, capture_id)
        brought = entries(session, capture_id=capture_id)
    stated = reading.projects if reading else ()
    return asked.page(
        "version.html",
        page=watched,
        visit=visit,
        reading=reading,
        records=[record(project, asked.words) for project in stated],
        events=events(brought, asked.words, untold=True),
    )


def is_version(entry: CaptureEntry) -> bool:
    """Say whether a visit brought a version that can be compared: one that was believed."""
    return entry.decision == Decision.ACCEPTED


def visit_runs(listed: Iterable[CaptureEntry]) -> tuple[Visits, ...]:
    """Gather visits in a row that found nothing new; every other visit stands alone."""
    runs: list[Visits] = []
    for quiet, run in groupby(listed, key=lambda entry: entry.decision == Decision.UNCHANGED):
        members = tuple(run)
        runs += [Visits(members)] if quiet else [Visits((entry,)) for entry in members]
    return tuple(runs)


def record(project: Project, words: Words) -> Record:
    """Return a project in words."""
    return Record(full_title(project, words), facts(project, words))


def visit_outcome(entry: CaptureEntry, words: Words, baseline: int | None) -> str:
    """Return in a few words what a visit came to; `baseline` is the one with which the watching began."""
    if entry.changes:
        return words.count("visit.changes", entry.changes)
    return words.text("visit.baseline" if entry.id == baseline else f"decision.{entry.decision}")


def _moment(entry: CaptureEntry, words: Words, baseline: int | None) -> Moment:
    shape = _SHAPES[entry.decision]
    if shape == "change" and not entry.changes:
        shape = "start" if entry.id == baseline else "quiet"
    said = f"{words.moment(entry.at)}{words.text('colon')} {visit_outcome(entry, words, baseline)}"
    return Moment(entry.at, shape, said, entry.changes)


def _summary(listed: Sequence[CaptureEntry], words: Words) -> str:
    if not listed:
        return words.text("timeline.empty")
    return words.count(
        "timeline.visits",
        len(listed),
        since=words.day(listed[-1].at),
        until=words.day(listed[0].at),
        changed=sum(1 for entry in listed if entry.changes),
        held=sum(entry.decision == Decision.HELD for entry in listed),
        failed=sum(entry.decision == Decision.FAILED for entry in listed),
    )
