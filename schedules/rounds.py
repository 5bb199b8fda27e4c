"""One look at what is due: publishers are visited side by side, whoever shares a host one after the other."""

import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Event

from schedules.jobs import OpenVisitor, Visited, check_due
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database
from store.pages import due_pages

SIDE_BY_SIDE = 8
"""So many publishers are visited at once: one that is silent until its deadline delays few others."""

_log = logging.getLogger("coopwatch")


def visit_due(
    db: Database, sources: Iterable[Source], open_visitor: OpenVisitor, clock: Clock, stopping: Event
) -> None:
    """Visit the pages that are due; once `stopping` is set, visits under way end and no other begins.

    Raises the first error that stopped the visits of a source, when those of the others are done.
    """
    with db.reading() as session:
        waiting = {entry.source for entry in due_pages(session, clock.now())}
    groups = sharing_hosts(source for source in sources if source.name in waiting)
    with ThreadPoolExecutor(SIDE_BY_SIDE, thread_name_prefix="visits") as pool:
        rounds = [pool.submit(_visit_all, db, group, open_visitor, clock, stopping) for group in groups]
    for ended in rounds:
        ended.result()


def sharing_hosts(sources: Iterable[Source]) -> tuple[tuple[Source, ...], ...]:
    """Return the sources in groups of which no two have a host in common, each in the order given."""
    groups: list[tuple[Source, ...]] = []
    for source in sources:
        near = [group for group in groups if _hosts(group) & _hosts((source,))]
        joined = tuple(one for group in near for one in group)
        groups = [*(group for group in groups if group not in near), (*joined, source)]
    return tuple(groups)


def _hosts(sources: Iterable[Source]) -> set[str | None]:
    return {page.host for source in sources for page in source.pages}


def _visit_all(
    db: Database, sources: tuple[Source, ...], open_visitor: OpenVisitor, clock: Clock, stopping: Event
) -> None:
    if stopping.is_set():
        return
    with closing(check_due(db, sources, open_visitor, clock)) as visits:
        for visited in visits:
            if isinstance(visited, Visited):
                verdict = visited.outcome.verdict
                _log.info("%s: %s", visited.page.address, "; ".join((verdict.decision, *verdict.reasons)))
            if stopping.is_set():
                return
