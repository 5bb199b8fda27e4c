"""What a reading costs: an unchanged page, a changed page, and pages of many rows, against the parsers
alone."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from time import process_time

from bs4 import BeautifulSoup
from lxml import etree

from bench.rows import Row
from scraper.read import read
from scraper.records import Capture
from scraper.sources import shipped_sources

_AT = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
_ADDRESS = "http://www.cittametropolitana.torino.it/cms/progetti"
_MENU_ENTRY = (
    '<li class="item-{n}"><a href="/cms/europa-e-cooperazione/voce-{n}" class="menu-link">'
    "<span>Voce {n}</span></a></li>\n"
)
_PROJECT_ROW = (
    '<tr><td><p><strong>AFRICA</strong></p></td><td><ul><li><a href="/cms/progetti/progetto-{n}">Pozzi e '
    "orti {n} - acqua pulita per i villaggi del Sahel</a><br />La Citt&agrave; metropolitana di Torino "
    "partecipa in qualit&agrave; di partner</li></ul></td>"
    "<td><p>Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo</p><p>&nbsp;</p></td></tr>\n"
)
_HEADER_ROW = "<tr><td>AREA GEOGRAFICA</td><td>TITOLO PROGETTO</td><td>PROGRAMMA DI FINANZIAMENTO</td></tr>\n"
_SCRIPT = "<script>var modulo{n} = {{'attivo': true, 'testo': 'menu a comparsa', 'durata': 400}};</script>\n"
_LARGE_PAGE = 50_000


def page(projects: int, size: int = _LARGE_PAGE) -> bytes:
    """Return a page of that many projects, filled up with menus, scripts and a footer to about `size`
    bytes."""
    rows = "".join(_PROJECT_ROW.format(n=number) for number in range(projects))
    content = (
        f"<h2>Progetti</h2><p><strong>PROGETTI&nbsp; IN CORSO</strong></p><table>{_HEADER_ROW}{rows}</table>"
    )
    menu = scripts = ""
    number = 0
    while len(content) + len(menu) + len(scripts) < size - 400:
        menu += _MENU_ENTRY.format(n=number)
        scripts += _SCRIPT.format(n=number) if number % 3 == 0 else ""
        number += 1
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>Progetti</title>{scripts}</head><body>"
        f"<div id='menu'><ul class='menu'>{menu}</ul></div>"
        f"<div id='content'><div class='item-page'>{content}</div></div>"
        "<div id='footer'><p>Citt&agrave; metropolitana di Torino - C.F. 01907990012</p></div></body></html>"
    ).encode()


def capture(body: bytes) -> Capture:
    """Return a visit that brought `body`."""
    return Capture(_ADDRESS, _AT, 200, (("Content-Type", "text/html; charset=utf-8"),), body)


def run() -> list[Row]:
    """Return the cost of readings, each against lxml and BeautifulSoup parsing the same bytes in the same
    run."""
    source = shipped_sources()[0]
    rows: list[Row] = []
    ordinary = capture(page(26))
    assert ordinary.body
    known = read(ordinary, source)
    kilobytes = f"{len(ordinary.body) // 1000} KB"
    rows += _against(f"unchanged page, {kilobytes}", ordinary.body, lambda: read(ordinary, source, known), 41)
    rows += _against(f"changed page, {kilobytes}", ordinary.body, lambda: read(ordinary, source), 15)
    for count in (750, 1500, 3000):
        long = capture(page(count, 0))
        assert long.body
        rows += _against(f"page of {count} rows", long.body, partial(read, long, source), 3)
    return rows


def _least(work: Callable[[], object], times: int) -> float:
    """Return the least CPU time of `times` runs, in milliseconds: what other programs do adds to it, never
    takes away."""
    spent = []
    for _ in range(times):
        begun = process_time()
        work()
        spent.append((process_time() - begun) * 1000)
    return min(spent)


def _against(what: str, body: bytes, work: Callable[[], object], times: int) -> list[Row]:
    cost = _least(work, times)
    parser = etree.HTMLParser(encoding="utf-8")
    lxml = _least(lambda: etree.fromstring(body, parser), times)
    soup = _least(lambda: BeautifulSoup(body.decode(), "lxml"), times)
    return [
        Row(what, cost, "ms", "lxml parse", cost / lxml),
        Row(what, cost, "ms", 'BeautifulSoup(html, "lxml")', cost / soup),
    ]
