"""Whether to believe a page that could be read: all signs of trouble weighed together, in words."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from scraper.compare.plain_text import plain, says_the_same
from scraper.compare.sameness import FACTS, value
from scraper.records import Project, Snapshot


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How much may happen to a page between two visits before a person should look at it.

    Rows: up to `lost_base` + `lost_share` of the projects, and never more than 5 + 2 √n, may go at once; the
    same bound holds for pairs in doubt. Up to `growth_base`, or `growth_share` times the projects, may come.
    `field_share` of the projects that stated a field (at least `field_least`) may not lose it together, and
    no more than `untitled_share` may lose their titles. `retitled_share` of the titles may not change
    together, nor `changed_share` of all facts. `patience` is the days after which a page that is not
    read no longer delays another page's removals.
    """

    lost_base: float = 1.0
    lost_share: float = 0.2
    growth_base: int = 6
    growth_share: float = 1.5
    growth_from_none: int = 20
    field_share: float = 0.6
    field_least: int = 3
    untitled_share: float = 0.1
    retitled_share: float = 0.6
    changed_share: float = 0.5
    unread_growth: int = 200
    patience: float = 7.0


USUAL_TOLERANCE = Tolerance()
"""The tolerance for sources that name none."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One page before and after: its two snapshots, the paired projects, those lost, gained and in doubt.

    `torn` says that the lost ones were the last on the page.
    """

    before: Snapshot
    after: Snapshot
    pairs: Sequence[tuple[Project, Project]]
    lost: tuple[Project, ...]
    gained: tuple[Project, ...]
    doubtful: Sequence[tuple[Project, Project]] = ()
    torn: bool = False


def reasons_to_hold(comparison: Comparison, tolerance: Tolerance = USUAL_TOLERANCE) -> tuple[str, ...]:
    """Return why a person should look at the page before its changes are believed; nothing to believe it.

    Alarms hold a page each by itself; mere signs hold it only together with a lost project.
    """
    if comparison.after.states_none and not comparison.after.projects:
        return ()
    alarms = tuple(_alarms(comparison, tolerance))
    signs = tuple(_signs(comparison, tolerance))
    if alarms:
        return (*alarms, *signs)
    if comparison.lost and signs:
        titles = ", ".join(project.title or "an untitled project" for project in comparison.lost)
        return (f"{titles}: gone together with other signs of trouble", *signs)
    return ()


def _alarms(comparison: Comparison, tolerance: Tolerance) -> Iterator[str]:
    known = len(comparison.pairs) + len(comparison.lost) + len(comparison.doubtful)
    yield from _rows(comparison, known, tolerance)
    yield from _growth(comparison, known, tolerance)
    yield from _titles_lost((*comparison.pairs, *comparison.doubtful), tolerance)
    yield from _fields_lost(comparison.pairs, tolerance)
    yield from _churn(comparison.pairs, tolerance)
    yield from _redesign(comparison.pairs, tolerance)
    yield from _still_there(comparison)


def _rows(comparison: Comparison, known: int, tolerance: Tolerance) -> Iterator[str]:
    lost = len(comparison.lost)
    bound = min(tolerance.lost_base + tolerance.lost_share * known, 5 + 2 * sqrt(known))
    if lost and not comparison.after.projects:
        yield f"none of the {known} projects is left, and the page does not say that there are none"
    elif lost and lost == known:
        yield f"every one of the {known} projects is gone, and others stand there"
    elif lost > bound:
        yield f"{lost} of {known} projects are gone"
    if len(comparison.doubtful) > max(2.0, bound):
        yield f"{len(comparison.doubtful)} of {known} projects cannot be told from others"


def _growth(comparison: Comparison, known: int, tolerance: Tolerance) -> Iterator[str]:
    gained = len(comparison.gained)
    bound = max(float(tolerance.growth_base), min(tolerance.growth_share * known, 20 + 0.2 * known))
    if gained > (bound if known else tolerance.growth_from_none):
        yield f"{gained} projects are new where {known} were known"


def _titles_lost(pairs: Sequence[tuple[Project, Project]], tolerance: Tolerance) -> Iterator[str]:
    """A project that still stands there without its title was rather not read: linked titles get lost."""
    lost = [before.title for before, after in pairs if before.title and not after.title]
    if lost and len(lost) > tolerance.untitled_share * len(pairs):
        yield f"{', '.join(lost)}: still there, yet without a title"


def _fields_lost(pairs: Sequence[tuple[Project, Project]], tolerance: Tolerance) -> Iterator[str]:
    for field in FACTS:
        if field in {"section", "acronym", "link"}:  # a redesign drops them without any harm
            continue
        # prose that becomes a table leaves its descriptions behind
        held = [(b, a) for b, a in pairs if b.layout is a.layout] if field == "note" else pairs
        stated = sum(_is_stated(before, field) for before, _ in held)
        gone = sum(_is_stated(before, field) and not _is_stated(after, field) for before, after in held)
        if gone >= max(tolerance.field_least, tolerance.field_share * stated):
            yield f"the field {field} is no longer stated for {gone} of {stated} projects"
    values = sum(_is_stated(before, field) for before, _ in pairs for field in FACTS)
    gone = sum(
        _is_stated(before, field) and not _is_stated(after, field)
        for before, after in pairs
        for field in FACTS
    )
    if len(pairs) < tolerance.field_least and gone > 3 and gone > 0.5 * values:
        yield f"{gone} of {values} facts are no longer stated"


def _churn(pairs: Sequence[tuple[Project, Project]], tolerance: Tolerance) -> Iterator[str]:
    titled = [(before, after) for before, after in pairs if before.title and after.title]
    retitled = sum(not says_the_same("title", before.title, after.title) for before, after in titled)
    if retitled > 3 and retitled > tolerance.retitled_share * len(titled):
        yield f"{retitled} of {len(titled)} titles differ"
    compared = [
        (field, before, after)
        for before, after in pairs
        for field in FACTS
        if field not in {"section", "note", "title"} and _is_stated(before, field)
    ]
    changed = sum(
        not says_the_same(field, value(before, field), value(after, field))
        for field, before, after in compared
    )
    if len(pairs) >= 3 and changed > tolerance.changed_share * len(compared):
        yield f"{changed} of {len(compared)} facts differ"


def _redesign(pairs: Sequence[tuple[Project, Project]], tolerance: Tolerance) -> Iterator[str]:
    """A page in another shape whose projects nearly all state one thing differently is rather misread."""
    if len(pairs) < 2 or _redrawn(pairs) <= 0.5 * len(pairs):
        return
    for field in FACTS:
        if field in {"section", "acronym", "link", "note"}:
            continue
        stated = [pair for pair in pairs if _is_stated(pair[0], field)]
        differ = sum(
            not says_the_same(field, value(before, field), value(after, field)) for before, after in stated
        )
        if len(stated) >= 0.5 * len(pairs) and differ > 1 and differ >= tolerance.field_share * len(stated):
            yield f"in another shape {differ} of {len(stated)} projects state another {field}"


def _redrawn(pairs: Sequence[tuple[Project, Project]]) -> int:
    return sum(before.layout is not after.layout for before, after in pairs)


def _still_there(comparison: Comparison) -> Iterator[str]:
    """A project that is gone from the records while its title still stands on the page was not read."""
    unread = plain(" \n ".join(comparison.after.unread))
    before = plain(" \n ".join(comparison.before.unread))
    for project in comparison.lost:
        title = plain(project.title or "")
        if len(title) > 5 and title in unread and title not in before:
            yield f"{project.title}: no longer among the projects, yet the page still names it"


def _signs(comparison: Comparison, tolerance: Tolerance) -> Iterator[str]:
    unread_before = sum(len(text) for text in comparison.before.unread)
    unread_after = sum(len(text) for text in comparison.after.unread)
    if unread_after > unread_before + tolerance.unread_growth:
        yield f"{unread_after - unread_before} more characters than before stand on the page unread"
    redrawn = _redrawn(comparison.pairs)
    if redrawn >= 2 and redrawn >= 0.5 * len(comparison.pairs):
        yield f"the page shows {redrawn} of {len(comparison.pairs)} projects in another shape"
    kept = {plain(project.section or "") for project in comparison.after.projects}
    gone = Counter(plain(project.section or "") for project in comparison.lost)
    for section, count in sorted(gone.items()):
        if section and count > 1 and section not in kept:
            yield f"the section {section!r} with {count} projects is gone"
    if len(comparison.lost) > 1 and not comparison.gained and comparison.torn:
        yield f"the last {len(comparison.lost)} projects are gone, as from half a page"
    exchanged, known = min(len(comparison.lost), len(comparison.gained)), len(comparison.pairs)
    if exchanged > 1 and exchanged > 0.34 * (known + len(comparison.lost)):
        yield f"{len(comparison.lost)} projects went and {len(comparison.gained)} came at once"
    gaps = sum(
        _is_stated(before, field) and not _is_stated(after, field)
        for before, after in comparison.pairs
        if before.layout is after.layout
        for field in ("title", "area", "programmes", "status", "partners", "start", "amount")
    )
    if gaps > 1:
        yield f"{gaps} facts of other projects are no longer stated"


def _is_stated(project: Project, field: str) -> bool:
    return value(project, field) not in (None, (), "")
