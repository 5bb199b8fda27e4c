"""Labels and their values, however a page's markup parts them."""

from scraper.records import Role
from tests.small_pages import projects


def test_a_value_on_a_line_of_its_own_is_no_part_of_the_next_label() -> None:
    """The role "partner" before a line "Partner: …" is a role, and the bodies are partners."""
    (project,) = projects(
        "<h1>Progetti</h1><h3>Orti a Thiès</h3><p><b>Paese:</b> Senegal<br><b>Ruolo dell'Azienda:</b> partner"
        "<br><b>Partner:</b> Commune de Thiès Nord<br><b>Avvio:</b> 2019</p>"
    )

    assert (project.role, project.partners) == (Role.PARTNER, ("Commune de Thiès Nord",))
