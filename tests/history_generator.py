"""Page histories with a known truth: projects that live, are edited in named ways, and get confused."""

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from scraper.records import Capture, Failure, FailureKind, PageState, Snapshot
from tests.history_edits import CONFUSERS, EDITS
from tests.history_world import Desk, Shown, born, full_title, record

ADDRESS = "https://www.example.org/cooperazione/progetti"
EPOCH = datetime(2020, 1, 6, 5, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Visit:
    """One visit of a history; `truth` names each record's real project, `edits` what was done to whom."""

    capture: Capture
    snapshot: Snapshot | None
    truth: tuple[int, ...] = ()
    edits: tuple[tuple[str, int], ...] = ()
    healthy: bool = True


def history(seed: int, length: int = 12) -> list[Visit]:
    """Return the visits of one page; the same seed gives the same history."""
    dice = random.Random(seed)
    shares = (0.5, 0.3, 0.4, 0.7, 0.2, 0.1, 0.8, 0.8, 0.3)
    shown = Shown(*(dice.random() < share for share in shares))
    desk = Desk(dice, shown)
    desk.lives = [born(desk) for _ in range(dice.choice((1, 2, 3, 5, 6, 8, 8, 12, 20, 40)))]
    visits = [_visit(desk, 0, ())]
    while len(visits) < length:
        visits.extend(_next(desk, len(visits)))
    return visits[:length]


def _visit(desk: Desk, day: int, edits: tuple[tuple[str, int], ...]) -> Visit:
    lives = [life for life in desk.lives for _ in range(1 + life.twice)]
    projects = tuple(record(life, desk) for life in lives)
    snapshot = Snapshot("generator", PageState.OK, projects=projects, fingerprint=f"{day}")
    return Visit(_capture(day), snapshot, tuple(life.key for life in lives), edits)


def _capture(day: int, status: int | None = 200, failure: Failure | None = None) -> Capture:
    return Capture(ADDRESS, EPOCH + timedelta(days=day), status, failure=failure)


def _next(desk: Desk, day: int) -> Iterator[Visit]:
    roll = desk.dice.random()
    if roll < 0.12:
        yield _outage(desk, day)
        return
    if roll < 0.2:
        yield _visit(desk, day, ())
        return
    names = desk.dice.sample(sorted(EDITS), desk.dice.choice((1, 1, 2, 3)))
    edits: list[tuple[str, int]] = []
    before = deepcopy((desk.lives, desk.gone, desk.layout))
    together = desk.dice.random() < 0.4
    for name in names:
        touched = {key for other, key in edits if name in CONFUSERS or other in CONFUSERS or not together}
        edits.extend((name, key) for key in EDITS[name](desk, touched))
    if _is_ambiguous(desk):
        desk.lives, desk.gone, desk.layout = before
        edits = []
    yield _visit(desk, day, tuple(edits))


def _is_ambiguous(desk: Desk) -> bool:
    """Tell whether two projects bear one title, so that even a person could not say which is which."""
    titles = [each.casefold() for life in desk.lives + desk.gone if (each := full_title(life))]
    return len(set(titles)) < len(titles)


def _outage(desk: Desk, day: int) -> Visit:
    kind = desk.dice.choice(("maintenance", "503", "timeout", "no rows", "no titles", "half", "empty"))
    whole = _visit(desk, day, (("outage", 0),))
    assert whole.snapshot is not None
    if kind == "503":
        return Visit(_capture(day, 503), None, healthy=False)
    if kind == "timeout":
        return Visit(_capture(day, None, Failure(FailureKind.NETWORK, "timed out")), None, healthy=False)
    if kind == "half" and len(desk.lives) > 4:
        size = len(whole.truth) // 2
        half = replace(whole.snapshot, projects=whole.snapshot.projects[:size])
        return replace(whole, snapshot=half, truth=whole.truth[:size], healthy=False)
    if kind == "no titles":
        bare = tuple(replace(each, title=None, acronym=None) for each in whole.snapshot.projects)
        return replace(whole, snapshot=replace(whole.snapshot, projects=bare), healthy=False)
    states = {"maintenance": PageState.MAINTENANCE, "empty": PageState.EMPTY}
    state = states.get(kind, PageState.OK)
    return replace(whole, snapshot=replace(whole.snapshot, page_state=state, projects=()), healthy=False)
