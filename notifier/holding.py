"""Which run waits for staff before its mails leave: thresholds, and the reasons in words; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifier.news import News
from scraper.read import READER_VERSION
from scraper.records import ChangeKind
from store.kinds import Frequency

FEW = 5
"""A source of which no more projects than these changed is never held for their share: it may have few."""

MAX_AGE: Mapping[Frequency | None, timedelta] = {
    Frequency.AT_ONCE: timedelta(days=2),
    Frequency.DAILY: timedelta(days=2),
    Frequency.WEEKLY: timedelta(days=8),
    Frequency.MONTHLY: timedelta(days=32),
    None: timedelta(days=2),
}
"""How long after it was due, or released, a run's mails may begin to leave without staff: a period and a day.

A run that is begun late is younger than that; an older one was left lying, or comes from an old copy.
"""

CANARY_PATIENCE = timedelta(hours=1)
"""How long the canary's mail may take until the run is held."""

CANARY = "the canary"
"""How a reason begins that concerns the canary."""


@dataclass(frozen=True, slots=True)
class Caution:
    """When a run waits for staff.

    More than `changed_percent` of a source's projects changed, or more than `removed` went; or it is the
    first run with news since the page reader became `reader_version`. `canary` is the address that gets a
    copy of every run first; None for no canary.
    """

    changed_percent: int = 30
    removed: int = 5
    reader_version: str = READER_VERSION
    canary: str | None = None


STANDARD = Caution()
"""The thresholds where none are set."""


def surprises(news: Iterable[News], projects: Mapping[str, int], caution: Caution) -> tuple[str, ...]:
    """Return why this news should be looked at before it is told; nothing where it is within bounds.

    `projects` is how many projects each source had before it.
    """
    by_source: dict[str, list[News]] = defaultdict(list)
    for one in news:
        by_source[one.source].append(one)
    return tuple(
        reason
        for source, told in sorted(by_source.items())
        for reason in _of_source(source, told, projects.get(source, 0), caution)
    )


def _of_source(source: str, told: list[News], before: int, caution: Caution) -> list[str]:
    gone = sum(one.kind == ChangeKind.REMOVED for one in told)
    reasons = []
    if len(told) > FEW and 100 * len(told) > caution.changed_percent * max(before, 1):
        limit = caution.changed_percent
        reasons.append(f"{source}: {len(told)} projects changed and there were {before}: more than {limit} %")
    if gone > caution.removed:
        reasons.append(f"{source}: {gone} projects were removed: more than {caution.removed}")
    return reasons


def is_too_old(frequency: Frequency | None, since: datetime, now: datetime) -> bool:
    """Say whether a run that should have left since `since` is too old to leave without staff."""
    return now - since > MAX_AGE[frequency]
