"""Why a published change is said of its project, and where the values before and after stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from pydantic import TypeAdapter

from scraper.compare import Match, Outcome, SourceState
from scraper.compare.memory import root
from scraper.records import Decision
from store.database import Session
from store.review_tables import GROUNDS
from store.tables import CAPTURE, PAGE, VERDICT


@dataclass(frozen=True, slots=True)
class Place:
    """Project number `record` of what this reader version read in that capture."""

    capture_id: int
    reader_version: str
    record: int


@dataclass(frozen=True, slots=True)
class Grounds:
    """What a published change rests on.

    `match` is None where nothing was paired, as for projects that came or went. `capture_before` is the
    accepted capture of the page before the change (None before its first). `before` and `after` list where
    the pages of the source stated the project then and state it now. `decision_id` names what staff decided.
    """

    capture_before: int | None
    capture_after: int
    match: Match | None = None
    before: tuple[Place, ...] = ()
    after: tuple[Place, ...] = ()
    decision_id: int | None = None


GROUNDS_JSON = TypeAdapter(Grounds)
Standing = Mapping[str, int]
"""The accepted capture of each page of a source, by the page's address."""


def accepted_captures(session: Session, source: str) -> dict[str, int]:
    """Return the latest capture of each page of a source that was accepted, by the page's address."""
    newest = latest_accepted(PAGE.c.id).limit(1).correlate(PAGE).scalar_subquery()
    query = sa.select(PAGE.c.address, newest.label("newest")).where(PAGE.c.source == source)
    return {row.address: row.newest for row in session.execute(query) if row.newest is not None}


def latest_accepted(page_id: sa.ColumnElement[int]) -> sa.Select[int]:
    """Return the query for a page's accepted captures, the latest first.

    They go by their own dates: what an archive brings today may be years old.
    """
    believed = sa.exists().where(
        VERDICT.c.capture_id == CAPTURE.c.id, VERDICT.c.decision == Decision.ACCEPTED
    )
    return (
        sa.select(CAPTURE.c.id)
        .where(CAPTURE.c.page_id == page_id, believed)
        .order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc())
    )


def places(state: SourceState, standing: Standing) -> dict[int, tuple[Place, ...]]:
    """Return where the accepted captures state each track, by its number, in the order of the pages."""
    found: dict[int, list[Place]] = defaultdict(list)
    for page in state.pages:
        captures = [standing[url] for url in (page.url, *page.addresses) if url in standing]
        if page.snapshot is None or not captures:
            continue
        for record, number in enumerate(page.numbers):
            if number is not None:
                place = Place(max(captures), page.snapshot.reader_version, record)
                found[root(state, number)].append(place)
    return {number: tuple(where) for number, where in found.items()}


def keep_grounds(
    session: Session,
    numbers: Iterable[int],
    outcome: Outcome,
    common: Grounds,
    before: Mapping[int, tuple[Place, ...]],
    after: Mapping[int, tuple[Place, ...]],
) -> None:
    """Write what each change of an outcome rests on, by the number that the ledger gave it."""
    matches = {match.track: match for match in reversed(outcome.matches)}
    rows = []
    for number, change in zip(numbers, outcome.changes, strict=True):
        track = change.track
        grounds = replace(
            common,
            match=matches.get(track),
            before=before.get(track, ()),
            after=after.get(track, ()),
        )
        rows.append({"pub_seq": number, "grounds": GROUNDS_JSON.dump_json(grounds).decode()})
    session.execute(sa.insert(GROUNDS), rows)


def grounds_of(session: Session, pub_seq: int) -> Grounds | None:
    """Return what a published change rests on; None for one that was published before this was kept."""
    text = session.execute(sa.select(GROUNDS.c.grounds).where(GROUNDS.c.pub_seq == pub_seq)).scalar()
    return GROUNDS_JSON.validate_json(text) if text else None
