"""Why a published change is said of its project, and where the values before and after stand."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import sqlalchemy as sa
from pydantic import TypeAdapter
from sqlmodel import Session

from scraper.compare import Match, Outcome, SourceState
from scraper.compare.memory import root
from scraper.records import Decision
from store.review_tables import GROUNDS
from store.tables import PAGE, VERDICT


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
    """Return the capture of each page of a source that was accepted last, by the page's address."""
    last, own = VERDICT.alias("last"), VERDICT.alias("own")
    newest = sa.select(sa.func.max(own.c.id)).where(
        own.c.page_id == PAGE.c.id, own.c.decision == Decision.ACCEPTED
    )
    query = (
        sa.select(PAGE.c.address, last.c.capture_id)
        .select_from(PAGE)
        .join(last, last.c.id == newest.scalar_subquery())
        .where(PAGE.c.source == source)
    )
    return {row.address: row.capture_id for row in session.execute(query)}


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
