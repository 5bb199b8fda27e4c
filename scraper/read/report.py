"""A snapshot as `coopwatch parse` prints it: plain values for JSON, in the order that the command line
promises."""

from typing import Any

from scraper.records import Project, Snapshot

FIELDS = (
    "title", "acronym", "area", "programmes", "status", "role", "countries", "partners", "start", "end",
    "amount", "currency", "link", "note", "cup", "section",
)  # fmt: skip
"""The fields of a project, in the order in which they are printed."""


def parse_report(snapshot: Snapshot) -> dict[str, Any]:
    """Return a snapshot as a dictionary of plain values: page_state, reason, projects, unread, warnings."""
    return {
        "page_state": snapshot.page_state.value,
        "reason": snapshot.reason,
        "projects": [project_report(project) for project in snapshot.projects],
        "unread": list(snapshot.unread),
        "warnings": list(snapshot.warnings),
    }


def project_report(project: Project) -> dict[str, Any]:
    """Return a project as a dictionary of plain values; unknown is None or an empty list."""
    return {name: _plain(getattr(project, name)) for name in FIELDS}


def _plain(value: object) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, str) else value
