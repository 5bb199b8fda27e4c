"""The page of the 22-step history, as two table layouts and as cards, with what differs on every visit."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape

STEPS = 22


@dataclass(frozen=True, slots=True)
class Entry:
    """One project as the page states it; `label` names the anchor of its own page."""

    title: str
    area: str
    programme: str
    period: str
    country: str
    label: str


Layout = Callable[[Iterable[Entry]], str]
"""Makes the content of the page from its projects."""

SIX = (
    Entry(
        "Acqua pulita per il disretto di Ngozi",
        "AFRICA",
        "Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo",
        "2023-2025",
        "Burundi",
        "ngozi",
    ),
    Entry(
        "Filiere agroecologiche e reddito a Thiès",
        "AFRICA",
        "Regione Piemonte",
        "2022-2024",
        "Senegal",
        "thies",
    ),
    Entry(
        "TERRE - Tecniche di riuso delle acque nella valle della Bekaa",
        "MEDIO ORIENTE",
        "Autorità d'ambito torinese ATO3",
        "2021-2024",
        "Libano",
        "terre",
    ),
    Entry(
        "Energia pulita nell'altopiano del Pamir",
        "ASIA CENTRALE",
        "Commissione europea",
        "2024-2026",
        "Tagikistan",
        "pamir",
    ),
    Entry(
        "Citta' costiere e turismo sostenibile",
        "AREA MEDITERRANEA",
        "Programma Interreg MED",
        "2023-2026",
        "Tunisia",
        "citta",
    ),
    Entry(
        "Giovani artigiane di Cochabamba",
        "AMERICA LATINA",
        "Unione delle Chiese metodiste e valdesi",
        "2022-2025",
        "Bolivia",
        "artigiane",
    ),
)

SEVENTH = Entry(
    "Orti scolastici nella provincia di Natitingou",
    "AFRICA",
    "Fondazione Compagnia di San Paolo",
    "2025-2027",
    "Benin",
    "orti",
)


def rows(entries: Iterable[Entry]) -> str:
    """Return a table of one row for each project."""
    heads = ("Titolo progetto", "Area geografica", "Paese", "Periodo", "Programma di finanziamento")
    return (
        '<h2>Progetti in corso</h2><table class="table"><thead><tr>'
        + "".join(f"<th>{head}</th>" for head in heads)
        + "</tr></thead><tbody>"
        + "".join(map(_row, entries))
        + "</tbody></table>"
    )


def lists_in_cells(entries: Iterable[Entry]) -> str:
    """Return an older editor's table: capitals for headings, a list in each title's cell, bold first row."""
    heads = ("AREA GEOGRAFICA", "TITOLO PROGETTO", "PROGRAMMA DI FINANZIAMENTO")
    return (
        '<p><strong>PROGETTI IN CORSO</strong></p><table border="1" style="width: 100%;"><tbody><tr>'
        + "".join(f'<td style="text-align: center;"><strong>{head}</strong></td>' for head in heads)
        + "</tr>"
        + "".join(
            f"<tr><td><p>{escape(entry.area)}</p></td><td><ul><li>{_linked(entry)}</li></ul></td>"
            f"<td><p>{escape(entry.programme)}</p></td></tr>"
            for entry in entries
        )
        + "</tbody></table>"
    )


def cards(entries: Iterable[Entry]) -> str:
    """Return a card for each project, with every fact that the table of rows states."""
    return (
        '<section><h2>Progetti in corso</h2><div class="row">'
        + "".join(map(_card, entries))
        + "</div></section>"
    )


def lean_cards(entries: Iterable[Entry]) -> str:
    """Return a card for each project, with the facts that the older editor's table states."""
    return (
        '<section><h2>Progetti in corso</h2><div class="row">'
        + "".join(
            f'<div class="col"><article class="card"><div class="card-body">'
            f'<span class="category">{escape(entry.area)}</span><h3 class="card-title">{_linked(entry)}</h3>'
            f"<p>Programma di finanziamento: {escape(entry.programme)}</p></div></article></div>"
            for entry in entries
        )
        + "</div></section>"
    )


def page(content: str, visit: int) -> bytes:
    """Return the whole page around that content; counter, token and time differ with every visit."""
    return f"""<!DOCTYPE html>
<html lang="it"><head><meta charset="utf-8"><title>Progetti di cooperazione</title>
<meta name="csrf-token" content="{visit * 7919:032x}"></head>
<body><header><a href="/?sid={visit * 104729:x}">Ente di prova</a>
<nav><ul><li><a href="/uffici">Uffici</a></li><li><a href="/progetti">Progetti</a></li></ul></nav></header>
<main><h1>Progetti di cooperazione internazionale</h1>
<p>L'ente promuove la cooperazione decentrata con le associazioni del territorio.</p>
{content}
</main>
<footer><p>Ente di prova, via Roma 1</p><p>Visitatore n. {18_000 + 37 * visit}</p>
<p>Pagina generata alle 06:{visit:02}:17</p></footer></body></html>""".encode()


MAINTENANCE = (
    '<!DOCTYPE html><html lang="it"><head><title>Sito in manutenzione</title></head><body>'
    "<h1>Sito in manutenzione</h1><p>Il sito è in manutenzione. Ci scusiamo per il disagio: "
    "il servizio riprenderà al più presto.</p></body></html>"
).encode()


def _row(entry: Entry) -> str:
    cells = (_linked(entry), *map(escape, (entry.area, entry.country, entry.period, entry.programme)))
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def _card(entry: Entry) -> str:
    return (
        f'<div class="col"><article class="card"><div class="card-body">'
        f'<span class="category">{escape(entry.area)}</span><h3 class="card-title">{_linked(entry)}</h3>'
        f"<p>Paese: {escape(entry.country)}</p><p>Periodo: {escape(entry.period)}</p>"
        f"<p>Programma di finanziamento: {escape(entry.programme)}</p></div></article></div>"
    )


def _linked(entry: Entry) -> str:
    return f'<a href="/progetti/{entry.label}">{escape(entry.title, quote=False)}</a>'
