"""When two records of one page say the same thing, or may be one project printed twice."""

from collections.abc import Hashable
from dataclasses import fields

from scraper.compare.matching.naming import name
from scraper.compare.plain_text import plain, plain_link, plain_set, says_the_same
from scraper.records import Layout, Project, Value

FACTS = tuple(each.name for each in fields(Project) if each.compare)
"""The fields of a project that take part in comparisons."""

_FULL = frozenset({Layout.PROSE, Layout.SHEET})
_IDENTIFYING = ("cup", "link", "area", "start", "end", "amount")
_IDENTIFYING_LISTS = ("countries", "programmes", "partners")


def value(project: Project, field: str) -> Value:
    """Return what a project states in a field."""
    found: Value = getattr(project, field)
    return found


def content(project: Project) -> Hashable:
    """Return all that a record says, without typography: equal for records that nothing tells apart."""
    return tuple(_said(field, value(project, field)) for field in FACTS)


def contradict(one: Project, other: Project) -> bool:
    """Tell whether two records of one title state facts that one project cannot both have."""
    for field in _IDENTIFYING:
        ours, theirs = value(one, field), value(other, field)
        if ours is not None and theirs is not None and not says_the_same(field, ours, theirs):
            return True
    for field in _IDENTIFYING_LISTS:
        ours, theirs = value(one, field), value(other, field)
        if ours and theirs and not _overlap(ours, theirs):
            return True
    return False


def repeats(one: Project, other: Project) -> bool:
    """Tell whether two records of one page are one project printed twice; untitled ones never are."""
    same_title = bool(one.title and other.title) and says_the_same("title", one.title, other.title)
    return same_title and not contradict(one, other)


def echoes(one: Project, other: Project) -> bool:
    """Tell whether a row and a passage of prose (or a sheet) of one page speak of one project.

    They do where they share a code, or one title stands in the other, with the same phase and no
    contradiction.
    """
    if (one.layout in _FULL) is (other.layout in _FULL) or not one.title or not other.title:
        return False
    ours, theirs = name(one.title), name(other.title)
    if ours.phase != theirs.phase or ours.years != theirs.years or contradict(one, other):
        return False
    shorter, longer = sorted((ours, theirs), key=lambda each: len(each.plain))
    return bool(ours.codes & theirs.codes) or (len(shorter.words) > 1 and shorter.plain in longer.plain)


def _overlap(ours: Value, theirs: Value) -> bool:
    assert isinstance(ours, tuple)
    assert isinstance(theirs, tuple)
    return bool(plain_set(ours) & plain_set(theirs))


def _said(field: str, stated: Value) -> Hashable:
    if isinstance(stated, tuple):
        return plain_set(stated)
    if isinstance(stated, str):
        return plain_link(stated) if field == "link" else plain(stated)
    return stated
