"""The JSON shapes and table rows in which commands print what is kept."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from notifier.words import words as words_in
from scraper.records import Change, Project, Value
from store.history import CaptureEntry
from store.ledger import LedgerEntry
from store.sights import Sight
from store.stretches import Stretch
from store.tracks import ProjectEntry

ROME = ZoneInfo("Europe/Rome")
ENGLISH = words_in("en")
UNPRINTED = {"layout", "spans"}


def instant(at: datetime | None) -> str | None:
    """Return an instant as machines read it: ISO 8601 in UTC, to the second."""
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")


def local(at: datetime | None) -> str:
    """Return an instant as people in Turin read it, to the minute."""
    return "never" if at is None else at.astimezone(ROME).strftime("%d %b %Y %H:%M")


def counted(number: int, one: str, more: str) -> str:
    """Return a number with its words: `one` where it is one, else `more`."""
    return f"{number} {one if number == 1 else more}"


def project_shape(project: Project) -> dict[str, Any]:
    """Return a project's fields as JSON values, lists as lists."""
    return {f.name: plain(getattr(project, f.name)) for f in fields(project) if f.name not in UNPRINTED}


def plain(value: Any) -> Any:
    """Return a field's value as JSON has it."""
    return list(value) if isinstance(value, tuple) else value


def words(value: Any) -> str:
    """Return a field's value as a person reads it; a dash where nothing is stated."""
    if value in (None, (), []):
        return "–"
    return "; ".join(value) if isinstance(value, (tuple, list)) else str(value)


def stated(field: str | None, value: Value, project: Project) -> str:
    """Return the value of a project's field as a person reads it: an amount as mails and pages write it."""
    return words(ENGLISH.value("amount", value, project) if field == "amount" else value)


def project_entry_shape(entry: ProjectEntry) -> dict[str, Any]:
    """Return one project of the register as JSON."""
    return {
        "id": f"{entry.source}/{entry.number}",
        "present": entry.present,
        "first_seen": instant(entry.first_seen),
        "last_seen": instant(entry.last_seen),
        **project_shape(entry.project),
    }


def change_shape(change: Change) -> dict[str, Any]:
    """Return one change as JSON, in the words of the command-line contract."""
    return {
        "kind": change.kind.value,
        "title": change.title,
        "previous_title": change.previous_title,
        "field": change.field,
        "before": plain(change.before),
        "after": plain(change.after),
    }


def ledger_shape(entry: LedgerEntry) -> dict[str, Any]:
    """Return one entry of the ledger as JSON."""
    return {
        "change": entry.pub_seq,
        "at": instant(entry.at),
        "project": f"{entry.source}/{entry.change.track}",
        "told": entry.change.told,
        "from_archive": entry.retold,
        **change_shape(entry.change),
    }


def stretch_shape(value: Stretch) -> dict[str, Any]:
    """Return one value of a project's life as JSON, with the visits that show it."""
    return {
        "field": value.field,
        "value": plain(value.value),
        "first_shown": sight_shape(value.first),
        "last_shown": sight_shape(value.last),
        "gone": sight_shape(value.gone) if value.gone else None,
    }


def sight_shape(sight: Sight) -> dict[str, Any]:
    """Return a visit that shows something as JSON."""
    return {"at": instant(sight.at), "capture": sight.capture_id}


def capture_shape(entry: CaptureEntry) -> dict[str, Any]:
    """Return one visit as JSON."""
    return {
        "capture": entry.id,
        "at": instant(entry.at),
        "url": entry.url,
        "status": entry.status,
        "failure": None if entry.failure is None else asdict(entry.failure),
        "length": entry.length,
        "sha256": entry.sha256,
        "body_kept": entry.kept,
        "page_state": entry.page_state,
        "verdict": entry.decision,
        "reasons": list(entry.reasons),
        "changes": entry.changes,
        "imported_from": entry.archive,
    }


def change_sentence(change: Change) -> str:
    """Return one change as an English sentence for the terminal."""
    title = change.title or "(title unknown)"
    match change.kind.value:
        case "retitled":
            return f"{title}: retitled, was {words(change.before)!r}"
        case "changed" | "moved":
            sides = (stated(change.field, side, change.project) for side in (change.before, change.after))
            return f"{title}: {change.field} {' → '.join(sides)}"
        case kind:
            return f"{title}: {kind}"
