"""Facts in prose, as far as the project's other words settle them."""

import pytest

from tests.small_pages import projects


@pytest.mark.parametrize(
    ("prose", "programmes"),
    [
        ("Funded by the Scottish Government, SEMI trains farmers.", ("Scottish Government",)),
        ("Finanziato dall'AICS, SEMI forma contadini.", ("AICS",)),
        (
            "Funded by the Scottish Government, Oxfam Ireland and AICS.",
            ("Scottish Government", "Oxfam Ireland", "AICS"),
        ),
    ],
)
def test_a_project_does_not_fund_itself(prose: str, programmes: tuple[str, ...]) -> None:
    """Where prose goes on about the project by its acronym, the list of its funders is over."""
    (project,) = projects(
        f"<h1>Projects</h1><h2>SEMI - Gardens of Kayes</h2><p>{prose} It began in 2020.</p>"
    )

    assert project.programmes == programmes
