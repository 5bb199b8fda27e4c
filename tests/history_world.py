"""A made-up publisher: real projects, the words it has for them, and how its page writes of them."""

import random
from dataclasses import dataclass, field

from scraper.records import Layout, Project, ProjectStatus

_PLACES = (  # spellings, country, area
    (("Hawassa", "Awassa"), "ET", "AFRICA"),
    (("Ouagadougou", "Uagadugu"), "BF", "AFRICA"),
    (("Mopti", "Mopti"), "ML", "AFRICA"),
    (("Nairobi", "Nairobi"), "KE", "AFRICA"),
    (("Zighinchor", "Ziguinchor"), "SN", "AFRICA"),
    (("Maputo", "Maputo"), "MZ", "AFRICA"),
    (("Tripoli", "Tripoli"), "LB", "MEDIO ORIENTE"),
    (("Betlemme", "Bethlehem"), "PS", "MEDIO ORIENTE"),
    (("Zarqa", "Zarka"), "JO", "MEDIO ORIENTE"),
    (("Tangeri", "Tanger"), "MA", "AREA MEDITERRANEA"),
    (("Sfax", "Sfax"), "TN", "AREA MEDITERRANEA"),
    (("Scutari", "Shkodra"), "AL", "BALCANI"),
    (("Prijedor", "Prijedor"), "BA", "BALCANI"),
    (("Cuzco", "Cusco"), "PE", "AMERICA LATINA"),
    (("Cochabamba", "Cochabamba"), "BO", "AMERICA LATINA"),
)
_THEMES = (  # the same subject in Italian, English and French
    (
        "Acqua potabile e igiene nelle scuole",
        "Drinking water and hygiene in schools",
        "Eau potable et écoles",
    ),
    ("Filiera del caffè solidale", "Fair coffee value chain", "Filière du café équitable"),
    ("Salute materna e neonatale", "Maternal and newborn health", "Santé maternelle et néonatale"),
    (
        "Orti comunitari e sicurezza alimentare",
        "Community gardens and food security",
        "Jardins et alimentation",
    ),
    ("Energia solare per i villaggi", "Solar power for villages", "Énergie solaire pour les villages"),
    ("Gestione dei rifiuti urbani", "Urban waste management", "Gestion des déchets urbains"),
    ("Imprenditoria femminile nel tessile", "Women entrepreneurs in textiles", "Femmes et textile"),
    ("Tutela del patrimonio storico", "Protecting historic heritage", "Sauvegarde du patrimoine"),
    ("Giovani artigiani e mestieri", "Young craft workers", "Jeunes artisans"),
    ("Anagrafe e servizi ai cittadini", "Civil registry services", "État civil et services"),
    ("Rimboschimento delle colline", "Reforesting the hills", "Reboisement des collines"),
    ("Allevamento caprino sostenibile", "Sustainable goat farming", "Élevage caprin durable"),
)
_TEMPLATES = (
    "Formazione docenti",
    "Borse di studio",
    "Gemellaggio fra scuole",
    "Assistenza tecnica ai comuni",
)
_SYNONYMS = {
    "Acqua": "Risorse",
    "scuole": "classi",
    "Filiera": "Produzione",
    "materna": "riproduttiva",
    "Orti": "Giardini",
    "villaggi": "paesi",
    "Gestione": "Raccolta",
    "tessile": "tessuto",
    "Tutela": "Difesa",
    "artigiani": "apprendisti",
    "Anagrafe": "Registri",
    "colline": "montagne",
    "caprino": "ovino",
    "docenti": "insegnanti",
}
_EXPANSIONS = (
    "Rural Energy Networks for Villages",
    "Coastal Heritage and Responsible Travel",
    "Green Urban Local Food Systems",
    "Migrant Inclusion in Neighbourhood Development",
    "Training Rural Innovators in Bioenergy",
    "Water Access for Dry Islands",
    "Shared Paths of Alpine Regions",
    "Youth Employment and Social Enterprises",
)
_FUNDERS = (  # a funder and its alias
    ("Agenzia Italiana per la Cooperazione allo Sviluppo", "AICS"),
    ("Unione europea", "Commissione europea"),
    ("Regione Piemonte", "Regione Piemonte - settore Affari internazionali"),
    ("Fondazione Compagnia di San Paolo", "Compagnia di San Paolo"),
    ("Autorità d'ambito ATO3", "ATO 3 torinese"),
    ("Programma Interreg MED", "Interreg Mediterranean"),
)
_PARTNERS = (
    "CISV",
    "LVIA",
    "Comune di Cuneo",
    "Engim",
    "Amref",
    "Re.Te.",
    "MAIS",
    "Università di Torino",
    "RTM",
    "CCM",
)
_ORDINALS = {
    1: ("prima fase", "1° fase", "I fase", "fase 1"),
    2: ("seconda fase", "2° fase", "II fase", "fase 2"),
    3: ("terza fase", "3° fase", "III fase", "fase 3"),
    4: ("quarta fase", "4° fase", "IV fase", "fase 4"),
}


@dataclass
class Life:
    """One real project and how the page writes of it at present."""

    key: int
    theme: tuple[str, str, str]
    place: tuple[tuple[str, str], str, str]
    funders: list[int]
    partners: tuple[str, ...]
    start: int
    amount: float
    expansion: str = ""
    phase: int = 0
    language: int = 0
    spelling: int = 0
    ordinal: int = 0
    alias: int = 0
    form: str = "both"  # of a project with a code: code, both, expansion
    typed: str = "plain"
    cut: bool = False
    slip: bool = False
    folder: str = "progetti"
    status: ProjectStatus = ProjectStatus.ONGOING
    layout: Layout = Layout.TABLE
    renamed: str = ""
    introduced: str = ""
    subtitle: str = ""
    reworded: bool = False
    edition: int = 0
    twice: bool = False

    @property
    def code(self) -> str:
        """The initials of the expansion."""
        return "".join(word[0] for word in self.expansion.split() if word[0].isupper())


@dataclass(frozen=True)
class Shown:
    """Which facts a page shows beside titles and areas."""

    links: bool
    partners: bool
    dates: bool
    countries: bool
    amounts: bool
    cups: bool
    areas: bool
    funders: bool
    notes: bool


@dataclass
class Desk:
    """A page in the making: its projects in order, those taken off, and the dice."""

    dice: random.Random
    shown: Shown
    lives: list[Life] = field(default_factory=list)
    gone: list[Life] = field(default_factory=list)
    made: int = 0
    layout: Layout = Layout.TABLE
    joined_cells: bool = False


def born(desk: Desk) -> Life:
    """Return a new project, its title unlike those on the page."""
    dice, taken = desk.dice, {(life.theme, life.place) for life in desk.lives + desk.gone}
    used = {life.expansion for life in desk.lives + desk.gone}
    while True:
        theme = dice.choice(_THEMES) if dice.random() < 0.8 else (dice.choice(_TEMPLATES),) * 3
        place = dice.choice(_PLACES)
        if (theme, place) not in taken:
            break
    desk.made += 1
    free = [each for each in _EXPANSIONS if each not in used]
    return Life(
        key=desk.made,
        theme=theme,
        place=place,
        funders=[dice.randrange(len(_FUNDERS))],
        partners=tuple(dice.sample(_PARTNERS, 2)),
        start=dice.randint(2012, 2024),
        amount=float(dice.randint(20, 900) * 1000),
        expansion=dice.choice(free) if free and dice.random() < 0.3 else "",
        phase=dice.choice((0, 0, 0, 1, 2)),
        ordinal=dice.randrange(4),
        edition=dice.choice((0, 0, 0, 0, 2021)),
        layout=desk.layout,
    )


def title(life: Life) -> str:
    """Return a project's title as the page writes it."""
    text = _worded(life)
    if life.edition:
        text = f"{text} {life.edition}"
    if life.phase:
        text = f"{text} - {_ORDINALS[life.phase][life.ordinal]}"
    text = f"{life.introduced}{text}{life.subtitle}"
    if life.slip:
        text = text[:6] + text[7:]
    if life.cut and len(text) > 24:
        text = text[: text.rindex(" ", 0, 24)] + "…"
    if life.typed == "odd":
        text = text.replace(" - ", "  – ").replace("'", "’").replace(" e ", "\u00a0e ") + "."
    return text.upper() if life.typed == "capitals" else text


def full_title(life: Life) -> str:
    """Return what a project would be called without any edit of form: no two may share it."""
    named = life.expansion or f"{life.theme[0]} a {life.place[0][0]}"
    return f"{named} {life.edition} {life.phase}"


def _worded(life: Life) -> str:
    if life.renamed:
        return life.renamed
    if life.expansion:
        forms = {"code": life.code, "expansion": life.expansion}
        return forms.get(life.form, f"{life.code} - {life.expansion}")
    words = life.theme[life.language]
    if life.reworded:
        words = " ".join(_SYNONYMS.get(word, word) for word in words.split())
    return f"{words} {('a', 'in', 'à')[life.language]} {life.place[0][life.spelling]}"


def record(life: Life, desk: Desk) -> Project:
    """Return a project as a reader would return it from the page."""
    spare = life.layout in (Layout.TABLE, Layout.CARDS)
    shown = desk.shown
    slug = f"{life.theme[0][:9]}-{life.key}".lower().replace(" ", "-")
    return Project(
        title=title(life),
        acronym=life.code or None if life.form != "expansion" and not life.renamed else None,
        area=life.place[2] if spare and shown.areas else None,
        programmes=tuple(_FUNDERS[each][life.alias] for each in life.funders) if shown.funders else (),
        status=life.status,
        countries=(life.place[1],) if shown.countries else (),
        partners=life.partners if shown.partners or not spare else (),
        start=str(life.start) if shown.dates or not spare else None,
        amount=life.amount if shown.amounts else None,
        currency="EUR" if shown.amounts else None,
        link=f"https://www.example.org/cooperazione/{life.folder}/{slug}" if shown.links else None,
        note=_note(life) if shown.notes else None,
        cup=f"D19C{life.key:02d}000{life.start}" if shown.cups else None,
        section={"ongoing": "In corso", "concluded": "Conclusi"}.get(life.status, "Altri"),
        layout=life.layout,
    )


def _note(life: Life) -> str:
    what = life.theme[0].lower()
    return (
        f"Il progetto, avviato nel {life.start} con {' e '.join(life.partners)}, riguarda {what} "
        f"nel territorio di {life.place[0][0]} e coinvolge {life.amount / 100:.0f} persone."
    )
