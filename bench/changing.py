"""A made-up page of projects that changes with every version, as benches of history need it."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bench.reading import page

_WHAT = (
    "Acqua pulita|Scuole aperte|Orti urbani|Salute materna|Energia solare|Filiera del caffè|Donne al lavoro"
)
_WHERE = "Gambella|Awassa|Bamako|Dakar|Maputo|Tripoli|Betlemme|Amman|Tunisi|Praia|Lomé|Kampala|Juba|Goma|Fez"
_HOW = (
    "formazione|cooperative|reti locali|microcredito|giovani|comunità|imprese|municipi|ospedali|biblioteche"
)
_WHO = "AICS|Programma Interreg MED|Regione Piemonte|Commissione europea|Fondazione locale|UN-Habitat"
_AREAS = ("AFRICA", "MEDIO ORIENTE", "AREA MEDITERRANEA", "TRASVERSALE")
_ROW = (
    "<tr><td><p><strong>{area}</strong></p></td><td><ul><li>"
    '<a href="/cms/progetti/progetto-{key}">{title}</a><br />La Citt&agrave; metropolitana di Torino '
    "partecipa in qualit&agrave; di partner</li></ul></td><td><p>{funder}</p></td></tr>\n"
)
_HEAD = "<tr><td>AREA GEOGRAFICA</td><td>TITOLO PROGETTO</td><td>PROGRAMMA DI FINANZIAMENTO</td></tr>\n"
_PLACE = "<div class='item-page'>"


@dataclass
class _Row:
    """One project as the page states it."""

    key: int
    area: str
    words: list[str] = field(default_factory=list)
    funder: str = ""


def versions(seed: int, count: int, projects: int = 12) -> Iterator[bytes]:
    """Yield that many versions of one page of some 50 KB; each says something else than the one before."""
    dice = random.Random(seed)
    frame = page(0).decode()
    rows = [_new(dice, key) for key in range(projects)]
    for number in range(count):
        if number:
            _change(dice, rows, projects + number)
        table = "".join(_said(row) for row in rows)
        visits = f"<p class='visits'>Visite: {90_000 + 37 * number}</p>"
        content = f"{_PLACE}<table>{_HEAD}{table}</table>{visits}"
        yield frame.replace(_PLACE, content, 1).encode()


def _said(row: _Row) -> str:
    return _ROW.format(area=row.area, key=row.key, title=" ".join(row.words), funder=row.funder)


def _new(dice: random.Random, key: int) -> _Row:
    what, where, how, whom = (dice.choice(words.split("|")) for words in (_WHAT, _WHERE, _HOW, _HOW))
    title = f"{what} a {where}: {how} per {whom} e tutela delle sorgenti del villaggio {key}"
    return _Row(key, dice.choice(_AREAS), title.split(), dice.choice(_WHO.split("|")))


def _change(dice: random.Random, rows: list[_Row], key: int) -> None:
    """Let a project be new, go, get a new word in its title or another funder, or move to another area."""
    row = dice.choice(rows)
    roll = dice.random()
    if roll < 0.05:
        rows[rows.index(row)] = _new(dice, key)
    elif roll < 0.7:
        row.words[-4] = dice.choice([word for word in _HOW.split("|") if word != row.words[-4]])
    elif roll < 0.9:
        row.funder = dice.choice([funder for funder in _WHO.split("|") if funder != row.funder])
    else:
        row.area = dice.choice([area for area in _AREAS if area != row.area])
