"""The picture that proves silence: every day since the watching began, and what its visits came to."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby, pairwise
from typing import Literal

from babel.dates import format_date, get_day_names

from notifier.words import HOME, Words
from scraper.records import Decision
from store.attendance import Attended
from store.pages import PageEntry

STEP = 20
CELL = 17
LEFT = 34
TOP = 18

DayShape = Literal["good", "changed", "held", "failed", "none"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A day at its place in the picture; `said` is what its visits came to."""

    day: date
    shape: DayShape
    x: int
    y: int
    when: str
    said: str


@dataclass(frozen=True, slots=True)
class Sign:
    """A word of the picture's edges at its place."""

    x: int
    y: int
    text: str


@dataclass(frozen=True, slots=True)
class Notable:
    """Days in a row that came to the same, other than to a good visit: said in words below the picture."""

    when: str
    shape: DayShape
    said: str


@dataclass(frozen=True, slots=True)
class Daybook:
    """The whole picture, the same in words, and its figures; `pause` is the longest time without a visit."""

    cells: tuple[Cell, ...]
    signs: tuple[Sign, ...]
    notable: tuple[Notable, ...]
    summary: str
    visits: int
    held: int
    failed: int
    empty_days: int
    pause: tuple[datetime, datetime] | None
    width: int
    height: int = TOP + 7 * STEP


def first_shown(page: PageEntry, visits: Sequence[Attended], since: datetime, now: datetime) -> datetime:
    """Return from when a page's days are drawn: since it is watched, or since its first imported visit."""
    return max(since, min([page.since, now, *(visit.at for visit in visits[:1])]))


def daybook(visits: Sequence[Attended], begin: datetime, now: datetime, words: Words) -> Daybook:
    """Draw the days from `begin` to `now`, a column for each week; `visits` are those in between."""
    first, last = _day(begin), _day(now)
    on_day = {day: tuple(run) for day, run in groupby(visits, key=lambda visit: _day(visit.at))}
    monday = first - timedelta(days=first.weekday())
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    cells = tuple(_cell(day, monday, on_day.get(day, ()), words) for day in days)
    held, failed = (_count(visits, of) for of in (Decision.HELD, Decision.FAILED))
    empty = sum(cell.shape == "none" for cell in cells)
    return Daybook(
        cells=cells,
        signs=(*_weekdays(words), *_months(cells, words)),
        notable=tuple(_notable(cells, words)),
        summary=words.count(
            "staff.daybook.summary",
            len(visits),
            since=words.day(begin),
            held=held,
            failed=failed,
            empty=empty,
        ),
        visits=len(visits),
        held=held,
        failed=failed,
        empty_days=empty,
        pause=_pause([begin, *(visit.at for visit in visits), now]),
        width=LEFT + ((last - monday).days // 7 + 1) * STEP,
    )


def _day(at: datetime) -> date:
    return at.astimezone(HOME).date()


def _count(visits: Iterable[Attended], decision: Decision) -> int:
    return sum(visit.decision == decision for visit in visits)


def _cell(day: date, monday: date, visits: Sequence[Attended], words: Words) -> Cell:
    place = (day - monday).days
    x, y = LEFT + place // 7 * STEP, TOP + place % 7 * STEP
    return Cell(day, _shape(visits), x, y, words.short_day(day), _said(visits, words))


def _shape(visits: Sequence[Attended]) -> DayShape:
    """Return the shape of a day: trouble before news, news before quiet, so that none hides what matters."""
    decisions = {visit.decision for visit in visits}
    if Decision.FAILED in decisions:
        return "failed"
    if Decision.HELD in decisions:
        return "held"
    if any(visit.changed for visit in visits):
        return "changed"
    return "good" if visits else "none"


def _said(visits: Sequence[Attended], words: Words) -> str:
    if not visits:
        return words.text("staff.daybook.none")
    parts = [words.count("staff.daybook.visits", len(visits))]
    for decision, key in ((Decision.HELD, "held"), (Decision.FAILED, "failed")):
        if number := _count(visits, decision):
            parts.append(words.count(f"staff.daybook.{key}", number))
    if any(visit.changed for visit in visits):
        parts.append(words.text("staff.daybook.changed"))
    return words.listed(parts)


def _notable(cells: Sequence[Cell], words: Words) -> Iterable[Notable]:
    """Yield the days that were not simply good, the latest first; days in a row without a visit as one."""
    runs: list[list[Cell]] = []
    for cell in cells:
        if runs and cell.shape == "none" == runs[-1][-1].shape:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    for run in reversed([run for run in runs if run[0].shape not in {"good", "changed"}]):
        when = run[0].when if len(run) == 1 else f"{run[0].when} – {run[-1].when}"
        yield Notable(when, run[0].shape, run[0].said)


def _weekdays(words: Words) -> Iterable[Sign]:
    names = get_day_names("abbreviated", locale=words.language)
    return (Sign(0, TOP + weekday * STEP + 13, names[weekday]) for weekday in (0, 2, 4))


def _months(cells: Sequence[Cell], words: Words) -> Iterable[Sign]:
    """Yield each month's name above the week in which it begins, where there is room for it."""
    named: list[Cell] = []
    for _, run in groupby(cells, key=lambda cell: (cell.day.year, cell.day.month)):
        begin = next(run)
        if not named or begin.x >= named[-1].x + 2 * STEP:
            named.append(begin)
    return (Sign(cell.x, 12, format_date(cell.day, "LLL", locale=words.language)) for cell in named)


def _pause(instants: Sequence[datetime]) -> tuple[datetime, datetime] | None:
    """Return the longest time without a visit, between visits or until now."""
    return max(pairwise(instants), key=lambda pause: pause[1] - pause[0], default=None)
