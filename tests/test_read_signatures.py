"""Whose page it is: names in copyright lines, headers, footers and hosts, and in a title they confirm."""

import pytest

from scraper.read.outlining.content import Area
from scraper.read.outlining.signatures import confirmed_names, host_names, signed_names
from scraper.read.publisher import body_of

SIGNED = [
    ("<body><main>…</main><footer>© 2024 Comune di Alba - P.IVA 00001</footer>", ("Comune di Alba",)),
    ('<div class="site-header"><img alt="Logo Regione Toscana" src="l.png"></div>', ("Regione Toscana",)),
    ("<address>Provincia di Cuneo, Corso Nizza 21</address>", ("Provincia di Cuneo",)),
    ("<footer>Stadt Ulm, Marktplatz 1</footer>", ("Stadt Ulm",)),
    ("<footer>Comune di Alba | Comune di Bra</footer>", ()),
    ("<footer>Regione e territorio</footer>", ()),
    ("<p>Comune di Alba</p>", ()),
    ("<header><nav>Menu</nav></header><main>Comune di Alba</main>", ()),
]
HOSTS = [
    ("https://www.comune.jesi.an.it/x", ("Comune di Jesi",)),
    ("https://www.cittametropolitana.torino.it/", ("Città metropolitana di Torino",)),
    ("https://www.ville-gap.fr/", ("Ville de Gap",)),
    ("https://www.cardiff.gov.uk/", ("Cardiff City Council", "Cardiff Council", "Cardiff County Council")),
    ("https://www.comune.it/", ()),
    ("https://www.gov.uk/", ()),
    ("not an address", ()),
]


@pytest.mark.parametrize(("html", "names"), SIGNED)
def test_signed_names(html: str, names: tuple[str, ...]) -> None:
    """The one public body at a page's edges signs it; of several, and in the content, none does."""
    assert signed_names(html) == names


def test_a_copyright_line_outweighs_a_footer() -> None:
    """Where the footer names a second body, the copyright line decides."""
    html = "<footer><p>Provincia di Cuneo</p></footer><p>Copyright Comune di Alba</p>"

    assert signed_names(html) == ("Comune di Alba",)


def test_only_the_edges_of_a_long_page_sign_it() -> None:
    """A footer amid a long page, that of a card, is not the page's."""
    far = "<p>x</p>" * 4000

    assert signed_names(f"<body>{far}<footer>Comune di Alba</footer>{far}") == ()


@pytest.mark.parametrize(("address", "names"), HOSTS)
def test_host_names(address: str, names: tuple[str, ...]) -> None:
    """The host of a public body spells its name."""
    assert host_names(address) == names


@pytest.mark.parametrize(
    ("html", "names"),
    [
        ("<footer>© Ponte Blu ONG | Privacy</footer>", ("Ponte Blu ONG", "Ponte Blu")),
        ("<header><a href='/'>Ponte Blu ONG</a></header>", ("Ponte Blu ONG", "Ponte Blu")),
        ("<main><p>Ponte Blu ONG</p></main>", ()),
        ("<footer>Gli amici di Ponte Blu ONG</footer>", ()),
        ("<footer>Mondo</footer>", ()),
        ('<h2 class="site-title">Ponte Blu ONG</h2>', ("Ponte Blu ONG", "Ponte Blu")),
        ('<div><a href="/">Ponte Blu ONG</a> <a href="/en">EN</a></div>', ("Ponte Blu ONG", "Ponte Blu")),
        ('<div><a href="/chi/">Ponte Blu ONG</a></div>', ()),
        ('<div class="banner"><b>Ponte Blu ONG</b></div>', ("Ponte Blu ONG", "Ponte Blu")),
    ],
)
def test_a_title_names_the_body_that_signs_the_page(html: str, names: tuple[str, ...]) -> None:
    """A part of the title is the publisher's name where a header, a footer, a banner or the link to the home
    page repeats it, also if no public body's; one word alone may be a menu's."""
    assert confirmed_names(html, ["Mondo", "Ponte Blu ONG"]) == names


def test_the_body_of_a_page() -> None:
    """The title's tail is the publisher, never the page's own heading or a section's name."""
    footer = "<footer>Acqua per tutti · Ponte Blu ONG · Progetti in corso</footer>"
    area = Area("", title="Acqua per tutti – Progetti in corso – Ponte Blu ONG", heading="Acqua per tutti")
    alone = Area("", title="Acqua per tutti – Progetti in corso", heading="Acqua per tutti")

    assert body_of(area, None, "https://ponteblu.example", footer).names == ("Ponte Blu ONG", "Ponte Blu")
    assert body_of(alone, None, "https://ponteblu.example", footer).names == ()
