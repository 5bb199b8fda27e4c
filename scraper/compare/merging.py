"""One public record out of what several pages state of a project."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from scraper.compare.sameness import FACTS, value
from scraper.records import Layout, Project, Value

_SHEET_FIRST = frozenset({"start", "end", "partners", "amount", "currency"})


def merged(mentions: Sequence[Project]) -> Project:
    """Return the public record of a project out of its mentions (at least one), in the order of the pages.

    A detail sheet comes before a list for dates, partners and the amount, a list before a sheet for the rest.
    """
    if len(mentions) == 1:
        return mentions[0]
    sheet_first = sorted(mentions, key=lambda mention: mention.layout is not Layout.SHEET)
    list_first = sorted(mentions, key=lambda mention: mention.layout is Layout.SHEET)
    facts: dict[str, Any] = {
        field: _first(field, sheet_first if field in _SHEET_FIRST else list_first)
        for field in FACTS
        if field != "currency"
    }
    priced = next((mention for mention in sheet_first if mention.amount is not None), None)
    return replace(list_first[0], currency=priced.currency if priced else None, **facts)


def _first(field: str, mentions: Sequence[Project]) -> Value:
    return next((value(each, field) for each in mentions if value(each, field)), value(mentions[0], field))
