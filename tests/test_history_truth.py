"""The truth of "as of": what the store says of random instants, against a replay of all captures."""

import os
import random
from datetime import datetime, timedelta

import pytest

from scraper.compare import EMPTY_STATE, published, step
from scraper.records import Project
from store import tracks
from store.database import Database
from store.history import record, state
from tests.history_generator import history
from tests.watched_history import enrolled

HISTORIES = 100 if os.environ.get("COOPWATCH_SOAK") else 2
INSTANTS = 100
"""In full 10,000 instants on each database; 2 % of them otherwise."""


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(HISTORIES))
def test_projects_as_of_any_instant_are_what_a_replay_makes_of_all_captures_until_then(
    db: Database, seed: int
) -> None:
    """Whatever came between, outages and held captures included, the records of any instant are the same."""
    visits = history(seed, length=30)
    with db.writing() as session:
        page_id = enrolled(session)
    believed, truth = EMPTY_STATE, list[tuple[datetime, dict[int, Project]]]()
    for visit in visits:
        believed, _ = step(believed, visit.capture, visit.snapshot)
        truth.append((visit.capture.at, published(believed)))
        with db.writing() as session:
            before = state(session, "torino")
            after, outcome = step(before, visit.capture, visit.snapshot)
            at = visit.capture.at
            record(session, page_id, visit.capture, visit.snapshot, before, after, outcome, at)
    dice = random.Random(seed)
    moments = [truth[0][0] + timedelta(days=dice.uniform(-1, 31)) for _ in range(INSTANTS - len(truth))]
    with db.reading() as session:
        for instant in (*moments, *(at for at, _ in truth)):
            replayed = next((said for at, said in reversed(truth) if at <= instant), {})
            entries = tracks.projects(session, "torino", as_of=instant)
            present = tuple(entry for entry in entries if entry.present)
            assert {entry.number: entry.project for entry in present} == replayed
            assert tracks.projects(session, "torino", as_of=instant, present=True) == present
