"""How long it takes to match a page of 30, 300 and 3,000 projects against its next version."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from rapidfuzz import fuzz, process

from bench.rows import Row, milliseconds
from scraper.compare import EMPTY_STATE, step
from scraper.records import Capture, Layout, PageState, Project, ProjectStatus, Snapshot

SIZES = (30, 300, 3000)
_WHAT = (
    "Acqua pulita|Scuole aperte|Orti urbani|Salute materna|Energia solare|Filiera del caffè|Donne al lavoro"
)
_WHERE = "Gambella|Awassa|Bamako|Dakar|Maputo|Tripoli|Betlemme|Amman|Tunisi|Praia|Lomé|Kampala|Juba|Goma|Fez"
_HOW = (
    "formazione|cooperative|reti locali|microcredito|giovani|comunità|imprese|municipi|ospedali|biblioteche"
)
_AREAS = ("AFRICA", "MEDIO ORIENTE", "AREA MEDITERRANEA", "TRASVERSALE")


def run() -> list[Row]:
    """Return the cost of a visit that finds one project in ten changed, beside the best likeness alone."""
    return [_row(size) for size in SIZES]


def _row(size: int) -> Row:
    dice = random.Random(size)
    before = tuple(_project(dice, number) for number in range(size))
    after = [_changed(dice, project) if dice.random() < 0.1 else project for project in before]
    dice.shuffle(after)
    at = datetime(2024, 1, 1, tzinfo=UTC)
    state, _ = step(EMPTY_STATE, _capture(at), _snapshot(before))
    visit, read = _capture(at + timedelta(days=1)), _snapshot(tuple(after))
    spent = milliseconds(lambda: step(state, visit, read), times=3)
    titles = [project.title or "" for project in before]
    floor = milliseconds(lambda: _likeliest(titles, after), times=1)
    return Row(f"{size} projects against {size}", spent, "ms", "token_set for each title", spent / floor)


def _likeliest(titles: list[str], after: list[Project]) -> list[object]:
    return [process.extractOne(each.title or "", titles, scorer=fuzz.token_set_ratio) for each in after]


def _project(dice: random.Random, number: int) -> Project:
    what, where, how, whom = (dice.choice(words.split("|")) for words in (_WHAT, _WHERE, _HOW, _HOW))
    return Project(
        title=f"{what} a {where}: {how} per {whom} {chr(65 + number % 26)}{number:04d}",
        area=dice.choice(_AREAS),
        programmes=(f"Bando {dice.randint(2010, 2024)}",),
        status=ProjectStatus.ONGOING,
        start=str(dice.randint(2010, 2024)),
        link=f"https://example.org/progetti/{number}",
        layout=Layout.TABLE,
    )


def _changed(dice: random.Random, project: Project) -> Project:
    assert project.title is not None
    title = project.title.replace("per", "con") if dice.random() < 0.5 else project.title
    return replace(project, title=title, status=ProjectStatus.CONCLUDED)


def _capture(at: datetime) -> Capture:
    return Capture("https://example.org/progetti", at, 200)


def _snapshot(projects: tuple[Project, ...]) -> Snapshot:
    return Snapshot("bench", PageState.OK, projects=projects)
