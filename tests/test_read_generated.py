"""Generated pages: the projects that were written into a page come out of it again, in every layout."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read import read
from scraper.records import Capture, Layout, PageState, Project, Snapshot
from tests.page_generator import generated_pages


def snapshot_of(html: str) -> Snapshot:
    """Read a page as if it had just been visited."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    at = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
    return read(
        Capture(
            url="https://www.example.org/cooperazione", at=at, status=200, headers=headers, body=html.encode()
        )
    )


def stated(project: Project, fields: tuple[str, ...]) -> dict[str, object]:
    """Return the fields of a project that its layout states."""
    return {name: getattr(project, name) for name in fields}


@pytest.mark.parametrize("layout", list(Layout))
@given(data=st.data())
def test_generated_projects_are_read_back(layout: Layout, data: st.DataObject) -> None:
    """A page that states projects in a layout reads back as those projects, in order, and no others."""
    page = data.draw(generated_pages(layout))
    snapshot = snapshot_of(page.html)
    assert snapshot.page_state is PageState.OK, snapshot.reason
    found = [stated(project, page.fields) for project in snapshot.projects]
    assert found == [stated(project, page.fields) for project in page.projects]
