"""What comparing old captures brings, written into history beside all that stands there already."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scraper.compare import Outcome, Retold, SourceState, published
from scraper.records import Decision, Project, Verdict
from store.captured import keep_verdict
from store.database import Session
from store.doubts import follow
from store.evidence.attest import attest_captures, attest_visit
from store.grounds import Grounds, Place, keep_grounds
from store.imports import Dated
from store.ledger import publish_retold
from store.moving import STATE
from store.search.indexing import rebuild_source
from store.tables import SNAPSHOT, SOURCE, TRACK, VERSION
from store.tracks import PROJECT, keep_tracks

BELIEVED = Verdict(Decision.ACCEPTED)


@dataclass(slots=True)
class _Answers:
    """What would be answered of each track as of the day that the telling has come to.

    `stored` is the answer without the archives, `present` the one with them; `last` the last record that a
    track had, and `ours` the page through which an archive has spoken of it since. `turned` are the tracks
    of which archives make another answer, on whatever day.
    """

    stored: dict[int, Project | None] = field(default_factory=dict)
    present: dict[int, Project | None] = field(default_factory=dict)
    last: dict[int, Project] = field(default_factory=dict)
    ours: dict[int, str] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)

    def turn(self, number: int, project: Project | None) -> tuple[bool, Project]:
        """Take what is to be said of a track from now on; return whether it is there, and its last record."""
        self.turned.add(number)
        self.present[number] = project
        self.last[number] = project or self.last[number]
        return project is not None, self.last[number]

    def hear(self, number: int, project: Project | None) -> None:
        """Take what is stored of a track already: it stands against whatever an archive said before."""
        self.stored[number] = self.present[number] = project
        self.ours.pop(number, None)
        if project is not None:
            self.last[number] = project


def births(session: Session, source: str) -> dict[int, dict[int, Project]]:
    """Return the tracks whose lives began with each capture, with their first records, by capture."""
    query = (
        sa.select(VERSION.c.capture_id, VERSION.c.number, VERSION.c.project)
        .join(TRACK, (TRACK.c.source == VERSION.c.source) & (TRACK.c.number == VERSION.c.number))
        .where(VERSION.c.source == source, VERSION.c.capture_id == TRACK.c.capture_id, VERSION.c.present)
        .order_by(VERSION.c.id)
    )
    found: dict[int, dict[int, Project]] = {}
    for row in session.execute(query):
        found.setdefault(row.capture_id, {}).setdefault(row.number, PROJECT.validate_json(row.project))
    return found


def keep_retelling(
    session: Session,
    source: str,
    retold: Sequence[Retold],
    captures: Mapping[int, Dated],
    after: SourceState,
    at: datetime,
) -> None:
    """Write what old captures come to, in the caller's transaction, and the state of the source after it.

    `retold` is in the order of dates and names tracks by the source's own numbers. Rows that stand are left
    as they are; after an archive's last word on a page the next visit's answer holds again.
    """
    rows = list(_new_versions(session, source, retold, after, at))
    touched = {row["capture_id"] for row in rows}
    for told in retold:
        if told.verdict is not None:
            keep_verdict(session, captures[told.number].page_id, told.number, told.verdict, at)
            touched.add(told.number)
    for row in rows:
        keep_tracks(session, source, row["capture_id"], [row["number"]])
    if rows:
        session.execute(sa.insert(VERSION), rows)
    for told in retold:
        if told.changes:
            _keep_changes(session, source, told)
            touched.add(told.number)
    text = STATE.dump_json(after).decode()
    session.execute(sa.update(SOURCE).where(SOURCE.c.name == source).values(state=text))
    newest = retold[-1].number
    follow(session, source, newest, after, at)
    rebuild_source(session, source)  # when something was said first and last is another day now
    attest_captures(session, touched)
    attest_visit(session, newest)


def _new_versions(
    session: Session, source: str, retold: Sequence[Retold], after: SourceState, at: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the rows that make answers as of any day what the captures of that day say.

    Where pages that only archives show add to what is known today, that holds from `at` on.
    """
    answers = _Answers()
    stored = _stored_versions(session, source)
    following = next(stored, None)
    for told in retold:
        while following is not None and following[0] <= told.capture.at:
            answers.hear(*following[1:])
            following = next(stored, None)
        for number, project in _statements(told, answers):
            if answers.present.get(number) == project:
                continue
            yield _row(source, number, told.number, told.capture.at, answers.turn(number, project))
    while following is not None:
        answers.hear(*following[1:])
        following = next(stored, None)
    today = published(after)
    for number in sorted(answers.turned):
        if answers.present[number] != today.get(number):
            yield _row(source, number, retold[-1].number, at, answers.turn(number, today.get(number)))


def _row(
    source: str, number: int, capture_id: int, at: datetime, record: tuple[bool, Project]
) -> dict[str, Any]:
    present, project = record
    return {
        "source": source,
        "number": number,
        "capture_id": capture_id,
        "at": at,
        "present": present,
        "project": PROJECT.dump_json(project).decode(),
    }


def _statements(told: Retold, answers: _Answers) -> Iterator[tuple[int, Project | None]]:
    """Yield what holds of tracks from a capture on: by an archive, or again as if there were none."""
    if not told.own:
        answers.ours.update((number, told.capture.url) for number, _ in told.versions)
        yield from told.versions
        return
    for number in [number for number, url in answers.ours.items() if url == told.capture.url]:
        del answers.ours[number]
        yield number, answers.stored.get(number)


def _stored_versions(session: Session, source: str) -> Iterator[tuple[datetime, int, Project | None]]:
    query = sa.select(VERSION).where(VERSION.c.source == source).order_by(VERSION.c.at, VERSION.c.id)
    for row in session.execute(query).all():
        yield row.at, row.number, PROJECT.validate_json(row.project) if row.present else None


def _keep_changes(session: Session, source: str, told: Retold) -> None:
    numbers = publish_retold(session, source, told.number, told.changes, told.capture.at)
    common = Grounds(capture_before=told.standing, capture_after=told.number)
    before = {} if told.standing is None else _places(session, told.standing, told.before)
    after = _places(session, told.number, told.after)
    outcome = Outcome(told.verdict or BELIEVED, told.changes, told.matches)
    keep_grounds(session, numbers, outcome, common, before, after)


def _places(session: Session, capture_id: int, tracks: Sequence[int | None]) -> dict[int, tuple[Place, ...]]:
    """Return where a capture states each track, by the newest reading of it."""
    query = sa.select(SNAPSHOT.c.reader_version).where(SNAPSHOT.c.capture_id == capture_id)
    version = session.execute(query.order_by(SNAPSHOT.c.id.desc()).limit(1)).scalar()
    found: dict[int, tuple[Place, ...]] = {}
    for record, number in enumerate(tracks):
        if number is not None and version is not None:
            found[number] = (*found.get(number, ()), Place(capture_id, version, record))
    return found
