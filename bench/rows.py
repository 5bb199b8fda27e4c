"""The row in which every bench reports, and the stopwatch that they share."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Row:
    """One figure: what was measured, its value and unit, and its ratio to a floor of the same run."""

    what: str
    value: float
    unit: str
    floor: str = ""
    ratio: float | None = None


def milliseconds(work: Callable[[], object], times: int = 7) -> float:
    """Return the median of `times` runs of `work`, in milliseconds, after one that is not counted."""
    work()
    spent = []
    for _ in range(times):
        begun = perf_counter()
        work()
        spent.append((perf_counter() - begun) * 1000)
    return median(spent)
