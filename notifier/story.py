"""News told in a reader's language: one sentence for each project, and what stood there before and after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from notifier.news import FIELDS, Line, News
from notifier.word_diffs import Piece, after_side, before_side, clip, shortened, word_diff, word_steps
from notifier.words import Words
from scraper.records import ChangeKind, Project

Cell = tuple[tuple[Piece, ...], ...]
"""What one field holds, one tuple of pieces for each of its items."""

QUOTED = {"title", "area", "programmes", "partners", "section", "acronym", "note"}
"""The fields that are told in the page's own words, not in the reader's."""

_PROSE = {"title", "note"}
_LISTS = {"programmes", "countries", "partners"}
_DASH = re.compile(r"\s[-–—]\s")
_SHORT_NAME, _LONG_NAME = 6, 60
_SPOKEN = 170
"""A sentence that would be longer names the fields only; the table says the rest."""


@dataclass(frozen=True, slots=True)
class Row:
    """One field, before and after; an unknown value is an empty cell. `diff` is the word diff of prose."""

    field: str
    label: str
    before: Cell
    after: Cell
    times: int
    diff: tuple[Piece, ...] = ()

    @property
    def quoted(self) -> bool:
        """Say whether the values are the page's own words, in the page's language."""
        return self.field in QUOTED


@dataclass(frozen=True, slots=True)
class Fact:
    """One field of a record in words, one line for each of its items."""

    field: str
    label: str
    lines: tuple[str, ...]

    @property
    def quoted(self) -> bool:
        """Say whether the values are the page's own words, in the page's language."""
        return self.field in QUOTED


@dataclass(frozen=True, slots=True)
class Story:
    """What happened to one project: `label` says it in a few words, `sentence` in one sentence.

    `facts` are its whole record where all of it is news to the reader.
    """

    news: News
    title: str
    name: str
    label: str
    sentence: str
    rows: tuple[Row, ...]
    facts: tuple[Fact, ...]

    def tells(self, field: str) -> bool:
        """Say whether one of the rows is of this field."""
        return any(row.field == field for row in self.rows)


def story(news: News, words: Words, *, brief: bool = False) -> Story:
    """Return the news in words; `brief` cuts long texts, as mails need it."""
    lines = _worth_telling(news.lines)
    return Story(
        news=news,
        title=full_title(news.project, words),
        name=short_name(news.project, words),
        label=words.text("kind.entered" if news.entered else f"kind.{_kind(news, lines)}"),
        sentence=_sentence(news, lines, words),
        rows=tuple(_row(line, news, words, brief) for line in lines),
        facts=() if lines and not news.entered else facts(news.project, words, brief=brief),
    )


def full_title(project: Project, words: Words) -> str:
    """Return the project's title, or words that say that it has none."""
    return project.title or words.text("project.untitled")


def short_name(project: Project, words: Words) -> str:
    """Return the name by which a sentence calls the project: of a long title what stands before its dash."""
    title = full_title(project, words)
    if project.acronym or len(title) <= _LONG_NAME:
        return project.acronym or title
    head = _DASH.split(title, maxsplit=1)[0]
    return head if _SHORT_NAME <= len(head) <= _LONG_NAME else clip(title, _LONG_NAME)


def facts(project: Project, words: Words, *, brief: bool = False) -> tuple[Fact, ...]:
    """Return every field that is known about the project, its title left out."""
    left_out = {"title", "currency", "acronym", "section"} if brief else {"title", "currency"}
    told = (field for field in FIELDS if field not in left_out)
    lines = ((field, words.value(field, getattr(project, field), project)) for field in told)
    return tuple(
        Fact(field, label(field, words), tuple(clip(text, 400) for text in texts) if brief else texts)
        for field, texts in lines
        if texts
    )


def label(field: str, words: Words) -> str:
    """Return a field's name as a heading."""
    name = words.text(f"field.{field}")
    return name[:1].upper() + name[1:]


def _kind(news: News, lines: Sequence[Line]) -> ChangeKind:
    """Return what the news is called: a new title beside other changes is one of them."""
    return ChangeKind.CHANGED if news.kind == ChangeKind.RETITLED and len(lines) > 1 else news.kind


def _worth_telling(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Leave out what another line already shows: the currency beside its amount, the acronym in its title."""
    fields = {line.field for line in lines}
    shown = {"currency": "amount", "acronym": "title"}
    return tuple(line for line in lines if shown.get(line.field) not in fields)


def _row(line: Line, news: News, words: Words, brief: bool) -> Row:
    before = words.value(line.field, line.before, news.previous or news.project)
    after = words.value(line.field, line.after, news.project)
    old, new, diff = _cells(line.field, before, after, brief)
    return Row(line.field, label(line.field, words), old, new, line.times, diff)


def _cells(
    field: str, before: tuple[str, ...], after: tuple[str, ...], brief: bool
) -> tuple[Cell, Cell, tuple[Piece, ...]]:
    if field in _PROSE and before and after:
        steps = word_steps(before[0], after[0])
        sides = (before_side(steps), after_side(steps), word_diff(steps))
        old, new, both = (shortened(side) for side in sides) if brief else sides
        return (old,), (new,), both
    return _items(before, after, "removed", brief), _items(after, before, "added", brief), ()


def _items(
    texts: Sequence[str], others: Sequence[str], mark: Literal["removed", "added"], brief: bool
) -> Cell:
    """Return one side of a list; items that the other side lacks are marked."""
    return tuple(
        (Piece("same" if text in others else mark, clip(text, 400) if brief else text),) for text in texts
    )


def _sentence(news: News, lines: Sequence[Line], words: Words) -> str:
    name = short_name(news.project, words)
    if not lines:
        return _appearance(news, name, words)
    what = "; ".join(_clause(line, news, words) for line in lines)
    if len(lines) > 2 or len(what) > _SPOKEN:
        what = _summary(news, lines, words)
    if news.entered:
        what = words.text("sentence.entered", what=what)
    return words.text("sentence.project", name=name, what=what)


def _summary(news: News, lines: Sequence[Line], words: Words) -> str:
    """Name the changed fields, and of a changed status, which matters most, also from what to what."""
    status = [_clause(line, news, words) for line in lines if line.field == "status"]
    fields = [words.text(f"field.{line.field}") for line in lines if not (status and line.field == "status")]
    key = "sentence.also" if status else "sentence.fields"
    return "; ".join([*status, words.count(key, len(fields), fields=words.listed(fields))])


def _appearance(news: News, name: str, words: Words) -> str:
    what = words.text(f"sentence.{news.kind}")
    if news.kind != ChangeKind.REMOVED and news.project.status is not None:
        status = words.text(f"status.{news.project.status}")
        what = words.text("sentence.with_status", what=what, status=status)
    return words.text("sentence.project", name=name, what=what)


def _clause(line: Line, news: News, words: Words) -> str:
    field = words.text(f"field.{line.field}")
    if line.field == "note":
        kind = "note" if line.before and line.after else "note_come" if line.after else "note_gone"
        return words.text(f"clause.{kind}")
    before = words.value(line.field, line.before, news.previous or news.project)
    after = words.value(line.field, line.after, news.project)
    if line.field in _LISTS:
        return _list_clause(field, before, after, words)
    if not before:
        return words.text("clause.stated", field=field, after=after[0])
    if not after:
        return words.text("clause.unstated", field=field, before=before[0])
    if line.field == "title":
        return words.text("clause.retitled", before=before[0])
    return words.text("clause.changed", field=field, before=before[0], after=after[0])


def _list_clause(field: str, before: Sequence[str], after: Sequence[str], words: Words) -> str:
    come = [text for text in after if text not in before]
    gone = [text for text in before if text not in after]
    parts = [words.text("clause.gained", items="; ".join(come))] if come else []
    parts += [words.text("clause.lost", items="; ".join(gone))] if gone else []
    return words.text("clause.list", field=field, what=", ".join(parts) or words.text("clause.reordered"))
