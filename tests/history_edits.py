"""What editors do to a page, by name: edits that keep a project itself, and confusers that make another."""

from collections.abc import Callable
from dataclasses import replace

from scraper.records import Layout, ProjectStatus
from tests.history_world import Desk, Life, born

Edit = Callable[[Desk, set[int]], list[int]]
"""Changes the page and returns the keys of the projects it was done to, none of those already touched."""

_OTHER = """
Action Borders Cities Dialogue Europe Farms Growth Homes Islands Labs
Markets Nature Ports Roads Schools Towns Unions Values Women Yards
"""
_OTHER_WORDS = {word[0]: word for word in _OTHER.split()}

Fits = Callable[[Life, Desk], bool]
Change = Callable[[Life, Desk], None]


def _one(desk: Desk, touched: set[int], fits: Fits) -> Life | None:
    able = [life for life in desk.lives if life.key not in touched and fits(life, desk)]
    return desk.dice.choice(able) if able else None


def _edit(fits: Fits, change: Change) -> Edit:
    def edit(desk: Desk, touched: set[int]) -> list[int]:
        life = _one(desk, touched, fits)
        if life is None:
            return []
        change(life, desk)
        return [life.key]

    return edit


def _any(life: Life, desk: Desk) -> bool:
    return True


def _prose_to_table(life: Life, desk: Desk) -> None:
    life.layout = Layout.TABLE if life.layout is Layout.PROSE else Layout.PROSE
    life.form = "code" if life.layout is Layout.PROSE else "both"
    life.ordinal = 0 if life.layout is Layout.PROSE else 1


def _ordinal(life: Life, desk: Desk) -> None:
    life.ordinal = (life.ordinal + desk.dice.randint(1, 3)) % 4


def _acronym(life: Life, desk: Desk) -> None:
    life.form = desk.dice.choice([form for form in ("code", "both", "expansion") if form != life.form])


def _typography(life: Life, desk: Desk) -> None:
    life.typed = desk.dice.choice(("plain", "odd", "capitals"))


def _truncation(life: Life, desk: Desk) -> None:
    life.cut = not life.cut


def _place(life: Life, desk: Desk) -> None:
    life.spelling = 1 - life.spelling


def _language(life: Life, desk: Desk) -> None:
    life.language = (life.language + desk.dice.randint(1, 2)) % 3


def _has_evidence_without_title(life: Life, desk: Desk) -> bool:
    told = desk.shown.links or desk.shown.cups or (desk.shown.amounts and desk.shown.partners)
    return told and life.layout is not Layout.PROSE and not life.cut


def _rename(life: Life, desk: Desk) -> None:
    life.renamed = "" if life.renamed else f"Insieme per {life.place[0][0]}"


def _status(life: Life, desk: Desk) -> None:
    life.status = desk.dice.choice([status for status in ProjectStatus if status is not life.status])


def _conclude(life: Life, desk: Desk) -> None:
    life.status, life.folder = ProjectStatus.CONCLUDED, "progetti-conclusi"


def _alias(life: Life, desk: Desk) -> None:
    life.alias = 1 - life.alias


def _cell(life: Life, desk: Desk) -> None:
    life.funders = life.funders[:1] if len(life.funders) > 1 else [*life.funders, desk.dice.randrange(6)]


def _slip(life: Life, desk: Desk) -> None:
    life.slip = not life.slip


def _introduce(life: Life, desk: Desk) -> None:
    life.introduced = "" if life.introduced else desk.dice.choice(("Progetto ", "PROGETTO: ", "Il progetto "))


def _subtitle(life: Life, desk: Desk) -> None:
    extra = (
        ": reti, saperi e mestieri",
        " (capofila CISV)",
        ". Percorsi di autonomia per le comunità locali",
    )
    life.subtitle = "" if life.subtitle else desk.dice.choice(extra)


def _reword(life: Life, desk: Desk) -> None:
    life.reworded = not life.reworded


def _twice(life: Life, desk: Desk) -> None:
    life.twice = not life.twice


def _reorder(desk: Desk, touched: set[int]) -> list[int]:
    desk.dice.shuffle(desk.lives)
    return [life.key for life in desk.lives]


def _redesign(desk: Desk, touched: set[int]) -> list[int]:
    desk.layout = Layout.CARDS if desk.layout is Layout.TABLE else Layout.TABLE
    for life in desk.lives:
        life.layout = desk.layout
    return [life.key for life in desk.lives]


def _add(desk: Desk, touched: set[int]) -> list[int]:
    life = born(desk)
    desk.lives.insert(desk.dice.randint(0, len(desk.lives)), life)
    return [life.key]


def _remove(desk: Desk, touched: set[int]) -> list[int]:
    life = _one(desk, touched, _any) if len(desk.lives) > 2 else None
    if life is None:
        return []
    desk.lives.remove(life)
    desk.gone.append(life)
    return [life.key]


def _return(desk: Desk, touched: set[int]) -> list[int]:
    back = [life for life in desk.gone if life.key not in touched]
    if not back:
        return []
    desk.gone.remove(back[-1])
    desk.lives.append(back[-1])
    return [back[-1].key]


def _swap(desk: Desk, touched: set[int]) -> list[int]:
    removed = _remove(desk, touched)
    return removed + _add(desk, touched) if removed else []


def _next_phase(desk: Desk, touched: set[int]) -> list[int]:
    life = _one(
        desk,
        touched,
        lambda each, _: each.phase in (1, 2) and not (each.cut or each.renamed),
    )
    if life is None:
        return []
    desk.made += 1
    later = replace(life, key=desk.made, phase=life.phase + 1, start=life.start + 3, folder="progetti")
    desk.lives.insert(desk.lives.index(life), later)
    if desk.dice.random() < 0.5:
        desk.lives.remove(life)
        desk.gone.append(life)
    return [life.key, later.key]


def _same_acronym(desk: Desk, touched: set[int]) -> list[int]:
    life = _one(desk, touched, lambda each, _: bool(each.expansion) and not each.renamed)
    if life is None:
        return []
    fresh = born(desk)
    spelt = " ".join(_OTHER_WORDS[sign] for sign in life.code)
    twin = replace(fresh, expansion=spelt, form="both", phase=0)
    desk.lives.append(twin)
    return [life.key, twin.key]


def _edition(desk: Desk, touched: set[int]) -> list[int]:
    """The same title with a later year; the first one leaves half of the time."""
    life = _one(desk, touched, lambda each, _: each.edition > 0 and not (each.cut or each.renamed))
    if life is None:
        return []
    desk.made += 1
    year = life.edition + 1 + sum(each.edition > life.edition for each in desk.lives + desk.gone)
    later = replace(life, key=desk.made, edition=year, start=life.start + 1, folder="progetti")
    desk.lives.insert(desk.lives.index(life), later)
    if desk.dice.random() < 0.5:
        desk.lives.remove(life)
        desk.gone.append(life)
    return [life.key, later.key]


def _template(desk: Desk, touched: set[int]) -> list[int]:
    """The same title for another place; the first one leaves half of the time."""
    life = _one(desk, touched, lambda each, _: not each.expansion and not (each.cut or each.renamed))
    if life is None:
        return []
    twin = replace(born(desk), theme=life.theme, expansion="", phase=life.phase, language=life.language)
    known = {(each.theme, each.place) for each in desk.lives + desk.gone}
    if (twin.theme, twin.place) in known:
        return []
    desk.lives.insert(desk.lives.index(life) + 1, twin)
    if desk.dice.random() < 0.5:
        desk.lives.remove(life)
        desk.gone.append(life)
    return [life.key, twin.key]


EDITS: dict[str, Edit] = {
    "prose to table": _edit(lambda life, desk: bool(life.expansion) and not life.renamed, _prose_to_table),
    "ordinal spelling": _edit(lambda life, desk: life.phase > 0, _ordinal),
    "acronym and expansion": _edit(lambda life, desk: bool(life.expansion) and not life.renamed, _acronym),
    "quotes and dashes": _edit(_any, _typography),
    "truncation": _edit(lambda life, desk: not (life.phase or life.reworded), _truncation),
    "place spelling": _edit(lambda life, desk: not life.expansion and desk.shown.countries, _place),
    "language switch": _edit(_has_evidence_without_title, _language),
    "new name": _edit(_has_evidence_without_title, _rename),
    "status change": _edit(_any, _status),
    "concluded and moved": _edit(_any, _conclude),
    "funder alias": _edit(_any, _alias),
    "cell split and merge": _edit(_any, _cell),
    "corrected letter": _edit(lambda life, desk: not life.cut, _slip),
    "introduced title": _edit(lambda life, desk: not life.cut, _introduce),
    "subtitle": _edit(lambda life, desk: not life.cut, _subtitle),
    "rewording": _edit(lambda life, desk: not (life.expansion or life.language or life.cut), _reword),
    "printed twice": _edit(_any, _twice),
    "reordering": _reorder,
    "redesign": _redesign,
    "addition": _add,
    "removal": _remove,
    "return": _return,
    "removal with addition": _swap,
    "next phase": _next_phase,
    "same acronym": _same_acronym,
    "template title": _template,
    "next year": _edition,
}
"""Every edit by its name."""

CONFUSERS = frozenset(
    {"removal", "removal with addition", "next phase", "same acronym", "template title", "next year"}
)
"""Edits that put a project beside, or in the place of, another."""
