"""The outline under construction: text, line breaks and marks go in, blocks and groups come out."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urljoin, urlsplit

from scraper.read.outlining.furniture import READ_ON, SITE_RULES, furniture_rule
from scraper.read.outlining.outline import Block, Group, GroupKind, Link, Node, Outline

DEEPEST = 24
"""Groups nested deeper than this are read as plain text: no page means anything by them."""

_MOST_MARKS = 64  # open at once: what is bold sixty times over is bold

_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe00-\ufe0f\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
_SESSION = re.compile(
    r"(?i)(?:;jsessionid=[^?#]*|(?<=[?&])(?:phpsessid|jsessionid|sid|sessionid|aspsessionid\w*|cfid|"
    r"cftoken)=[^&#]*&?)"
)


_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")
_VALUES = {GroupKind.CELL, GroupKind.DETAIL, GroupKind.TERM}
"""Where words are values of a table or sheet, whatever they say."""


def visible(text: str) -> str:
    """Return `text` in NFC, without characters that nobody sees and without entities that were escaped
    twice."""
    if "&" in text and _ENTITY.search(text):
        text = unescape(text)
    return text if text.isascii() else unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def absolute(address: str, base: str) -> str | None:
    """Return where a link leads, without session ids; None for a link that leads to no page."""
    address = re.sub(r"[\x00-\x20]+", lambda gap: "" if "\n" in gap[0] else gap[0], visible(address)).strip()
    if not address or address.startswith("#"):
        return None
    try:
        joined = urljoin(base, address)
        if urlsplit(joined).scheme not in {"http", "https"}:
            return None
    except ValueError:
        return None
    return _SESSION.sub("", joined).rstrip("?&").replace(" ", "%20")


@dataclass(slots=True)
class _Open:
    """A group that is not closed yet; `owner` is the element that opened it."""

    kind: GroupKind
    owner: object
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    names: str = ""
    children: list[Node] = field(default_factory=list)


@dataclass(slots=True)
class _Mark:
    kind: str  # "strong", "link", "heading" or "name"
    owner: object
    value: str
    start: int
    rank: int = 0


class OutlineBuilder:
    """Collects what a page shows, in order; `finished` returns it as an Outline."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._title: int | None = None
        self._blocks: list[Block] = []
        self._ignored: list[tuple[str, str]] = []
        self._groups = [_Open(GroupKind.PAGE, None)]
        self._marks: list[_Mark] = []
        self._text = ""
        self._ended: list[tuple[_Mark, int]] = []
        self._numbers: dict[int, str] = {}
        self._owners: set[int] = set()

    # Text

    def add(self, text: str) -> None:
        """Add words; white space collapses as browsers do."""
        words = visible(text).split()
        if not words and not self._text:
            return
        gap = bool(self._text) and self._text[-1] not in " \n"
        if not words:
            if gap and text:
                self._text += " "
            return
        spaced = gap and text[0].isspace()
        self._text += (" " if spaced else "") + " ".join(words) + (" " if text[-1].isspace() else "")

    def line(self) -> None:
        """End a line; two in a row end the paragraph."""
        self._text = self._text.rstrip(" ")
        if self._text.endswith("\n"):
            self.flush()
        elif self._text:
            self._text += "\n"

    def ignore(self, rule: str, text: str) -> None:
        """Leave visible text out by a named rule."""
        words = " ".join(visible(text).split())
        if words:
            self._ignored.append((rule, words))

    def heading(self, text: str) -> None:
        """Add the page's own heading, which stands outside the content area."""
        owner = object()
        self.mark("heading", owner, rank=1)
        self.add(text)
        self.flush()
        self.leave(owner)

    def name(self, text: str) -> None:
        """Note the page's title, which no heading states; it is no part of what the page shows."""
        self._title = len(self._blocks)
        self._blocks.append(Block(text, rank=1))

    # Marks

    def mark(self, kind: str, owner: object, value: str = "", rank: int = 0) -> None:
        """Begin a mark that lasts until `owner` is left."""
        if len(self._marks) >= _MOST_MARKS:
            return
        self._owners.add(id(owner))
        self._marks.append(_Mark(kind, owner, value, len(self._text), rank))

    def leave(self, owner: object) -> None:
        """End the marks and the groups that `owner` began."""
        if id(owner) not in self._owners:
            return
        self._owners.discard(id(owner))
        if any(mark.owner is owner and mark.kind == "name" for mark in self._marks):
            self.flush()
        while self._marks and self._marks[-1].owner is owner:
            self._ended.append((self._marks.pop(), len(self._text)))
        if any(group.owner is owner for group in self._groups):
            while self._groups[-1].owner is not owner:
                self._close()
            self._close()

    # Groups

    def open(
        self,
        kind: GroupKind,
        owner: object,
        *,
        header: bool = False,
        spans: tuple[int, int] = (1, 1),
        names: str = "",
    ) -> None:
        """Begin a group; it lasts until `owner` is left."""
        self.flush()
        self._owners.add(id(owner))
        if len(self._groups) < DEEPEST:
            self._groups.append(_Open(kind, owner, header, *spans, names))

    def number_of(self, owner: object) -> str:
        """Return a number for an element, the same each time it is asked for."""
        return self._numbers.setdefault(id(owner), str(len(self._numbers) + 1))

    def rule(self) -> None:
        """Add a horizontal line."""
        self.flush()
        self._groups[-1].children.append(Group(GroupKind.RULE))

    def inside(self, kinds: frozenset[GroupKind], outermost: frozenset[GroupKind]) -> GroupKind | None:
        """Return the kind of the innermost open group among `kinds`, looking out no further than
        `outermost`."""
        for group in reversed(self._groups):
            if group.kind in kinds:
                return group.kind
            if group.kind in outermost:
                return None
        return None

    def close_to(self, kinds: frozenset[GroupKind]) -> None:
        """Close the open groups down to, and without, the innermost of `kinds`."""
        if any(group.kind in kinds for group in self._groups):
            while self._groups[-1].kind not in kinds:
                self._close()

    def _close(self) -> None:
        self.flush()
        done = self._groups.pop()
        keep = done.children or done.kind is GroupKind.CELL
        if keep:
            self._groups[-1].children.append(
                Group(done.kind, tuple(done.children), done.header, done.colspan, done.rowspan, done.names)
            )

    # Blocks

    def flush(self) -> None:
        """End the paragraph."""
        if not self._text:
            self._ended.clear()
            for mark in self._marks:
                mark.start = 0
            return
        text = self._text.strip()
        rule = furniture_rule(text) if text else None
        if rule in SITE_RULES and any(mark.kind == "heading" for mark in self._marks):
            rule = None  # a heading parts what follows from what was told before, whatever it says
        if rule and rule != READ_ON and self._groups[-1].kind not in _VALUES:
            self.ignore(rule, text)
        elif text:
            shift = len(self._text) - len(self._text.lstrip())
            self._add_block(text, shift, rule or "")
        self._text = ""
        self._ended.clear()
        for mark in self._marks:
            mark.start = 0

    def _add_block(self, text: str, shift: int, rule: str) -> None:
        ended = [*self._ended, *((mark, len(self._text)) for mark in self._marks)]
        places = [(mark, max(0, mark.start - shift), min(len(text), end - shift)) for mark, end in ended]
        strong = _merged((start, end) for mark, start, end in places if mark.kind == "strong")
        links = tuple(
            Link(start, end, mark.value)
            for mark, start, end in sorted(places, key=lambda place: place[1])
            if mark.kind == "link" and start < end
        )
        rank = min((mark.rank for mark in self._marks if mark.kind == "heading"), default=0)
        names = " ".join(
            mark.value
            for mark, start, end in places
            if mark.kind == "name" and start <= 0 and end >= len(text)
        )
        self._groups[-1].children.append(len(self._blocks))
        self._blocks.append(Block(text, rank, links, strong, names, rule))

    def finished(self) -> Outline:
        """Close what is open and return the outline."""
        while len(self._groups) > 1:
            self._close()
        self.flush()
        root = Group(GroupKind.PAGE, tuple(self._groups[0].children))
        return Outline(tuple(self._blocks), root, tuple(self._ignored), self._title, self.address)


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)
