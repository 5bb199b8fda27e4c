"""Pages gone wrong are still read: no exception, no long wait, no flood of memory."""

import os
import resource
from dataclasses import replace
from pathlib import Path
from random import Random
from time import process_time

import pytest

from scraper.read import outline, read
from scraper.records import PageState
from tests.golden_pages import golden_pages
from tests.page_mutations import mutated

PAGES = golden_pages()
SHARES = 20
"""The mutated pages are read in shares, so that several workers can."""

COUNT = 100_000 if os.environ.get("COOPWATCH_SOAK") else 1_000
LONGEST = 2.0
LARGEST_GROWTH = 300_000
"""Seconds that one page may take, and kilobytes by which the process may grow."""


@pytest.mark.soak
@pytest.mark.parametrize("share", range(SHARES))
def test_a_mutated_page_is_read(share: int) -> None:
    """Whatever happened to a page on its way, reading it ends in a snapshot, within 2 s and 300 MB."""
    random = Random(1000 + share)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for _ in range(COUNT // SHARES):
        page = random.choice(PAGES)
        capture = replace(page.capture, body=mutated(page.capture.body or b"", random))
        begun = process_time()
        snapshot = read(capture, page.source)
        spent = process_time() - begun
        assert spent < LONGEST, f"{page.name}: {spent:.1f} s for {len(capture.body or b'')} bytes"
        assert (snapshot.reason is None) == (snapshot.page_state is PageState.OK)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < LARGEST_GROWTH


@pytest.mark.parametrize(
    "path", sorted((Path(__file__).parent / "worst").glob("*.html")), ids=lambda path: path.stem
)
def test_the_worst_pages_stay_readable(path: Path) -> None:
    """The pages that once took longest are read within their time."""
    capture = replace(PAGES[0].capture, headers=(("Content-Type", "text/html"),), body=path.read_bytes())
    begun = process_time()
    read(capture)
    assert process_time() - begun < LONGEST


@pytest.mark.parametrize("share", range(4))
def test_spans_quote_the_outline(share: int) -> None:
    """Every span of every project stands in the outline with the words that it quotes, however broken the
    page."""
    random = Random(2000 + share)
    for _ in range(25):
        page = random.choice(PAGES)
        capture = replace(page.capture, body=mutated(page.capture.body or b"", random))
        spans = [span for project in read(capture, page.source).projects for span in project.spans]
        blocks = outline(capture).blocks if spans else ()
        assert [span for span in spans if blocks[span.block].text[span.start : span.end] != span.quote] == []
