"""Labels that stand apart from their values: as headings, as lines of their own, as list items."""

from collections.abc import Sequence

from scraper.read.fields.labels import Label, label_of
from scraper.read.fields.roles import role_word
from scraper.read.fields.statuses import find_status
from scraper.read.fields.typography import fold
from scraper.read.flowing.atoms import Atom, Heading, Listing, Pair, Piece, Prose, cell_pieces
from scraper.read.flowing.flow import flow_of
from scraper.read.flowing.telltales import FACTS
from scraper.read.layouts.drafts import lines_of, words
from scraper.read.outlining.outline import EMPTY_VALUE, Group, Outline

_LONG_VALUE = 260
_SECTION_LABELS = {Label.TITLE, Label.LINK, Label.CONTACT, Label.ATTACHMENT, Label.AREA, Label.YEAR}
_ENOUGH_LABELS = 3
_LABEL_NAMES = {"label", "field-label"}


def with_pairs(outline: Outline, atoms: Sequence[Atom]) -> list[Atom]:
    """Return the flow with labels and the values below them joined to pairs."""
    spread = [part for atom in atoms for part in _unlisted(outline, atom)]
    ranks = _label_ranks(outline, spread)
    bare = _has_bare_labels(outline, spread)
    joined: list[Atom] = []
    index = 0
    while index < len(spread):
        atom = spread[index]
        label = _standing_label(outline, atom, ranks, bare)
        index += 1
        if label is None:
            joined.append(_headed(outline, atom) or atom if bare else atom)
            continue
        wide = isinstance(atom, Heading) or (bare and isinstance(atom, Prose))
        name = atom.name if isinstance(atom, Pair) else atom.piece  # type: ignore[union-attr]
        values: tuple[Piece, ...] = ()
        if EMPTY_VALUE not in outline.blocks[name.block].names:
            values, index = _values(outline, spread, index, label, wide, bare)
        joined.append(Pair(label, name, values))
    return joined


def _unlisted(outline: Outline, atom: Atom) -> list[Atom]:
    """Return the pairs of a list whose items are a sheet's lines, else the atom itself."""
    if not isinstance(atom, Listing):
        return [atom]
    lines = [flow_of(outline, [item]) for item in atom.group.children]
    firsts = [line[0] for line in lines if line]
    labels = [first.label for first in firsts if isinstance(first, Pair) and first.label]
    if len(labels) < 2 or len(labels) * 2 < len(firsts) or len(set(labels)) * 2 <= len(labels):
        return [atom]
    return [part for line in lines for part in line]


def _label_ranks(outline: Outline, atoms: Sequence[Atom]) -> set[int]:
    """Return the ranks at which headings are a sheet's labels: two different ones at least."""
    labels: dict[int, set[Label]] = {}
    for atom in atoms:
        if isinstance(atom, Heading) and (label := _heading_label(outline, atom)):
            labels.setdefault(atom.rank, set()).add(label)
    return {rank for rank, found in labels.items() if len(found) >= 2}


def _heading_label(outline: Outline, heading: Heading) -> Label | None:
    text = words(outline, heading.piece)
    label = label_of(text, sheet=True)
    if label is Label.TITLE and fold(text).startswith(
        ("titol", "titre", "title", "nome", "intitul", "titul")
    ):
        return label
    return None if label in _SECTION_LABELS else label


def _has_bare_labels(outline: Outline, atoms: Sequence[Atom]) -> bool:
    """Tell a sheet whose labels are lines of their own without any mark: three different ones at least."""
    return (
        len({label for atom in atoms if (label := _own_label(outline, atom)) and label in FACTS})
        >= _ENOUGH_LABELS
    )


def _own_label(outline: Outline, atom: Atom) -> Label | None:
    headed = _headed(outline, atom)
    return headed.label if headed else _bare_label(outline, atom)


def _bare_label(outline: Outline, atom: Atom) -> Label | None:
    text = words(outline, atom.piece) if isinstance(atom, Prose) else "\n"
    return label_of(text, sheet=True) if "\n" not in text else None


def _headed(outline: Outline, atom: Atom) -> Pair | None:
    """Return a paragraph whose first line is a label as that label and the lines below it."""
    lines = lines_of(outline, atom.piece) if isinstance(atom, Prose) else []
    label = label_of(words(outline, lines[0]), sheet=True) if len(lines) > 1 else None
    return Pair(label, lines[0], tuple(lines[1:])) if label else None


def _standing_label(outline: Outline, atom: Atom, ranks: set[int], bare: bool) -> Label | None:
    """Return what an atom announces where it is a label whose value stands elsewhere."""
    if isinstance(atom, Heading):
        return _heading_label(outline, atom) if atom.rank in ranks else None
    if isinstance(atom, Pair):
        block = outline.blocks[atom.name.block]
        apart = not atom.values and block.text.rstrip(" :").endswith(words(outline, atom.name).rstrip(" :"))
        return atom.label if apart and ":" in block.text[atom.name.end - 1 :] else None
    if isinstance(atom, Prose) and (bare or _is_marked_label(outline, atom)):
        return _bare_label(outline, atom)
    return None


def _starts_label(outline: Outline, prose: Prose, bare: bool) -> bool:
    return _is_marked_label(outline, prose) or (bare and _own_label(outline, prose) is not None)


def _is_marked_label(outline: Outline, prose: Prose) -> bool:
    return not _LABEL_NAMES.isdisjoint(outline.blocks[prose.piece.block].names.split())


def _values(
    outline: Outline, atoms: Sequence[Atom], index: int, label: Label, wide: bool, bare: bool
) -> tuple[tuple[Piece, ...], int]:
    """Return what stands below a label, up to the next heading or label; below a line of its own, one thing
    only."""
    values: list[Piece] = []
    while index < len(atoms) and (wide or not values):
        atom = atoms[index]
        if isinstance(atom, Listing):
            values.extend(_items(outline, atom.group))
        elif (
            isinstance(atom, Prose)
            and _fits(outline, atom, label)
            and (_is_own_value(outline, atom, label, values) or not _starts_label(outline, atom, bare))
        ):
            values.append(atom.piece)
        else:
            break
        index += 1
    return tuple(values), index


def _is_own_value(outline: Outline, prose: Prose, label: Label, values: list[Piece]) -> bool:
    """Tell the word below "Ruolo" or "Stato" from a label of its own: "Partner" and "Terminé" are both."""
    text = words(outline, prose.piece)
    told = {Label.ROLE: role_word, Label.STATUS: find_status}.get(label)
    return told is not None and not values and told(text) is not None


def _fits(outline: Outline, prose: Prose, label: Label) -> bool:
    return label is Label.NOTE or len(words(outline, prose.piece)) <= _LONG_VALUE


def _items(outline: Outline, group: Group) -> list[Piece]:
    return cell_pieces(outline, group)
