"""The flow: an outline read from top to bottom as headings, prose, pairs, lists, tables and cards."""

from collections.abc import Iterable

from scraper.read.flowing.atoms import Atom, CardBox, DataTable, Listing, Rule
from scraper.read.flowing.linewise import block_parts
from scraper.read.flowing.shapes import TableShape, shape_of
from scraper.read.flowing.sheets import description_nodes, sheet_atoms
from scraper.read.outlining.grids import grid_of, trailing
from scraper.read.outlining.outline import Group, GroupKind, Node, Outline


def flow_of(outline: Outline, nodes: Iterable[Node]) -> list[Atom]:
    """Return what nodes show, in order; layout tables and other mere containers are dissolved."""
    atoms: list[Atom] = []
    pending: list[Atom | Node] = list(reversed(list(nodes)))
    while pending:
        node = pending.pop()
        if isinstance(node, int):
            atoms.extend(block_parts(outline, node))
        elif isinstance(node, Group):
            pending.extend(reversed(_parts(outline, node)))
        else:
            atoms.append(node)
    return atoms


def _parts(outline: Outline, group: Group) -> list[Atom | Node]:
    """Return what a group is to a reader: an atom, several, or what it merely contains."""
    if group.kind is GroupKind.LIST:
        return [Listing(group)]
    if group.kind is GroupKind.CARD:
        return [CardBox(group)]
    if group.kind is GroupKind.RULE:
        return [Rule()]
    if group.kind is GroupKind.TABLE:
        return _table(outline, group)
    return description_nodes(outline, group) if group.kind is GroupKind.PAIRS else list(group.children)


def _table(outline: Outline, table: Group) -> list[Atom | Node]:
    grid = grid_of(table)
    shape = shape_of(outline, grid)
    if shape is TableShape.LAYOUT:
        return list(table.children)
    rest = trailing(table)
    return [*sheet_atoms(outline, grid), *rest] if shape is TableShape.SHEET else [DataTable(grid), *rest]
