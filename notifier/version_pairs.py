"""Two versions compared: what was published between two visits as stories, and the page's own text."""

from dataclasses import dataclass

from notifier.line_diffs import LineStep, line_diff
from notifier.news import fold
from notifier.story import Story, story
from notifier.words import Words
from scraper.errors import BodyDroppedError, NotFoundError
from scraper.read import visible_lines
from store.database import Session
from store.history import CaptureEntry, capture, shown_answer
from store.ledger import entries_between


@dataclass(frozen=True, slots=True)
class VersionPair:
    """Two visits, the older first; `stories` tell each project that differs, `lines` how the text does.

    `lines` is None where nobody knows: retention dropped what one of the visits brought.
    """

    older: CaptureEntry
    newer: CaptureEntry
    stories: tuple[Story, ...]
    lines: tuple[LineStep, ...] | None = ()


def page_pair(session: Session, page_id: int, one: int, other: int, words: Words) -> VersionPair:
    """Return how a page differs between two of its captures, in whatever order they are named.

    Raises NotFoundError where one of them is not of this page.
    """
    older, newer = _ordered(session, one, other)
    if {older.page_id, newer.page_id} != {page_id}:
        raise NotFoundError(
            f"not both captures are of page {page_id}", f"`coopwatch history {page_id}` lists its captures."
        )
    between = entries_between(session, older.id, newer.id, page_id=page_id)
    stories = tuple(story(news, words) for news in fold(between, untold=True))
    return VersionPair(older, newer, stories, _text_diff(session, older, newer))


def project_pair(
    session: Session, source: str, number: int, one: int, other: int, words: Words
) -> VersionPair:
    """Return how a project differs between two captures; raises NotFoundError for captures that are none."""
    older, newer = _ordered(session, one, other)
    between = entries_between(session, older.id, newer.id, track=(source, number))
    return VersionPair(older, newer, tuple(story(news, words) for news in fold(between, untold=True)))


def _ordered(session: Session, one: int, other: int) -> tuple[CaptureEntry, CaptureEntry]:
    older, newer = sorted(
        (capture(session, one), capture(session, other)), key=lambda entry: (entry.at, entry.id)
    )
    return older, newer


def _text_diff(session: Session, older: CaptureEntry, newer: CaptureEntry) -> tuple[LineStep, ...] | None:
    try:
        return line_diff(_lines(session, older), _lines(session, newer))
    except BodyDroppedError:
        return None


def _lines(session: Session, entry: CaptureEntry) -> tuple[str, ...]:
    shown = shown_answer(session, entry.id)
    return visible_lines(shown) if shown else ()
