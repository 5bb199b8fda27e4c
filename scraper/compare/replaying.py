"""Folding a whole history in memory, and telling what came of it in plain JSON shapes."""

from collections.abc import Iterable
from typing import Any

from scraper.compare.fold import step
from scraper.compare.state import EMPTY_STATE, Outcome
from scraper.records import Capture, Change, Snapshot


def replay(visits: Iterable[tuple[Capture, Snapshot | None]]) -> list[dict[str, Any]]:
    """Return one report per visit, in their order; all pages are one source."""
    state, reports = EMPTY_STATE, []
    for capture, snapshot in visits:
        state, outcome = step(state, capture, snapshot)
        reports.append(outcome_report(capture, snapshot, outcome))
    return reports


def outcome_report(capture: Capture, snapshot: Snapshot | None, outcome: Outcome) -> dict[str, Any]:
    """Return what came of a visit in the shape that `coopwatch replay` prints."""
    return {
        "at": capture.at.isoformat().replace("+00:00", "Z"),
        "page_state": snapshot.page_state.value if snapshot else None,
        "verdict": outcome.verdict.decision.value,
        "reasons": list(outcome.verdict.reasons),
        "changes": [change_report(change) for change in outcome.changes],
    }


def change_report(change: Change) -> dict[str, Any]:
    """Return a change in the shape that `coopwatch replay` prints."""
    return {
        "kind": change.kind.value,
        "title": change.title,
        "previous_title": change.previous_title,
        "field": change.field,
        "before": _shape(change.before),
        "after": _shape(change.after),
    }


def _shape(stated: object) -> object:
    if isinstance(stated, tuple):
        return list(stated)
    return str(stated) if isinstance(stated, str) else stated
