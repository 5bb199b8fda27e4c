"""The readable half of an evidence package: one HTML page for each language, without anything remote."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined

from exports.dossier import Dossier
from exports.report_words import WORDS
from notifier.news import fold
from notifier.story import Fact, Story, facts, story
from notifier.words import Words, words
from store.evidence.notes import TreeHead
from store.ledger import LedgerEntry


@dataclass(frozen=True, slots=True)
class Seal:
    """Under what a package stands: the checkpoint's head and date, and by capture the log entry about it."""

    head: TreeHead
    at: datetime
    entries: Mapping[int, int]

    @property
    def root(self) -> str:
        """The root as the checkpoint writes it."""
        return b64encode(self.head.root).decode()


@dataclass(frozen=True, slots=True)
class Period:
    """A record of a project in words, and from when on it held."""

    at: datetime
    capture_id: int
    present: bool
    title: str
    facts: tuple[Fact, ...]


def report_html(dossier: Dossier, seal: Seal, language: str, software: str, at: datetime) -> str:
    """Return the report in a language ("it" or "en")."""
    tongue = words(language)
    return _ENVIRONMENT.get_template("evidence_report.html").render(
        language=language,
        t=WORDS[language],
        words=tongue,
        dossier=dossier,
        seal=seal,
        software=software,
        at=at,
        periods=_periods(dossier, tongue),
        stories=_stories(dossier.changes, tongue),
    )


def _periods(dossier: Dossier, tongue: Words) -> tuple[Period, ...]:
    return tuple(
        Period(
            version.at,
            version.capture_id,
            version.present,
            version.project.title or tongue.text("project.untitled"),
            facts(version.project, tongue),
        )
        for version in dossier.versions
    )


def _stories(changes: tuple[LedgerEntry, ...], tongue: Words) -> tuple[Story, ...]:
    """Return what each visit brought about each project, oldest first."""
    visits = groupby(changes, key=lambda entry: entry.capture_id)
    return tuple(story(news, tongue) for _, entries in visits for news in fold(entries, untold=True))


_ENVIRONMENT = Environment(
    loader=PackageLoader("exports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
