"""The fingerprint: an unchanged page is known without being read again, and a changed one never is."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read import read
from scraper.records import Capture, Layout
from scraper.sources import shipped_sources
from tests.golden_pages import golden_pages
from tests.page_generator import generated_pages

SOURCE = shipped_sources()[0]
PAGE = next(page for page in golden_pages() if page.name == "table-version-b-fillers-empty-paragraphs")
BODY = (PAGE.capture.body or b"").decode()


def changed(old: str, new: str) -> Capture:
    """Return the visit with one text of the page replaced."""
    assert old in BODY
    return replace(PAGE.capture, body=BODY.replace(old, new).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Visite: 18437", "Visite: 18502"),
        ("20 agosto 2018 - Visite", "21 agosto 2018 - Visite"),
        ("new JCaption", "new  JCaption"),
        ("Amministrazione trasparente", "Amministrazione"),
        ('href="http://www.cittametropolitana', 'href="http://www.cittametropolitana'),
    ],
)
def test_noise_outside_the_content_is_not_seen(old: str, new: str) -> None:
    """Counters, dates, scripts and menus outside the content area leave the fingerprint alone."""
    known = read(PAGE.capture, SOURCE)
    assert read(changed(old, new), SOURCE, known) is known


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Programma Interreg MED", "Programma Interreg"),
        ("attivita-progetto-shwm-libano", "shwm"),
        ("<h3><strong>PROGETTI IN VAL", "<p><strong>PROGETTI IN VAL"),
    ],
)
def test_what_the_reader_looks_at_is_seen(old: str, new: str) -> None:
    """Words, links and structure of the content area change the fingerprint."""
    known = read(PAGE.capture, SOURCE)
    found = read(changed(old, new), SOURCE, known)
    assert found is not known
    assert found.fingerprint != known.fingerprint


def test_session_ids_are_no_change() -> None:
    """A session id in a link of the content changes neither fingerprint nor link."""
    with_one = changed("/mc2cm-2", "/mc2cm-2?PHPSESSID=aaa111").body or b""
    first = read(replace(PAGE.capture, body=with_one), SOURCE)
    again = replace(PAGE.capture, body=with_one.replace(b"aaa111", b"bbb222"))
    assert read(again, SOURCE, first) is first
    assert first.projects[6].link == read(PAGE.capture, SOURCE).projects[6].link


def test_another_reader_version_reads_again() -> None:
    """A snapshot of another reader version is never taken for the present one."""
    known = replace(read(PAGE.capture, SOURCE), reader_version="0")
    assert read(PAGE.capture, SOURCE, known) is not known


def test_another_publisher_reads_again() -> None:
    """What a page says of our role depends on who we are."""
    known = read(PAGE.capture, SOURCE)
    other = SOURCE.model_copy(update={"publisher": "Comune di Asti", "aliases": ()})
    assert read(PAGE.capture, other, known) is not known


@given(data=st.data())
def test_equal_fingerprints_mean_equal_readings(data: st.DataObject) -> None:
    """Two generated pages with one fingerprint read the same."""
    pages = [data.draw(generated_pages(Layout.TABLE)), data.draw(generated_pages(Layout.TABLE))]
    at, headers = datetime(2018, 8, 20, 4, 30, tzinfo=UTC), (("content-type", "text/html; charset=utf-8"),)
    first, second = (
        read(Capture("https://www.example.org/", at, 200, headers, page.html.encode())) for page in pages
    )
    assert (first.fingerprint != second.fingerprint) or first.projects == second.projects
