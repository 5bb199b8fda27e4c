"""The outline: what a page shows, as blocks of text in lists, tables, sheets and cards, whatever its
markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

PAGE_TAIL = "page-tail"
"""The name of blocks that stand below and outside of the part of a page that holds all its headings."""

EMPTY_VALUE = "empty-value"
"""The name of a label beside which the page leaves the value's place empty."""


@dataclass(frozen=True, slots=True)
class Link:
    """Characters `start` to `end` of a block that lead to the absolute `address`."""

    start: int
    end: int
    address: str


@dataclass(frozen=True, slots=True)
class Block:
    """One run of visible text: a paragraph, a heading, an item; line breaks inside it are kept as newlines.

    `rank` is 0 for text; for headings, smaller is higher: 1 to 6 as marked up, more for headings in disguise.
    `strong` are the bold characters; `names` are the class words that say what the text is for; `rule` is
    the named rule under which the text says nothing itself.
    """

    text: str
    rank: int = 0
    links: tuple[Link, ...] = ()
    strong: tuple[tuple[int, int], ...] = ()
    names: str = ""
    rule: str = ""


class GroupKind(StrEnum):
    """What holds blocks together."""

    PAGE = "page"
    LIST = "list"
    ITEM = "item"
    TABLE = "table"
    ROW = "row"
    CELL = "cell"
    PAIRS = "pairs"  # a description list
    TERM = "term"
    DETAIL = "detail"
    CARD = "card"
    RULE = "rule"  # a horizontal line: what was above it is over


@dataclass(frozen=True, slots=True)
class Group:
    """Blocks (by number) and groups that belong together, in the order of the page."""

    kind: GroupKind
    children: "tuple[int | Group, ...]" = ()
    header: bool = False
    colspan: int = 1
    rowspan: int = 1
    names: str = ""


Node = int | Group


@dataclass(frozen=True, slots=True)
class Outline:
    """Everything that the content area of one capture shows.

    `ignored` holds visible text that is left out, with the named rule that leaves it out. `title` is the
    number of the block that holds the page's title where no heading states it; it stands in no group.
    `address` is where the page stands.
    """

    blocks: tuple[Block, ...]
    root: Group
    ignored: tuple[tuple[str, str], ...] = ()
    title: int | None = None
    address: str = ""

    def numbers(self, node: Node) -> Iterator[int]:
        """Yield the numbers of the blocks in a node, in order."""
        pending: list[Node] = [node]
        while pending:
            current = pending.pop()
            if isinstance(current, int):
                yield current
            else:
                pending.extend(reversed(current.children))

    def text(self, node: Node) -> str:
        """Return the words of a node, one block a line."""
        return "\n".join(self.blocks[number].text for number in self.numbers(node))
