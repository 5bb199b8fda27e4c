"""Labels and their values, however a page's markup parts them."""

from scraper.records import Role
from tests.small_pages import projects, snapshot, titles


def test_a_value_on_a_line_of_its_own_is_no_part_of_the_next_label() -> None:
    """The role "partner" before a line "Partner: …" is a role, and the bodies are partners."""
    (project,) = projects(
        "<h1>Progetti</h1><h3>Orti a Thiès</h3><p><b>Paese:</b> Senegal<br><b>Ruolo dell'Azienda:</b> partner"
        "<br><b>Partner:</b> Commune de Thiès Nord<br><b>Avvio:</b> 2019</p>"
    )

    assert (project.role, project.partners) == (Role.PARTNER, ("Commune de Thiès Nord",))


def test_a_column_of_acronyms_and_titles_holds_titles() -> None:
    """Under "Acronimo e titolo" stands what the project is called, in full."""
    page = (
        "<h1>Progetti attivi</h1><table><tr><th>Acronimo e titolo</th><th>Paesi</th><th>Fine</th></tr>"
        "<tr><td>SEMI - Orti di Kayes</td><td>Mali</td><td>28/02/2023</td></tr>"
        "<tr><td>RETE - Pesca a Dakar</td><td>Senegal</td><td>30/04/2023</td></tr></table>"
    )

    assert titles(page) == ["SEMI - Orti di Kayes", "RETE - Pesca a Dakar"]
    assert [project.end for project in projects(page)] == ["2023-02-28", "2023-04-30"]


def test_a_header_without_titles_still_heads_its_columns() -> None:
    """Where no column is called a title's, the rows below the header are the projects, and it is none."""
    page = (
        "<h1>Progetti</h1><table><tr><th>Opera</th><th>Paese</th><th>Fine</th></tr>"
        "<tr><td>Il pozzo</td><td>Mali</td><td>2023</td></tr>"
        "<tr><td>Il mulino</td><td>Senegal</td><td>2024</td></tr></table>"
    )

    assert titles(page) == ["Il pozzo", "Il mulino"]
    assert [project.end for project in projects(page)] == ["2023", "2024"]


def test_a_sheet_beside_the_text_belongs_to_the_heading_above() -> None:
    """A sheet under "Scheda" states the facts of the project that the page's heading names."""
    page = "<h2>Scheda</h2><dl><dt>Paese</dt><dd>Madagascar</dd><dt>Costo totale</dt><dd>€ 143.250</dd></dl>"
    known = snapshot(page, before="<h1>Seconda nascita: una casa ad Antananarivo</h1>")
    (project,) = known.projects

    assert known.unread == ()
    assert project.title == "Seconda nascita: una casa ad Antananarivo"
    assert (project.countries, project.section) == (("MG",), None)


def test_two_spans_that_fill_a_line_are_label_and_value() -> None:
    """Whatever the classes are called, a label's word in the first of two spans announces the second."""
    line = '<div><span class="k">{}</span> <span class="v">{}</span></div>'
    page = (
        "<h1>Projetos</h1><article><h2>Mercado de Bafatá</h2>"
        + line.format("País", "Guiné-Bissau")
        + line.format("Parceiros", "ONG Afectos; Rede Sul")
        + line.format("Semear", "o futuro")
        + "</article>"
    )
    (project,) = projects(page)

    assert (project.countries, project.partners) == (("GW",), ("ONG Afectos", "Rede Sul"))
    assert project.note == "Semear o futuro"


def test_three_spans_are_a_line_of_prose() -> None:
    """A label's word that more than its value stands beside is a word like any other."""
    page = (
        "<h1>Progetti</h1><h2>Orti di Kayes</h2><p><span class=a>Partner</span> <span class=b>di pace</span> "
        "<span class=c>nel Mali</span></p>"
    )
    (project,) = projects(page)

    assert (project.partners, project.note) == ((), "Partner di pace nel Mali")
