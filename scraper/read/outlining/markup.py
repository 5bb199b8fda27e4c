"""HTML into the outline: one walk over the soup of a content area, safe at any depth."""

import re
from collections.abc import Container, Iterator

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PageElement

from scraper.read.fields.labels import Label, label_of
from scraper.read.outlining.building import OutlineBuilder, absolute
from scraper.read.outlining.divgrids import CELL_ROLES, give_roles
from scraper.read.outlining.furniture import furniture_rule
from scraper.read.outlining.grids import span_of
from scraper.read.outlining.ignoring import UNSEEN, rule_for
from scraper.read.outlining.outline import EMPTY_VALUE, PAGE_TAIL, GroupKind

_BLOCKS_WORDS = (
    "address article aside blockquote body caption center details dialog dd div dl dt fieldset "
    "figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol "
    "p pre section summary table tbody td tfoot th thead tr ul dir"
)
_BLOCKS = frozenset(_BLOCKS_WORDS.split())
_HEADING_TAGS = {
    "h1": 1,
    "h2": 2,
    "h3": 3,
    "h4": 4,
    "h5": 5,
    "h6": 6,
    "caption": 6,
    "legend": 6,
    "summary": 6,
}
_BOLD = frozenset(["strong", "b"])
_CARD_NAMES = frozenset(
    ["card", "cmp-card", "card-wrapper", "card-teaser", "scheda-progetto", "project-card", "card-bg"]
)
_TITLE_NAMES_WORDS = (
    "card-title title titolo titre titulo heading titoletto titolo-progetto project-title entry-title "
    "field-title sottotitolo h1 h2 h3 h4 h5 h6 views-field-title accordion-button contentheading"
)
_TITLE_NAMES = frozenset(_TITLE_NAMES_WORDS.split())
_TOLD_NAMES_WORDS = "category-top category etichetta chip tag badge date data card-date label field-label"
_TOLD_NAMES = frozenset([*_TOLD_NAMES_WORDS.split(), PAGE_TAIL])
_LABELS = {"label", "field-label"}
_HOLDERS = {"td", "th", "li", "dd", "dt", "h1", "h2", "h3", "h4", "h5", "h6"}
_PICTURES = re.compile(
    r"(?:logo|icon|immagine|image|foto|photo|banner|freccia|arrow|spacer|bullet|separator|img|dsc|stemma)"
)
_LONGEST_TITLE = 400
_TWO_AND_GAPS = 5
_TABLE = frozenset([GroupKind.TABLE])
_ROW = frozenset([GroupKind.ROW])
_CELL = frozenset([GroupKind.CELL])
_ITEM = frozenset([GroupKind.ITEM])
_LIST = frozenset([GroupKind.LIST])
_LISTS = frozenset(["ul", "ol", "menu", "dir"])


def soup_of(html: str) -> BeautifulSoup:
    """Return the soup of some HTML; class attributes stay plain strings, which is a third cheaper."""
    return BeautifulSoup(html, "lxml", multi_valued_attributes=None)


def describe(root: Tag, builder: OutlineBuilder, opened: Container[str] = ()) -> None:
    """Tell `builder` everything that `root` shows, in order; `opened` are the ids of parts that buttons open.

    An explicit stack instead of recursion: 5,000 nested elements are read like any other page.
    """
    stack: list[tuple[Tag, Iterator[PageElement]]] = [(root, iter(root.contents))]
    while stack:
        tag, children = stack[-1]
        for child in children:
            if type(child) is NavigableString:
                builder.add(child)
            elif isinstance(child, Tag) and _enter(child, builder, opened):
                stack.append((child, iter(child.contents)))
                break
        else:
            stack.pop()
            _leave(tag, builder)


def _enter(tag: Tag, builder: OutlineBuilder, opened: Container[str]) -> bool:
    """Begin an element; False where it has nothing (more) to tell."""
    name = tag.name
    if name == "br":
        builder.line()
        return False
    if name == "img":
        if picture := _words_of(tag):
            builder.add(picture)
        return False
    rule = rule_for(tag, opened)
    if rule:
        if name not in UNSEEN:
            builder.ignore(rule, tag.get_text(" "))
        return False
    if name in _BLOCKS:
        _enter_block(tag, builder)
    _mark(tag, builder)
    if "title" in tag.attrs and (full := _uncut(tag)):
        builder.add(full)
        _leave(tag, builder)
        return False
    return True


def _words_of(picture: Tag) -> str:
    """Return the words of a picture that stands alone where words should: in a cell, an item or a heading."""
    words = " ".join(str(picture.get("alt") or "").split())
    if len(words) < 3 or _PICTURES.match(words.lower()) or furniture_rule(words):
        return ""
    holder = picture.parent
    while holder is not None and holder.name not in _BLOCKS:
        holder = holder.parent
    alone = holder is not None and holder.name in _HOLDERS and not holder.get_text(strip=True)
    return words if alone else ""


def _uncut(tag: Tag) -> str | None:
    """Return the whole of a text that the page shows cut: some sites keep it in the title attribute."""
    shown = " ".join(tag.get_text(" ").split())
    if not shown.endswith(("...", "…")):
        return None
    whole = " ".join(str(tag["title"]).split())
    begin = shown.rstrip(".… ")
    return whole if len(begin) >= 4 and len(whole) > len(begin) and whole.startswith(begin) else None


def _enter_block(tag: Tag, builder: OutlineBuilder) -> None:
    builder.flush()
    name = tag.name
    if name == "hr":
        builder.rule()
    elif name == "table":
        builder.open(GroupKind.TABLE, tag)
    elif name == "tr":
        _open_row(tag, builder)
    elif name in {"td", "th"}:
        _open_cell(tag, builder)
    elif name in _LISTS:
        builder.open(GroupKind.LIST, tag)
    elif name == "li":
        _open_item(tag, builder)
    elif name == "dl":
        builder.open(GroupKind.PAIRS, tag)
    elif name in {"dt", "dd"}:
        builder.open(GroupKind.TERM if name == "dt" else GroupKind.DETAIL, tag)
    elif name in {"div", "article", "section", "li"} and _is_card(tag):
        builder.open(GroupKind.CARD, tag)
    elif name == "div":
        _open_grid_part(tag, builder)


def _open_grid_part(tag: Tag, builder: OutlineBuilder) -> None:
    """Begin a table, row or cell that is one by its role, or by its build, and not by its tag."""
    if "role" not in tag.attrs:
        give_roles(tag)
    role = tag.attrs.get("role")
    if role in {"table", "grid"}:
        builder.open(GroupKind.TABLE, tag)
    elif role == "row":
        _open_row(tag, builder)
    elif role in CELL_ROLES:
        _open_cell(tag, builder)


def _open_row(tag: Tag, builder: OutlineBuilder) -> None:
    # A row inside an open cell or item of the same table is libxml2 forgiving a missing end tag.
    if builder.inside(_ROW, _TABLE):
        builder.close_to(_TABLE)
    if builder.inside(_TABLE, frozenset()):
        builder.open(GroupKind.ROW, tag, names=_row_group(tag, builder))


def _row_group(tag: Tag, builder: OutlineBuilder) -> str:
    """Return a name for the thead, tbody or tfoot of a row: no rowspan reaches out of it."""
    parent = tag.parent
    return (
        builder.number_of(parent) if parent is not None and parent.name in {"thead", "tbody", "tfoot"} else ""
    )


def _open_cell(tag: Tag, builder: OutlineBuilder) -> None:
    if builder.inside(_CELL, _TABLE):
        builder.close_to(_ROW)
    if not builder.inside(_TABLE, frozenset()):
        return
    if not builder.inside(_ROW, _TABLE):
        builder.open(GroupKind.ROW, object())
    spans = (span_of(tag.get("colspan"), 1000), span_of(tag.get("rowspan"), 65534, zero=True))
    builder.open(
        GroupKind.CELL, tag, header=tag.name == "th" or tag.get("role") == "columnheader", spans=spans
    )


def _open_item(tag: Tag, builder: OutlineBuilder) -> None:
    if builder.inside(_ITEM, _LIST | _TABLE | _CELL):
        builder.close_to(_LIST)
    builder.open(GroupKind.ITEM, tag)


def _is_card(tag: Tag) -> bool:
    names = str(tag.get("class") or "").lower().split()
    return not _CARD_NAMES.isdisjoint(names)


def _mark(tag: Tag, builder: OutlineBuilder) -> None:
    name = tag.name
    if name in _HEADING_TAGS:
        builder.mark("heading", tag, rank=_HEADING_TAGS[name])
    elif name in _BOLD:
        builder.mark("strong", tag)
    elif name == "a":
        address = absolute(str(tag.get("href") or ""), builder.address)
        if address:
            builder.mark("link", tag, address)
    if tag.attrs:
        _mark_by_attributes(tag, builder)


def _mark_by_attributes(tag: Tag, builder: OutlineBuilder) -> None:
    attributes = tag.attrs
    if attributes.get("role") == "heading":
        level = str(attributes.get("aria-level") or "2")
        builder.mark("heading", tag, rank=int(level) if level.isdigit() and 1 <= int(level) <= 6 else 6)
    style = attributes.get("style")
    if style and "bold" in str(style):
        builder.mark("strong", tag)
    names = str(attributes.get("class") or "").lower().split()
    if not names:
        return
    if name_is_block(tag) and any(_names_title(name) for name in names) and _is_line(tag):
        builder.mark("heading", tag, rank=8)
    told = set(_TOLD_NAMES.intersection(names))
    if tag.name == "span" and not told and _labels_its_sibling(tag):
        told.add("label")
    if told:
        if _is_empty_value(tag.find_next_sibling()):
            told.add(EMPTY_VALUE)
        if not told <= {
            *_LABELS,
            EMPTY_VALUE,
        }:  # a badge stands apart from what follows, even without a space between
            builder.flush()
        builder.mark("name", tag, " ".join(sorted(told)))


def _names_title(name: str) -> bool:
    return name in _TITLE_NAMES or name.endswith(("-heading-title", "__title", "__heading"))


def _labels_its_sibling(span: Tag) -> bool:
    """Tell the first of two spans that are all of a line: a label and its value, whatever they are called."""
    holder = span.parent
    if holder is None or holder.name in _HEADING_TAGS or holder.name not in _BLOCKS:
        return False
    if len(holder.contents) > _TWO_AND_GAPS:
        return False
    parts = [part for part in holder.contents if isinstance(part, Tag) or str(part).strip()]
    if len(parts) != 2 or parts[0] is not span or not isinstance(parts[1], Tag) or parts[1].name != "span":
        return False
    label = label_of(span.get_text(" ", strip=True), sheet=True)
    return label is not None and label is not Label.TITLE


def _is_line(tag: Tag) -> bool:
    return len(tag.get_text()) <= _LONGEST_TITLE


def _is_empty_value(sibling: object) -> bool:
    """Tell whether the last thing beside a label is an element without a word: its value is empty."""
    return isinstance(sibling, Tag) and sibling.next_sibling is None and not sibling.get_text(strip=True)


def name_is_block(tag: Tag) -> bool:
    """Tell whether an element stands on lines of its own."""
    return tag.name in _BLOCKS


def _leave(tag: Tag, builder: OutlineBuilder) -> None:
    if tag.name in _BLOCKS:
        builder.flush()
    builder.leave(tag)
