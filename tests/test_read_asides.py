"""What stands among projects and is none: appeals and calls."""

import pytest

from tests.small_pages import titles

KNOWN = "<h3>Acqua per Marsabit</h3><ul><li>Paese: Kenya</li><li>Inizio: giugno 2020</li></ul>"


def among(heading: str, prose: str) -> list[str | None]:
    """Return the titles of a page on which some prose under its heading stands beside a project."""
    return titles(f"<h1>Progetti nel mondo</h1>{KNOWN}<h3>{heading}</h3><p>{prose}</p>")


@pytest.mark.parametrize(
    ("heading", "prose"),
    [
        ("Pasqua insieme", "Prenota le uova di cioccolato: il ricavato sostiene i nostri progetti."),
        ("Summer concert", "Come and sing with us. All proceeds support our projects in Africa."),
        ("Marché solidaire", "Les bénéfices soutiennent nos projets de l'année."),
        ("Aide aux communes", "L'appel à projets 2023 est doté de 40 000 €."),
        ("Small grants", "Applications are open until May."),
        ("Contributi 2024", "Chi vuole può presentare domanda agli uffici."),
    ],
)
def test_who_sells_or_calls_tells_of_no_project(heading: str, prose: str) -> None:
    """What is sold or collected for projects in general, or open to applications, is none of the projects."""
    assert among(heading, prose) == ["Acqua per Marsabit"]


@pytest.mark.parametrize(
    ("heading", "prose"),
    [
        ("Il forno di Goma", "Il ricavato del pane sostiene la scuola del quartiere."),
        ("Radio Kivu", "Lauréat de l'appel à projets du ministère, la radio forme des jeunes."),
        ("Bees of Mtwara", "Selected in a call for proposals, it trains keepers of bees."),
        (
            "Casa Mondo",
            "Per chi sostiene i nostri progetti, in collaborazione con la Caritas di Moshi, dal 2020.",
        ),
    ],
)
def test_a_project_may_sell_and_may_have_won_a_call(heading: str, prose: str) -> None:
    """A project whose own sales pay for a school, or that a call chose, is one."""
    assert among(heading, prose) == ["Acqua per Marsabit", heading]


@pytest.mark.parametrize(
    ("heading", "prose", "read"),
    [
        ("Pasqua insieme", "Prenota le uova: il ricavato sostiene i nostri progetti.", False),
        ("Contributi 2024", "Chi vuole può presentare domanda agli uffici.", False),
        ("Il forno di Goma", "Il ricavato del pane sostiene la scuola del quartiere.", True),
        ("Borse di studio", "I criteri sono scelti con la diocesi in Kenya, dal 2021.", True),
    ],
)
def test_a_card_among_those_of_projects_may_be_none(heading: str, prose: str, read: bool) -> None:
    """What is sold for projects, or open to applications, is none in a grid of cards either."""
    card = '<div class="card"><h3>{}</h3><p>{}</p></div>'
    known = card.format("Acqua per Marsabit", "Cisterne in Kenya, dal 2020.")

    found = titles(f"<h1>Progetti nel mondo</h1>{known}{card.format(heading, prose)}")

    assert found == ["Acqua per Marsabit", *([heading] if read else [])]
