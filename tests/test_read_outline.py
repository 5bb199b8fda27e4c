"""The outline: grids as browsers lay them out, depth without loss, marks at their places."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read import outline
from scraper.read.outlining.building import absolute
from scraper.read.outlining.grids import grid_of, span_of
from scraper.read.outlining.outline import Group, GroupKind, Outline
from scraper.records import Capture

AT = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)


def shown(html: str, url: str = "https://www.example.it/cms/a/b") -> Outline:
    """Return the outline of a page."""
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    return outline(Capture(url, AT, 200, headers, html.encode()))


def tables(group: Group) -> list[Group]:
    """Return the tables in a group, outermost first."""
    inner = [child for child in group.children if isinstance(child, Group)]
    own = [child for child in inner if child.kind is GroupKind.TABLE]
    return own + [table for child in inner for table in tables(child)]


def cells(html: str) -> list[list[str]]:
    """Return the words that a browser shows in each slot of a page's first table."""
    page = shown(html)
    grid = grid_of(tables(page.root)[0])
    return [[page.text(slot.cell) if slot else "" for slot in row] for row in grid.rows]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<table><tr><td rowspan=2>A<td>B<tr><td>C</table>", [["A", "B"], ["A", "C"]]),
        ("<table><tr><td colspan=2>A<td>B<tr><td>C<td>D<td>E</table>", [["A", "A", "B"], ["C", "D", "E"]]),
        ("<table><tr><td rowspan=0>A<td>B<tr><td>C<tr><td>D</table>", [["A", "B"], ["A", "C"], ["A", "D"]]),
        (
            "<table><tbody><tr><td rowspan=9>A<td>B</tbody><tbody><tr><td>C<td>D</tbody></table>",
            [["A", "B"], ["C", "D"]],
        ),
        ("<table><tr><td rowspan=-3>A<td>B<tr><td>C<td>D</table>", [["A", "B"], ["C", "D"]]),
        ("<table><tr><td colspan='2;'>A<td>B</table>", [["A", "A", "B"]]),
        ("<table><tr><td>A<ul><li>x<td>B</table>", [["A\nx", "B"]]),
        ("<table><tr><td>A<table><tr><td>x</table><td>B</table>", [["A\nx", "B"]]),
        (
            "<table><tr><td rowspan=2>A<td rowspan=3>B<td>C<tr><td>D<tr><td>E<td>F</table>",
            [["A", "B", "C"], ["A", "B", "D"], ["E", "B", "F"]],
        ),
    ],
)  # fmt: skip
def test_cells_stand_where_a_browser_puts_them(html: str, expected: list[list[str]]) -> None:
    """Spans, missing end tags and nested tables leave every cell in its column."""
    assert cells(html) == expected


def test_a_span_bomb_costs_nothing() -> None:
    """A colspan of a million and a rowspan of sixty thousand neither eat memory nor shift columns."""
    rows = cells("<table>" + "<tr><td colspan=1000000 rowspan=60000>A<td>B" * 200 + "</table>")
    assert len(rows) == 200
    assert max(map(len, rows)) < 50_000


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, 1),
        ("", 1),
        ("3", 3),
        (" 4", 4),
        ("+5", 5),
        ("2;", 2),
        ("2.9", 2),
        ("-1", 1),
        ("x", 1),
        ("9" * 40, 1000),
    ],
)
def test_spans_are_read_as_the_standard_says(value: str | None, expected: int) -> None:
    """Leading digits count, everything else is 1, and nothing is larger than the cap."""
    assert span_of(value, 1000) == expected


@given(st.text(max_size=30))
def test_any_span_is_within_its_cap(value: str) -> None:
    """Whatever a page writes, a span is between 1 and the cap."""
    assert 1 <= span_of(value, 1000) <= 1000


@pytest.mark.parametrize("depth", [10, 250, 300, 5000])
@pytest.mark.parametrize("tag", ["div", "span", "b", "table><tr><td", "ul><li", "blockquote"])
def test_no_depth_loses_text(depth: int, tag: str) -> None:
    """What stands inside and after thousands of nested elements is still there."""
    page = shown(f"<main><p>prima</p>{f'<{tag}>' * depth}<p>dentro</p></main><p>dopo")
    text = " ".join(block.text for block in page.blocks)
    assert "prima" in text
    assert "dentro" in text


def test_marks_stand_at_their_places() -> None:
    """Links and bold words keep their offsets across collapsed white space and line breaks."""
    page = shown("<p>  Uno <b>due  tre</b>\n <a href='../x?PHPSESSID=1&amp;y=2'> quattro </a><br> cinque</p>")
    (block,) = page.blocks
    assert block.text == "Uno due tre quattro\ncinque"
    assert [block.text[start:end] for start, end in block.strong] == ["due tre"]
    (link,) = block.links
    assert block.text[link.start : link.end].strip() == "quattro"
    assert link.address == "https://www.example.it/cms/x?y=2"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/a b", "https://www.example.it/a%20b"),
        ("javascript:void(0)", None),
        ("mailto:a@b.it", None),
        ("#sotto", None),
        ("", None),
        ("http://[", None),
        ("//altro.it/x;jsessionid=AB12?q=1", "https://altro.it/x?q=1"),
    ],
)
def test_links_are_absolute_and_clean(address: str, expected: str | None) -> None:
    """A link leads to a page, by an absolute address without session ids, or it is none."""
    assert absolute(address, "https://www.example.it/cms/") == expected


def test_what_is_hidden_is_named() -> None:
    """Hidden text, menus and notices are left out by a named rule each, scripts without a word."""
    page = shown(
        "<main><p hidden>a</p><p style='display: none'>b</p><nav>c</nav><div class='cookie-banner'>d</div>"
        "<script>e</script><template>f</template><p class='d-none d-md-block'>g</p></main>" + "<p>x</p>" * 3
    )
    assert {text: rule for rule, text in page.ignored} == {
        "a": "hidden", "b": "hidden", "c": "navigation", "d": "cookie notice",
    }  # fmt: skip
    assert "g" in [block.text for block in page.blocks]
