"""What a run of ledger entries amounts to: per project and field the first before against the last after."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from scraper.compare.differences import differences
from scraper.compare.plain_text import says_the_same
from scraper.records import Change, ChangeKind, Project, Value
from store.ledger import LedgerEntry

FIELDS = (
    "title",
    "status",
    "area",
    "programmes",
    "role",
    "countries",
    "partners",
    "start",
    "end",
    "amount",
    "currency",
    "cup",
    "link",
    "section",
    "acronym",
    "note",
)
"""The fields of a Project in the order in which people are told about them."""

_COMING = {ChangeKind.ADDED, ChangeKind.REAPPEARED}
_PRESENCE = _COMING | {ChangeKind.REMOVED}

_Step = tuple[int, Change]
"""A change of a field, and the ledger number with which it came."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field of one project, before and after; `times` counts the steps that lie between the two.

    `entries` are the ledger numbers of those steps.
    """

    field: str
    before: Value
    after: Value
    times: int = 1
    entries: tuple[int, ...] = dataclasses.field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class News:
    """What a run of entries amounts to for one project.

    `project` is the present record (the last known one when removed), `previous` the record before the run;
    None for a project that was not there. `at` and `pub_seq` are those of the newest entry told, not of one
    that came to nothing, `steps` the ledger numbers of all that are told where the project came or went.
    `entered` says that a reader's filters did not let the project through before, so that its whole record is
    new to them. `known` is `project` with the values that the page no longer states but nobody was told are
    gone; `previous` holds them, too.
    """

    kind: ChangeKind
    source: str
    number: int
    page_id: int
    project: Project
    previous: Project | None
    at: datetime
    pub_seq: int
    lines: tuple[Line, ...] = ()
    entered: bool = False
    known: Project | None = dataclasses.field(default=None, compare=False)
    steps: tuple[int, ...] = dataclasses.field(default=(), compare=False)

    @property
    def entries(self) -> tuple[int, ...]:
        """The ledger numbers that this news tells."""
        return (*self.steps, *(number for line in self.lines for number in line.entries))


def fold(
    entries: Iterable[LedgerEntry], *, past: Iterable[LedgerEntry] = (), untold: bool = False
) -> tuple[News, ...]:
    """Return the net news of `entries` (oldest first), one for each project that ends other than it began.

    Entries that are not told leave what people believe as it was: they never end a line, but they begin one,
    because what stood before them is what people were told last. `past` are the earlier entries of the same
    projects: a value that the page silently stopped stating then is still known. With `untold` every entry
    is told; without, what old captures brought is left out altogether.
    """
    projects = _by_project(entry for entry in entries if untold or not entry.retold)
    known = (entry for entry in past if not entry.retold)
    earlier = _by_project(entry for entry in known if (entry.source, entry.change.track) in projects)
    found = (_news(run, earlier.get(key, []), untold) for key, run in projects.items())
    return tuple(news for news in found if news is not None)


def _by_project(entries: Iterable[LedgerEntry]) -> dict[tuple[str, int], list[LedgerEntry]]:
    projects: dict[tuple[str, int], list[LedgerEntry]] = defaultdict(list)
    for entry in entries:
        projects[entry.source, entry.change.track].append(entry)
    return projects


def _losses(run: Sequence[LedgerEntry]) -> tuple[_Step, ...]:
    """Return the steps with which fields silently lost values that were not stated again since."""
    trailing: dict[str, list[_Step]] = defaultdict(list)
    for number, change in _steps(run):
        if change.told or not _is_loss(change):
            trailing.pop(str(change.field), None)
        else:
            trailing[str(change.field)].append((number, change))
    return tuple(step for steps in trailing.values() for step in steps)


def _is_loss(change: Change) -> bool:
    if isinstance(change.before, tuple) and isinstance(change.after, tuple):
        return set(change.after) < set(change.before)
    return change.after is None


def _news(run: list[LedgerEntry], past: list[LedgerEntry], untold: bool) -> News | None:
    was_there, is_there, arrival = _presence(run, untold)
    if not was_there and not is_there:
        return None
    steps = (*_losses(past), *_steps(run))
    lines = _lines(steps, untold) if was_there and is_there else ()
    if was_there and is_there and not lines:
        return None
    heard = [entry for entry in run if untold or entry.change.told]
    counting = {number for line in lines for number in line.entries}
    newest = next(one for one in reversed(heard) if not lines or one.pub_seq in counting)
    return News(
        kind=_kind(was_there, is_there, arrival, lines),
        source=newest.source,
        number=newest.change.track,
        page_id=newest.page_id,
        project=run[-1].change.project,
        previous=_previous(run, steps) if was_there else None,
        at=newest.at,
        pub_seq=newest.pub_seq,
        lines=lines,
        known=_known([*past, *run]),
        steps=() if lines else tuple(entry.pub_seq for entry in heard),
    )


def _presence(run: Sequence[LedgerEntry], untold: bool) -> tuple[bool, bool, ChangeKind]:
    """Say whether the project was there before the run, whether it is now, and how it came."""
    steps = [entry.change for entry in run if entry.change.kind in _PRESENCE]
    heard = [change for change in steps if untold or change.told]
    was_there = not steps or steps[0].kind not in _COMING
    is_there = heard[-1].kind in _COMING if heard else was_there
    arrival = next((change.kind for change in heard if change.kind in _COMING), ChangeKind.ADDED)
    return was_there, is_there, arrival


def _kind(was_there: bool, is_there: bool, arrival: ChangeKind, lines: tuple[Line, ...]) -> ChangeKind:
    if not is_there:
        return ChangeKind.REMOVED
    if not was_there:
        return arrival
    fields = {line.field for line in lines}
    if "title" in fields:
        return ChangeKind.RETITLED
    return ChangeKind.MOVED if fields == {"section"} else ChangeKind.CHANGED


def _lines(steps: Iterable[_Step], untold: bool) -> tuple[Line, ...]:
    by_field: dict[str, list[_Step]] = defaultdict(list)
    for number, change in steps:
        by_field[str(change.field)].append((number, change))
    lines = (_line(field, by_field[field], untold) for field in FIELDS if field in by_field)
    return tuple(line for line in lines if line is not None)


def _steps(run: Sequence[LedgerEntry]) -> Iterator[_Step]:
    """Yield the changes of fields, those included between a project that went and the same one come back."""
    gone: Project | None = None
    for entry in run:
        change = entry.change
        if change.kind == ChangeKind.REMOVED:
            gone = change.project
        elif change.kind in _COMING and gone is not None:
            same = gone.layout is change.project.layout
            for difference in differences(change.track, gone, change.project, same):
                yield entry.pub_seq, difference
        elif change.field is not None:
            yield entry.pub_seq, change


def _line(name: str, steps: Sequence[_Step], untold: bool) -> Line | None:
    before, last = steps[0][1].before, steps[-1][1]
    heard = [(number, change) for number, change in steps if untold or change.told]
    if not heard:
        return None
    after = heard[-1][1].after
    # What the page returned to is no news; what it then lost in silence was stated all the same.
    ends = [after] if not last.told and not untold and _is_loss(last) else [after, last.after]
    if any(says_the_same(name, before, end) for end in ends):
        return None
    return Line(name, before, after, len(heard), tuple(number for number, _ in heard))


def _previous(run: Sequence[LedgerEntry], steps: Iterable[_Step]) -> Project:
    """Return the record before the run: the first one, with every field as before its first change."""
    first: dict[str, Value] = {}
    for _, change in steps:
        first.setdefault(str(change.field), change.before)
    return replace(run[0].change.project, **first)  # type: ignore[arg-type]


def _known(run: Sequence[LedgerEntry]) -> Project:
    """Return the record after the run with what it silently lost."""
    lost: dict[str, Value] = {}
    for _, change in _losses(run):
        lost.setdefault(str(change.field), change.before)
    return replace(run[-1].change.project, **lost)  # type: ignore[arg-type]
