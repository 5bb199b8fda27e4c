"""The picture of a page's visits or a project's life: marks placed on a line of time, to be drawn as SVG."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from notifier.words import HOME, Words

WIDTH = 760.0
_MARGIN = 24.0
_CLOSEST = 130.0

Shape = Literal["change", "start", "quiet", "held", "failed", "gone"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, its shape in the picture, and words for it; `number` stands in a circle."""

    at: datetime
    shape: Shape
    words: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """A moment at its place, counted from the left edge."""

    x: float
    moment: Moment


@dataclass(frozen=True, slots=True)
class Tick:
    """A date at its place."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The whole picture; `summary` says in words what it shows."""

    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    summary: str
    width: float = WIDTH


def timeline(moments: Iterable[Moment], summary: str, words: Words) -> Timeline:
    """Place moments on a line from the first to the last; quiet ones come first, so that none hides news."""
    ordered = sorted(moments, key=lambda moment: (moment.shape != "quiet", moment.at))
    if not ordered:
        return Timeline((), (), summary)
    first, last = min(moment.at for moment in ordered), max(moment.at for moment in ordered)
    marks = tuple(Mark(_place(moment.at, first, last), moment) for moment in ordered)
    return Timeline(marks, _ticks(first, last, words), summary)


def _place(at: datetime, first: datetime, last: datetime) -> float:
    if first == last:
        return WIDTH / 2
    return round(_MARGIN + (WIDTH - 2 * _MARGIN) * ((at - first) / (last - first)), 1)


def _ticks(first: datetime, last: datetime, words: Words) -> tuple[Tick, ...]:
    """Return dates along the line, far enough from one another to be read."""
    count = max(1, int((WIDTH - 2 * _MARGIN) / _CLOSEST)) if last > first else 0
    step = (last - first) / count if count else timedelta(0)
    instants = [first + step * i for i in range(count + 1)]
    return _distinct(
        [Tick(_place(at, first, last), words.short_day(at.astimezone(HOME).date())) for at in instants]
    )


def _distinct(ticks: Sequence[Tick]) -> tuple[Tick, ...]:
    """Leave out a date that its neighbour has named already."""
    return tuple(tick for i, tick in enumerate(ticks) if i == 0 or tick.text != ticks[i - 1].text)
