"""Watched pages: enrolled once, due, leased, found by what people call them."""

import pytest

from scraper.errors import NotFoundError
from scraper.records import Decision
from scraper.sources import WatchedPage
from store import pages
from store.database import Database
from tests.store_visits import day, enrolled, record_visit, source


def test_enrolling_twice_changes_nothing(db: Database) -> None:
    """Each start enrols every source again; only new pages and new titles make a difference."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {})
        before = pages.pages(session)
        pages.enrol(session, source(), day(2))
        assert pages.pages(session) == before

        third = WatchedPage(address="https://torino.example/storici")
        grown = source().model_copy(update={"title": "Turin", "pages": (*source().pages, third)})
        pages.enrol(session, grown, day(3))
        assert pages.pages(session)[:2] == before
        assert [(entry.address, entry.since) for entry in pages.pages(session)[2:]] == [
            (third.address, day(3))
        ]


def test_a_page_that_its_source_no_longer_names_is_retired(db: Database) -> None:
    """It keeps its history, is due no more even when asked, and comes back once it is named again."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {})
        smaller = source().model_copy(update={"pages": source().pages[1:]})
        pages.enrol(session, smaller, day(2))
        pages.enrol(session, smaller, day(3))
        pages.mark_due(session, page_id, day(3))
        assert [entry.retired_at for entry in pages.pages(session)] == [day(2), None]
        assert page_id not in {entry.id for entry in pages.due_pages(session, day(4))}
        assert pages.page(session, page_id).visits == 1

        pages.enrol(session, source(), day(5))
        assert pages.page(session, page_id).retired_at is None
        assert page_id in {entry.id for entry in pages.due_pages(session, day(5))}


def test_an_entry_sums_up_the_visits(db: Database) -> None:
    """The last visit, the last believed one, the last decision and the count of visits are in the entry."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {})
        record_visit(session, page_id, day(2), {}, decision=Decision.UNCHANGED)
        record_visit(session, page_id, day(3), {}, decision=Decision.HELD)

        visited, fresh = pages.pages(session, "torino")
        assert (visited.last_visit_at, visited.last_good_at, visited.visits) == (day(3), day(2), 3)
        assert (visited.last_decision, visited.last_reasons) == (Decision.HELD, ("as told",))
        assert (fresh.last_visit_at, fresh.last_good_at, fresh.visits) == (None, None, 0)
        assert (fresh.last_decision, fresh.last_reasons) == (None, ())
        assert pages.page(session, page_id) == visited
        assert pages.pages(session, "milano") == ()


def test_new_pages_are_due_and_the_earliest_mark_counts(db: Database) -> None:
    """A mark for later does not put off an earlier one."""
    with db.writing() as session:
        page_id = enrolled(session)
        assert len(pages.due_pages(session, day(0))) == 2
        pages.clear_due(session, page_id, day(0))
        assert [entry.id for entry in pages.due_pages(session, day(0))] == [page_id + 1]

        pages.mark_due(session, page_id, day(5))
        pages.mark_due(session, page_id, day(7))
        assert page_id not in {entry.id for entry in pages.due_pages(session, day(4))}
        pages.mark_due(session, page_id, day(2))
        assert page_id in {entry.id for entry in pages.due_pages(session, day(2))}


def test_one_visit_at_a_time(db: Database) -> None:
    """A leased page is nobody else's until it is given back or the lease runs out."""
    with db.writing() as session:
        page_id = enrolled(session)
        assert pages.lease(session, page_id, day(1), day(2))
        assert not pages.lease(session, page_id, day(1.5), day(3))
        assert page_id not in {entry.id for entry in pages.due_pages(session, day(1.5))}

        assert pages.lease(session, page_id, day(2), day(3))
        pages.release(session, page_id)
        assert pages.lease(session, page_id, day(2), day(4))
        assert not pages.lease(session, 99, day(2), day(4))


@pytest.mark.parametrize(
    "text", ["1", "https://torino.example/progetti", "PROGETTI IN corso", "example/prog"]
)
def test_a_page_is_found_by_number_address_or_title(db: Database, text: str) -> None:
    """A person names a page by its number, its address, or a part of address or title."""
    with db.writing() as session:
        enrolled(session)

        assert pages.find_page(session, text).id == 1


@pytest.mark.parametrize("text", ["9", "milano", "torino"])
def test_a_page_that_nobody_can_mean_is_said(db: Database, text: str) -> None:
    """Where none or several fit, the hint lists the pages to choose from."""
    with db.writing() as session:
        enrolled(session)

        with pytest.raises(NotFoundError) as raised:
            pages.find_page(session, text)
        assert "1 https://torino.example/progetti" in raised.value.hint


def test_no_page_at_all_is_said(db: Database) -> None:
    """Before a source is enrolled there is nothing to find."""
    with db.reading() as session:
        with pytest.raises(NotFoundError, match="no page fits"):
            pages.find_page(session, "torino")
        with pytest.raises(NotFoundError):
            pages.page(session, 1)
