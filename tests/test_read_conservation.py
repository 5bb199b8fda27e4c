"""Nothing is lost: every visible word of a content area is in the outline, and every word of the outline is
accounted for."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from scraper.read import outline, read
from scraper.read.coverage import rule_pieces, ruled_pieces
from scraper.read.decoding.decode import decoded
from scraper.read.layouts.drafting import drafts_of
from scraper.read.outlining.building import visible
from scraper.read.outlining.content import area_of
from scraper.read.outlining.ignoring import UNSEEN
from scraper.read.publisher import body_of
from scraper.records import Capture, Layout, PageState
from scraper.sources import Source
from tests.golden_pages import GoldenPage, golden_pages
from tests.page_generator import generated_pages
from tests.page_mutations import mutated

HEADERS = (("Content-Type", "text/html; charset=utf-8"),)
URL = "https://www.example.org/cooperazione"
AT = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
PAGES = [page for page in golden_pages() if page.expected["page_state"] == "ok"]
HTML = [page for page in PAGES if "html" in (page.capture.header("content-type") or "")]


def words(text: str) -> list[str]:
    """Return the words of a text as the outline writes them, however often its entities were escaped."""
    while (plain := visible(text)) != text:  # behind a <plaintext> each parser escapes them once more
        text = plain
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def shown_words(capture: Capture) -> set[str]:
    """Return the words of a content area, gathered by lxml alone."""
    area = area_of(decoded(capture.body or b"", capture.header("content-type")))
    root = etree.fromstring(
        f"<div>{area.html}</div>".encode(), etree.HTMLParser(encoding="utf-8", huge_tree=True)
    )
    etree.strip_elements(root, *UNSEEN, etree.Comment, with_tail=False)
    return {word for text in root.itertext() for word in words(str(text))}


def missing(capture: Capture) -> set[str]:
    """Return the words of a content area that its outline neither shows nor leaves out by a named rule.

    Words of neighbouring inline elements run together, so each is looked for in the text without white space.
    """
    shown = outline(capture)
    texts = [*(block.text for block in shown.blocks), *(text for _, text in shown.ignored)]
    run = "".join("".join(words(text)) for text in texts)
    return {word for word in shown_words(capture) if word not in run}


def unaccounted(capture: Capture, source: Source | None) -> Iterator[str]:
    """Yield the words of an outline that are in no field, under no named rule and not unread."""
    snapshot, shown = read(capture, source), outline(capture)
    html = decoded(capture.body or b"", capture.header("content-type"))
    drafting = drafts_of(shown, body_of(area_of(html), source, capture.url, html).names)
    told = zip(drafting.drafts, snapshot.projects, strict=True)
    ruled = [
        *drafting.ignored,
        *rule_pieces(shown),
        *(each for pair in told for each in ruled_pieces(shown, *pair)),
    ]
    assert all(rule for rule, _ in ruled)
    texts = [shown.blocks[piece.block].text[piece.start : piece.end] for _, piece in ruled]
    texts += [span.quote for project in snapshot.projects for span in project.spans]
    kept = {word for text in [*texts, *snapshot.unread] for word in words(text)}
    yield from (word for block in shown.blocks for word in words(block.text) if word not in kept)


@pytest.mark.parametrize("page", HTML, ids=lambda page: page.name)
def test_every_visible_word_is_in_the_outline(page: GoldenPage) -> None:
    """The outline of a golden page shows every word of its content area, or names the rule that leaves it
    out."""
    assert missing(page.capture) == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_word_of_the_outline_is_accounted_for(page: GoldenPage) -> None:
    """Each word of a golden page ends in a field, under a named rule, or in `unread`."""
    assert list(unaccounted(page.capture, page.source)) == []


@pytest.mark.parametrize("layout", list(Layout))
@given(data=st.data())
def test_generated_pages_lose_no_word(layout: Layout, data: st.DataObject) -> None:
    """Each word of a generated page is in the outline and accounted for."""
    page = data.draw(generated_pages(layout))
    capture = Capture(url=URL, at=AT, status=200, headers=HEADERS, body=page.html.encode())
    assert missing(capture) == set()
    assert list(unaccounted(capture, None)) == []


def test_broken_pages_lose_no_word() -> None:
    """However broken its markup, a page that is read loses no visible word."""
    random = Random(3000)
    for _ in range(150):
        page = random.choice(HTML)
        capture = replace(page.capture, body=mutated(page.capture.body or b"", random))
        trusted = not area_of(decoded(capture.body or b"")).deep  # lxml's own words are none below 256 levels
        if trusted and read(capture, page.source).page_state is PageState.OK:
            assert missing(capture) == set(), page.name
