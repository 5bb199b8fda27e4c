"""Old captures compared in the order of dates, with each other and with what was kept; nobody is told."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from schedules.rereading import read_anew
from scraper.clock import Clock
from scraper.compare import Chapter, Retold, SourceState, own_numbers, renumbered, retell, with_past
from scraper.compare.memory import page_of, remember
from scraper.read import READER_VERSION, read
from scraper.records import Decision, Project, Snapshot
from scraper.sources import Source
from store.database import Database, Session
from store.history import answer, held_state, reading, state
from store.history import snapshot as snapshot_of
from store.imports import Dated, dated_captures
from store.pages import GOOD, pages
from store.retellings import births, keep_retelling


@dataclass(frozen=True, slots=True)
class Compared:
    """How many old captures of a source were compared, and how many changes of their days that brought."""

    captures: int
    changes: int


@dataclass(frozen=True, slots=True)
class _Plan:
    known: SourceState
    captures: tuple[Dated, ...]
    retold: tuple[Retold, ...]
    after: SourceState


def compare_imported(db: Database, source: Source, clock: Clock) -> Compared:
    """Compare all captures of a source that archives brought and that were not compared yet.

    The comparison is made without holding the database; where a visit came in between, it is made again.
    """
    _read_anew(db, source, clock)
    while True:
        with db.reading() as session:
            plan = _plan(session, source)
        if plan is None:
            return Compared(0, 0)
        with db.writing() as session:
            if held_state(session, source.name) != plan.known:
                continue
            if dated_captures(session, source.name) != plan.captures:
                continue
            captures = {capture.id: capture for capture in plan.captures}
            keep_retelling(session, source.name, plan.retold, captures, plan.after, clock.now())
            fresh = sum(told.verdict is not None for told in plan.retold)
            return Compared(fresh, sum(len(told.changes) for told in plan.retold))


def _read_anew(db: Database, source: Source, clock: Clock) -> None:
    """Bring the accepted captures to the present reader: only readings of one version are compared."""
    with db.writing() as session:
        for page in pages(session, source.name):
            read_anew(session, source, page, held_state(session, source.name), clock.now())


def _plan(session: Session, source: Source) -> _Plan | None:
    known, captures = state(session, source.name), dated_captures(session, source.name)
    new = [place for place, capture in enumerate(captures) if capture.decision is None]
    if not new:
        return None
    believed = [place for place, capture in enumerate(captures) if capture.decision in GOOD]
    border = believed[-1] + 1 if believed else 0
    past, tail = captures[:border], [one for one in captures[border:] if one.decision is None]
    after, retold = _past(session, source, known, past) if new[0] < border else (known, ())
    chapters = (_chapter(session, source, capture, {}, None) for capture in tail)
    ended = retell(chapters, after)
    after = _with_troubles(ended.state, known, captures, tail)
    return _Plan(known, captures, (*retold, *ended.retold), after)


def _past(
    session: Session, source: Source, known: SourceState, captures: Sequence[Dated]
) -> tuple[SourceState, tuple[Retold, ...]]:
    """Tell what lies before the last believed visit anew, and add the lives that this finds."""
    retelling = retell(_chapters(session, source, captures))
    numbers = own_numbers(retelling, known)
    first = {one.address: one.id for one in reversed(captures) if one.decision is Decision.ACCEPTED}
    retold = (renumbered(told, numbers) for told in retelling.retold)
    # What was published when a visit was compared with another one stands; a baseline published nothing.
    told = tuple(
        replace(each, changes=()) if each.own and first.get(each.capture.url) != each.number else each
        for each in retold
    )
    unvisited = {one.address for one in captures} - {one.address for one in captures if one.decision in GOOD}
    return with_past(known, retelling.state, numbers, sorted(unvisited)), told


def _chapters(session: Session, source: Source, captures: Sequence[Dated]) -> Iterable[Chapter]:
    """Yield what is new, and what was believed: an unchanged answer says what the accepted one said."""
    begun = births(session, source.name)
    accepted: dict[str, Snapshot] = {}
    for capture in captures:
        if capture.decision is None:
            yield _chapter(session, source, capture, {}, None)
        elif capture.decision in GOOD:
            if capture.decision is Decision.ACCEPTED:
                accepted[capture.address] = _reading(session, source, capture)
            if capture.address in accepted:
                born = begun.get(capture.id, {})
                yield _chapter(session, source, capture, born, accepted[capture.address])


def _chapter(
    session: Session, source: Source, capture: Dated, born: Mapping[int, Project], believed: Snapshot | None
) -> Chapter:
    own = capture.decision is not None
    visit = replace(answer(session, capture.id), url=capture.address)
    snapshot = believed
    if not own and visit.failure is None:
        snapshot = reading(session, capture.id, READER_VERSION)
        if snapshot is None and visit.body is not None:
            snapshot = read(visit, source)
    return Chapter(capture.id, replace(visit, body=None), snapshot, own, born)


def _reading(session: Session, source: Source, capture: Dated) -> Snapshot:
    """Return what the present reader reads in a believed capture, or, without its body, another one did."""
    found = reading(session, capture.id, READER_VERSION)
    if found is not None:
        return found
    visit = answer(session, capture.id)
    if visit.body is not None:
        return read(visit, source)
    former = snapshot_of(session, capture.id)
    assert former is not None  # it was believed
    return replace(former, reader_version=READER_VERSION, fingerprint="")


def _with_troubles(
    after: SourceState, known: SourceState, captures: Sequence[Dated], tail: Sequence[Dated]
) -> SourceState:
    """Keep the holds and outages of visits that are later than all that an archive brought of their page."""
    for page in known.pages:
        latest = max((one for one in captures if one.address == page.url), key=lambda one: one.at)
        if latest.decision is not None and any(one.address == page.url for one in tail):
            here = page_of(after, page.url)
            after = remember(after, replace(here, hold=page.hold, trouble=page.trouble))
    return after
