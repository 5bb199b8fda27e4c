"""What a project's record and a page say in words that somebody may search for."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

from scraper.compare import SourceState, published
from scraper.compare.memory import page_of
from scraper.records import Project, Snapshot

PAGE_TEXT = "page"
"""The field of a text that a page says outside every project."""

FIELDS = ("title", "acronym", "programmes", "partners", "area", "section", "note", "cup", PAGE_TEXT)
"""The fields that are searched, those first in which a hit says most."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of one field."""

    field: str
    words: str

    @property
    def sha256(self) -> str:
        """The digest by which the text is found again."""
        return sha256(f"{self.field}\x1f{self.words}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who says it: the project `number` of a source, or the page at `address` outside every project."""

    source: str
    number: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """The texts that one speaker says from now on, and those that it says no longer."""

    speaker: Speaker
    come: tuple[Text, ...]
    gone: tuple[Text, ...]


def project_texts(project: Project | None) -> tuple[Text, ...]:
    """Return the texts of a record, each once; nothing for a project that is not there."""
    return tuple(dict.fromkeys(_texts(project))) if project else ()


def page_texts(snapshot: Snapshot | None) -> tuple[Text, ...]:
    """Return what a page says outside every project, as one version of it was read."""
    return tuple(dict.fromkeys(Text(PAGE_TEXT, line) for line in snapshot.unread)) if snapshot else ()


def shifts(source: str, before: SourceState, after: SourceState) -> Iterator[Shift]:
    """Yield how what a source's projects and pages say differs between two states."""
    old, new = published(before), published(after)
    for number in sorted({*old, *new}):
        if old.get(number) != new.get(number):
            texts = project_texts(old.get(number)), project_texts(new.get(number))
            yield from shift(Speaker(source, number), *texts)
    for page in after.pages:
        known = page_of(before, page.url).snapshot
        if known is not page.snapshot:
            speaker = Speaker(source, address=page.url)
            yield from shift(speaker, page_texts(known), page_texts(page.snapshot))


def shift(speaker: Speaker, before: Iterable[Text], after: Iterable[Text]) -> Iterator[Shift]:
    """Yield how a speaker's texts differ, if they do."""
    old, new = dict.fromkeys(before), dict.fromkeys(after)
    come = tuple(text for text in new if text not in old)
    gone = tuple(text for text in old if text not in new)
    if come or gone:
        yield Shift(speaker, come, gone)


def _texts(project: Project) -> Iterator[Text]:
    for field in FIELDS[:-1]:
        value = getattr(project, field)
        for words in value if isinstance(value, tuple) else (value,):
            if words:
                yield Text(field, words)
