"""The golden pages, field by field, as `parse` prints them."""

from functools import cache
from typing import Any

import pytest

from scraper.read import read
from scraper.read.report import parse_report
from tests.golden_pages import GoldenPage, golden_pages

PAGES = {page.name: page for page in golden_pages()}
LISTED = [name for name, page in PAGES.items() if "projects" in page.expected]
STATED = [
    pytest.param(name, number, field, id=f"{name}-{number}-{field}")
    for name in LISTED
    for number, project in enumerate(PAGES[name].expected["projects"])
    for field in project
]


@cache
def report(name: str) -> dict[str, Any]:
    """Return what `parse` prints for a golden page."""
    page: GoldenPage = PAGES[name]
    return parse_report(read(page.capture, page.source))


def test_there_are_enough_golden_pages() -> None:
    """At least sixty golden pages stand in their folders."""
    assert len(PAGES) >= 60


@pytest.mark.parametrize("name", PAGES)
def test_the_page_state_is_right(name: str) -> None:
    """A golden page has the expected state; any state but ok has a reason in words."""
    printed = report(name)
    assert printed["page_state"] == PAGES[name].expected["page_state"], printed["reason"]
    assert (printed["reason"] is None) == (printed["page_state"] == "ok")


@pytest.mark.parametrize("name", LISTED)
def test_the_projects_are_the_pages_own(name: str) -> None:
    """A golden page yields as many projects as it states, in its order."""
    expected = [project.get("title", ...) for project in PAGES[name].expected["projects"]]
    found = [project["title"] for project in report(name)["projects"]]
    assert len(found) == len(expected), found
    assert [title for title, wanted in zip(found, expected, strict=True) if wanted not in (..., title)] == []


@pytest.mark.parametrize(("name", "number", "field"), STATED)
def test_a_field_is_as_the_page_states_it(name: str, number: int, field: str) -> None:
    """Each asserted field of each project of each golden page has the expected value."""
    found = report(name)["projects"]
    assert number < len(found), "the project is missing"
    assert found[number][field] == PAGES[name].expected["projects"][number][field]


@pytest.mark.parametrize("name", PAGES)
def test_what_belongs_to_no_project_is_unread(name: str) -> None:
    """Text that a golden page keeps outside its projects is listed as unread."""
    unread = " ".join(report(name)["unread"])
    assert [text for text in PAGES[name].expected.get("unread_contains", []) if text not in unread] == []
