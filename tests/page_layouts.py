"""How generated projects are written down: a renderer for each layout, with the fields that it states."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import groupby

from babel import Locale
from hypothesis import strategies as st

from scraper.records import Layout, Project
from tests.page_noise import FILLERS

PLACES = Locale("it").territories
MONTHS = Locale("it").months["format"]["wide"]
CELL_SEPARATORS = ("<p>{}</p>", "<ul><li>{}</li></ul>")


@dataclass(frozen=True, slots=True)
class Rendered:
    """The content of a page, the projects in its order, and the fields that it states."""

    html: str
    projects: tuple[Project, ...]
    fields: tuple[str, ...]


Renderer = Callable[[st.DrawFn, tuple[Project, ...]], Rendered]


def grouped_table(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write one row for each area: its titles in one cell, their programmes in the next, fillers between."""
    single = tuple(replace(p, programmes=p.programmes[:1] or ("Fondo provinciale",)) for p in projects)
    ordered = tuple(sorted(single, key=lambda p: (_place(projects, p), p.area or "")))
    html = ""
    for section, members in groupby(ordered, key=lambda p: p.section):
        rows = [_header(draw, ("AREA GEOGRAFICA", "TITOLO PROGETTO", "PROGRAMMA DI FINANZIAMENTO"))]
        for area, group in groupby(members, key=lambda p: p.area):
            of_area = tuple(group)
            titles = _stacked(draw, tuple(_title(p) for p in of_area))
            rows.append((area or "", titles, _stacked(draw, tuple(p.programmes[0] for p in of_area))))
        html += _heading(draw, section) + _table(rows)
    return Rendered(html, ordered, ("title", "area", "programmes", "status", "link", "section"))


def row_table(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write one row for each project, with the columns in random order and perhaps a number before them."""
    columns: dict[str, Callable[[Project], str]] = {
        "Titolo del progetto": _title,
        "Area geografica": lambda p: p.area or "",
        "Paese": lambda p: PLACES[p.countries[0]],
        "Finanziatore": lambda p: "<br>".join(p.programmes),
        "Partner": lambda p: "<br>".join(p.partners),
        "Data inizio": lambda p: _day(p.start),
        "Data fine": lambda p: _day(p.end),
        "Costo totale": lambda p: _sum(draw, p),
    }
    names = draw(st.permutations(list(columns)))
    html = ""
    for section, members in groupby(projects, key=lambda p: p.section):
        rows = [_header(draw, names)] + [
            tuple(columns[name](p) or "&nbsp;" for name in names) for p in members
        ]
        html += _heading(draw, section) + _table(rows)
    return Rendered(html, projects, STATED)


def sheets(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write one sheet of labels and values for each project, under its title, all in one of four forms."""
    pairs = draw(st.sampled_from((_sheet_table, _sheet_dl, _sheet_strong, _sheet_lines)))
    html = ""
    for section, members in groupby(projects, key=lambda p: p.section):
        html += f"<h2>{section}</h2>"
        for p in members:
            labelled = (
                ("Area geografica", p.area or ""),
                ("Luogo di intervento", PLACES[p.countries[0]]),
                ("Programma di finanziamento", "<br>".join(p.programmes[:1])),
                ("Partner", p.partners[0] if p.partners else ""),
                ("Data inizio", _day(p.start)),
                ("Data fine", _day(p.end)),
                ("Costo totale", _sum(draw, p)),
            )
            html += f"<h3>{_title(p)}</h3>" + pairs(tuple((a, b) for a, b in labelled if b))
    cut = tuple(replace(p, programmes=p.programmes[:1], partners=p.partners[:1]) for p in projects)
    return Rendered(html, cut, STATED)


def prose(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write a heading for each project and sentences about it below."""
    html = ""
    for section, members in groupby(projects, key=lambda p: p.section):
        html += f"<h2>{section}</h2>"
        for p in members:
            sentences = [f"Il progetto si svolge in {PLACES[p.countries[0]]}{_span(p)}."]
            sentences += [f"Finanziatore: {p.programmes[0]}."] if p.programmes else []
            sentences += [f"Il costo totale è di {_sum(draw, p)}."] if p.amount else []
            html += f"<h3>{_title(p)}</h3><p>{' '.join(sentences)}</p>{draw(st.sampled_from(FILLERS))}"
    cut = tuple(replace(p, programmes=p.programmes[:1]) for p in projects)
    return Rendered(html, cut, tuple(name for name in STATED if name not in {"area", "partners"}))


def bulleted(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write one list item for each project: bold title, country in brackets, period, cost."""
    html = ""
    for section, members in groupby(projects, key=lambda p: p.section):
        html += f"{_heading(draw, section)}<ul>"
        for p in members:
            cost = f", costo totale: {_sum(draw, p)}" if p.amount else ""
            html += f"<li><strong>{_title(p)}</strong> ({PLACES[p.countries[0]]}){_span(p)}{cost}</li>"
        html += "<li>&nbsp;</li></ul>" if draw(st.booleans()) else "</ul>"
    return Rendered(html, projects, tuple(n for n in STATED if n not in {"area", "partners", "programmes"}))


def cards(draw: st.DrawFn, projects: tuple[Project, ...]) -> Rendered:
    """Write one card of the Italian public design system for each project."""
    html = ""
    for section, members in groupby(projects, key=lambda p: p.section):
        html += f'<div class="row g-4"><h2 class="title-xxlarge">{section}</h2>'
        for p in members:
            html += (
                '<div class="col-12"><div class="cmp-card-simple card-wrapper"><div class="card shadow-sm">'
                f'<div class="card-body"><div class="category-top"><span>{p.area}</span></div>'
                f'<h3 class="card-title">{_title(p)}</h3>'
                f'<p class="text-paragraph">Si svolge in {PLACES[p.countries[0]]}{_span(p)}.</p>'
                "</div></div></div></div>"
            )
        html += "</div>"
    named = ("title", "area", "status", "countries", "start", "end", "link", "section")
    return Rendered(html, projects, named)


STATED = (
    "title", "area", "programmes", "status", "countries", "partners", "start", "end", "amount", "currency",
    "link", "section",
)  # fmt: skip
LAYOUTS: dict[Layout, tuple[Renderer, ...]] = {
    Layout.TABLE: (grouped_table, row_table),
    Layout.SHEET: (sheets,),
    Layout.PROSE: (prose,),
    Layout.LIST: (bulleted,),
    Layout.CARDS: (cards,),
}


def _place(projects: tuple[Project, ...], project: Project) -> int:
    return [p.section for p in projects].index(project.section)


def _title(project: Project) -> str:
    return f'<a href="{project.link}">{project.title}</a>' if project.link else project.title or ""


def _heading(draw: st.DrawFn, text: str | None) -> str:
    return draw(
        st.sampled_from(("<h2>{}</h2>", "<h3><strong>{}</strong></h3>", "<p><strong>{}</strong></p>"))
    ).format(text)


def _header(draw: st.DrawFn, names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(
        map(draw(st.sampled_from(("th:{}", "<strong>{}</strong>", "<p><b>{}</b></p>"))).format, names)
    )


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = (
        "".join(f"<th>{cell[3:]}</th>" if cell.startswith("th:") else f"<td>{cell}</td>" for cell in row)
        for row in rows
    )
    return '<table border="1">' + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def _stacked(draw: st.DrawFn, texts: tuple[str, ...]) -> str:
    """Put several entries into one cell, each its own paragraph or list, with empty ones between."""
    entry = draw(st.sampled_from(CELL_SEPARATORS))
    filler = draw(st.sampled_from(("", "<p>&nbsp;</p>", "<p>&nbsp;</p><p><br></p>")))
    return filler.join(entry.format(text) for text in texts)


def _day(edtf: str | None) -> str:
    """Spell an EDTF date in Italian, no more precisely."""
    year, month, day = [*(edtf or "").split("-"), "", ""][:3]
    if day:
        return f"{day}/{month}/{year}"
    return f"{MONTHS[int(month)]} {year}" if month else year


def _span(project: Project) -> str:
    """Spell the period: both ends with a hyphen, or a start alone; nothing where it is unknown."""
    if project.start is None:
        return ""
    if project.end:
        return f", {_day(project.start)} - {_day(project.end)}"
    preposition = "da" if project.start.count("-") == 1 else "dal"  # da marzo 2018, dal 2018, dal 03/03/2018
    return f", {preposition} {_day(project.start)}"


def _sum(draw: st.DrawFn, project: Project) -> str:
    if project.amount is None:
        return ""
    whole, cents = f"{project.amount:,.2f}".split(".")
    number = whole.replace(",", ".") + ("" if cents == "00" and draw(st.booleans()) else f",{cents}")
    return draw(st.sampled_from(("{} euro", "€ {}", "{} €", "euro {}"))).format(number)


def _sheet_table(pairs: tuple[tuple[str, str], ...]) -> str:
    return _table([(f"<b>{label}</b>", value) for label, value in pairs])


def _sheet_dl(pairs: tuple[tuple[str, str], ...]) -> str:
    return "<dl>" + "".join(f"<dt>{label}</dt><dd>{value}</dd>" for label, value in pairs) + "</dl>"


def _sheet_strong(pairs: tuple[tuple[str, str], ...]) -> str:
    return "".join(f"<p><strong>{label}:</strong> {value}</p>" for label, value in pairs)


def _sheet_lines(pairs: tuple[tuple[str, str], ...]) -> str:
    return "<p>" + "<br>".join(f"{label}: {value}" for label, value in pairs) + "</p>"
