"""A hypothesis strategy for cooperation pages: random projects in a layout, and what a reader must find."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from scraper.records import Layout, Project, ProjectStatus
from tests.page_layouts import LAYOUTS, Rendered
from tests.page_noise import clothe

FIRST = (
    "Sentieri",
    "Radici",
    "Officine",
    "Sorgenti",
    "Laboratori",
    "Cantieri",
    "Orizzonti",
    "Mestieri",
    "Sapori",
)
MIDDLE = (
    "di città",
    "dell'acqua",
    "della libertà",
    "del sale",
    "d'argilla",
    "per i giovani",
    "di qualità",
    "del karité",
)
LAST = (
    "e comunità rurali",
    "- un'alleanza fra donne",
    "e scuole aperte",
    "nei villaggi",
    "e artigianato",
    "per tutti",
    "",
)
AREAS = ("AFRICA", "AMERICA LATINA", "BALCANI", "MEDIO ORIENTE", "ASIA CENTRALE", "EUROPA DELL'EST")
PROGRAMMES = (
    "Bando dell'Agenzia Italiana per la Cooperazione allo Sviluppo",
    "Programma Interreg MED",
    "Fondazione Compagnia di San Paolo",
    "Regione Piemonte",
    "UNDP United Nations Development Programme",
    "Autorità d'ambito torinese ATO3",
)
PARTNERS = (
    "Associazione Betulla",
    "Comune di Chieri",
    "ONG Tamarindo",
    "Università di Torino",
    "Associazione Girasole",
)
COUNTRIES = ("BA", "BF", "CI", "CV", "DO", "ET", "LB", "NE", "NG", "PE", "SN")
SECTIONS = {
    "Progetti in corso": ProjectStatus.ONGOING,
    "PROGETTI CONCLUSI": ProjectStatus.CONCLUDED,
    "Progetti in valutazione": ProjectStatus.EVALUATION,
}


@dataclass(frozen=True, slots=True)
class GeneratedPage:
    """A page, and the projects it states; `fields` are those that its layout states at all."""

    html: str
    projects: tuple[Project, ...]
    fields: tuple[str, ...]


def generated_pages(layout: Layout) -> st.SearchStrategy[GeneratedPage]:
    """Return pages of one layout with one to six projects in one or two sections, in random clothes."""
    return _page(layout)


@st.composite
def _page(draw: st.DrawFn, layout: Layout) -> GeneratedPage:
    projects = draw(st.lists(_project(), min_size=1, max_size=6, unique_by=lambda project: project.title))
    sections = draw(st.lists(st.sampled_from(sorted(SECTIONS)), min_size=1, max_size=2, unique=True))
    placed = _placed(projects, sections)
    rendered: Rendered = draw(st.sampled_from(LAYOUTS[layout]))(draw, placed)
    return GeneratedPage(draw(clothe(rendered.html)), rendered.projects, rendered.fields)


def _placed(projects: list[Project], sections: list[str]) -> tuple[Project, ...]:
    """Share the projects out over the sections, in order; each section gets at least one where it can."""
    used = sections[: len(projects)]
    size = -(-len(projects) // len(used))
    return tuple(
        replace(project, section=used[number // size], status=SECTIONS[used[number // size]])
        for number, project in enumerate(projects)
    )


@st.composite
def _project(draw: st.DrawFn) -> Project:
    start = draw(st.none() | _dates(2010, 2016))
    end = draw(st.none() | _dates(2017, 2024)) if start else None
    amount = draw(st.none() | st.integers(5_000, 3_000_000).map(float) | st.sampled_from((19290.68, 84300.5)))
    return Project(
        title=" ".join(draw(st.tuples(*map(st.sampled_from, (FIRST, MIDDLE, LAST))))).strip(),
        area=draw(st.sampled_from(AREAS)),
        programmes=tuple(draw(st.lists(st.sampled_from(PROGRAMMES), max_size=2, unique=True))),
        countries=(draw(st.sampled_from(COUNTRIES)),),
        partners=tuple(draw(st.lists(st.sampled_from(PARTNERS), max_size=2, unique=True))),
        start=start,
        end=end,
        amount=amount,
        currency="EUR" if amount else None,
        link=draw(st.none() | st.integers(1, 99).map("https://www.example.org/progetti/{}".format)),
    )


@st.composite
def _dates(draw: st.DrawFn, first: int, last: int) -> str:
    year, month, day = draw(st.tuples(st.integers(first, last), st.integers(1, 12), st.integers(1, 28)))
    return draw(st.sampled_from((f"{year}", f"{year}-{month:02}", f"{year}-{month:02}-{day:02}")))
