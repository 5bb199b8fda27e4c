"""How far a statement about several projects reaches: below it, and under its own heading."""

from datetime import UTC, datetime

from scraper.read import read
from scraper.records import Capture, Role
from scraper.sources import Source, WatchedPage

ADDRESS = "https://provincia.example/progetti"
SOURCE = Source(
    name="rimini", title="Rimini", publisher="Provincia di Rimini", pages=(WatchedPage(address=ADDRESS),)
)


def roles(body: str) -> list[Role | None]:
    """Return our role in each project of a page of ours."""
    capture = Capture(
        url=ADDRESS,
        at=datetime(2026, 3, 1, tzinfo=UTC),
        status=200,
        headers=(("Content-Type", "text/html; charset=utf-8"),),
        body=f"<html><body><main>{body}</main></body></html>".encode(),
    )
    return [project.role for project in read(capture, SOURCE).projects]


def project(title: str, more: str = "") -> str:
    """Return a list of one project."""
    return f"<ul><li><strong>{title}</strong> - Mali, 2020-2022{more}</li></ul>"


ALL = "<p>La Provincia è partner dei seguenti progetti:</p>"
OWN = "<p>La Provincia è capofila dei seguenti progetti:</p>"


def test_a_statement_reaches_what_is_below() -> None:
    """What stands above the statement is not meant by it."""
    page = f"<h1>Progetti</h1>{project('Acqua')}{ALL}{project('Semi')}{project('Orti')}"

    assert roles(page) == [None, Role.PARTNER, Role.PARTNER]


def test_a_statement_ends_with_its_heading() -> None:
    """Under the next heading of the same rank nothing is left of it, under a smaller one it goes on."""
    page = (
        f"<h1>Cooperazione</h1><h2>Progetti in Africa</h2>{ALL}<h3>Progetti in corso</h3>{project('Acqua')}"
        f"<h2>Progetti in Asia</h2>{project('Semi')}"
    )

    assert roles(page) == [Role.PARTNER, None]


def test_the_nearest_statement_counts() -> None:
    """A second statement takes the place of the first."""
    page = f"<h1>Progetti</h1>{ALL}{project('Acqua')}{OWN}{project('Semi')}"

    assert roles(page) == [Role.PARTNER, Role.LEAD]


def test_a_heading_shares_its_role() -> None:
    """A heading that names our role gives it to its projects alone."""
    page = (
        f"<h1>Cooperazione</h1><h2>Progetti come capofila</h2>{project('Acqua')}"
        f"<h2>Altri progetti</h2>{project('Semi')}"
    )

    assert roles(page) == [Role.LEAD, None]


def test_a_projects_own_words_outweigh_it() -> None:
    """What a project says of our role itself stands before what is said of all."""
    page = f"<h1>Progetti</h1>{ALL}{project('Acqua', ' - la Provincia è capofila')}{project('Semi')}"

    assert roles(page) == [Role.LEAD, Role.PARTNER]


def test_who_says_that_it_funds_projects_is_their_funder() -> None:
    """An introduction that says that the publisher funds projects makes it the funder of those listed."""
    page = (
        f"<h1>Progetti</h1><p>La Provincia di Rimini finanzia progetti di associazioni.</p>{project('Acqua')}"
    )

    assert roles(page) == [Role.FUNDER]


GRANT = " - Contributo della Provincia: 9.000 €"


def test_a_sum_of_ours_under_funded_projects_makes_us_their_funder() -> None:
    """Where a heading says that the projects were funded, the label of our share says by whom."""
    funded = "<h1>Cooperazione</h1><h2>Progetti sostenuti nel 2023</h2>"

    assert roles(funded + project("Acqua", GRANT) + project("Semi")) == [Role.FUNDER, None]
    assert roles(funded + project("Acqua", GRANT.replace("9.000 €", "-"))) == [None]


def test_a_sum_of_ours_alone_says_no_role() -> None:
    """A share of the money under any other heading may be that of a partner or a leader."""
    assert roles(f"<h1>Cooperazione</h1><h2>Progetti</h2>{project('Acqua', GRANT)}") == [None]
