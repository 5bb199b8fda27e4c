"""Names: countries, bodies, funding lines and CUPs."""

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from scraper.read.fields.countries import find_countries, find_project_countries
from scraper.read.fields.cup import find_cup
from scraper.read.fields.namelists import split_names
from scraper.read.fields.partners import find_partners
from scraper.read.fields.programmes import find_programmes, split_programmes

COUNTRIES = [
    ("Congo (Repubblica Democratica)", ["CD"]),
    ("Congo, Rep. Dem.", ["CD"]),
    ("Congo (Brazzaville)", ["CG"]),
    ("RAGAZZI IN GAMBIA", ["GM"]),
    ("100% Plastica - Intervento ad Awassa", ["ET"]),
    ("Niger, Nigeria e Mali", ["NE", "NG", "ML"]),
    ("Romania", ["RO"]),
    ("Giordania, Libano", ["JO", "LB"]),
    ("Burkina Faso (10) Burundi", ["BF", "BI"]),
    ("Repubblica Democratica del Congo", ["CD"]),
    ("Repubblica del Congo", ["CG"]),
    ("Costa d'Avorio, Côte d’Ivoire", ["CI"]),
    ("Bosnia-Erzegovina, Serbia, Kosovo", ["BA", "RS", "XK"]),
    ("Sudan e Sud Sudan", ["SD", "SS"]),
    ("Papua Nuova Guinea", ["PG"]),
    ("Guinea-Bissau", ["GW"]),
    ("Guinea Equatoriale", ["GQ"]),
    ("Guinea", ["GN"]),
    ("Territori palestinesi", ["PS"]),
    ("Repubblica Dominicana", ["DO"]),
    ("Tchad/Niger", ["TD", "NE"]),
    ("Madagascar / Comore", ["MG", "KM"]),
    ("Italia, Tunisia", ["TN"]),
    ("donne etiopi", ["ET"]),
    ("República Dominicana", ["DO"]),
]

NO_COUNTRIES = [
    "Africa",
    "Area Mediterranea",
    "Corso Inghilterra 7, Torino",
    "i mali dell'Africa",
    "Riunione di avvio",
    "comunità senegalese di Torino",
    "golfo di Guinea",
    "vari Paesi",
    "Italia",
    "Sahel",
]

WHERE = [
    ("The project in Tombo, Sierra Leone, ended.", ["SL"]),
    ("Una proposta per l’Argentina.", ["AR"]),
    ("Le second, « Ateliers numériques », est mené au Togo.", ["TG"]),
    ("Un atelier est organisé au Togo.", []),
    ("Il progetto interessa Marocco, Tunisia e Algeria.", ["MA", "TN", "DZ"]),
    ("Acqua potabile nei comuni del sud del Libano.", ["LB"]),
    ("Tchad, 2022-2025.", ["TD"]),
    ("Zambia and Rwanda", ["ZM", "RW"]),
    ("un protocollo d'intesa con il Governatorato di Betlemme", []),
    ("Le comité s'est réuni le 12 juin 2020 à Yaoundé.", []),
    ("Il progetto si svolge in Senegal, Mali e Burkina Faso.", ["SN", "ML", "BF"]),
    ("Intervento nel distretto di Awassa (Etiopia)", ["ET"]),
    ("I paesi coinvolti sono: Tunisia, Marocco e Libano.", ["TN", "MA", "LB"]),
    ("Projet au Sénégal", ["SN"]),
    ("La raccolta dei rifiuti a Daloa", ["CI"]),
    ("Il workshop si terrà il 18-19 settembre 2018 a Cartagine (Tunisia) e proseguirà a Vienna", []),
    (
        "altre città che hanno partecipato (Amman, Beirut, Lisbona, Lione, Madrid, Tangeri, Tunisi e Vienna)",
        [],
    ),
    ("Partner: Comune di Betlemme, Università di Dakar", []),
    ("ONG con sede in Kenya", []),
    ("migranti provenienti dal Mali", []),
    ("Il governo del Senegal sostiene", []),
    ('Si parte con il seminario "Acqua: sfide locali" che si terrà il 3 marzo a Dakar (Senegal).', []),
    ('Il progetto "Festival: semi di pace" si svolgerà in Senegal.', ["SN"]),
]

LISTS = [
    ("Mzuzu Women's Guild and Harbour City Trust", ["Mzuzu Women's Guild", "Harbour City Trust"]),
    ("Department of Water and Sanitation", ["Department of Water and Sanitation"]),
    ("Oxfam Italia e al Comune di Lushnje", ["Oxfam Italia", "Comune di Lushnje"]),
    ("Ville de Gap e a Ponte Blu", ["Ville de Gap", "Ponte Blu"]),
    ("Ville de Gap and with Blue Bridge", ["Ville de Gap", "Blue Bridge"]),
    (
        "UISP, Mzumbe University of Science and Technology",
        ["UISP", "Mzumbe University of Science and Technology"],
    ),
    ("Jimma University and Technology Trust", ["Jimma University", "Technology Trust"]),
    ("Caritas e all’Istituto Da Vinci", ["Caritas", "Istituto Da Vinci"]),
    ("Partner italiani: Cisv, LVIA. Partner locali: GIE Sope", ["Cisv", "LVIA", "GIE Sope"]),
    (
        "Movimento per l'Autosviluppo, l'Interscambio e la Solidarietà",
        ["Movimento per l'Autosviluppo, l'Interscambio e la Solidarietà"],
    ),
    (
        "AICS Khartoum in collaborazione con Ministero della Salute",
        ["AICS Khartoum", "Ministero della Salute"],
    ),
    ("Regione Piemonte, Comuni di Asti e Alba", ["Regione Piemonte", "Comuni di Asti e Alba"]),
    ("Comune di Torino, 15 comuni della provincia", ["Comune di Torino"]),
    ("A, B e C; D (capofila)", ["A", "B", "C", "D"]),
    (
        "CIFA Onlus, Comune di Awassa e Università di Torino",
        ["CIFA Onlus", "Comune di Awassa", "Università di Torino"],
    ),
    ("Comune di Presicce e Acquarica", ["Comune di Presicce e Acquarica"]),
    ("Comune di Torino e Provincia di Cuneo", ["Comune di Torino", "Provincia di Cuneo"]),
    ("ICMPD, UN-Habitat and UCLG", ["ICMPD", "UN-Habitat", "UCLG"]),
    ("Rete Acqua (Etiopia, Kenya); Amref", ["Rete Acqua (Etiopia, Kenya)", "Amref"]),
    (
        "Città di Torino (capofila), Comune di Daloa, Associazione Piemonte-Daloa (partner)",
        ["Città di Torino", "Comune di Daloa", "Associazione Piemonte-Daloa"],
    ),
    ("Terra e Libertà", ["Terra e Libertà"]),
    (
        "ICMPD - International Centre for Migration Policy Development\nUN-Habitat",
        ["ICMPD - International Centre for Migration Policy Development", "UN-Habitat"],
    ),
    ("UNDP, Città di Torino, Co.co.pa.", ["UNDP", "Città di Torino", "Co.co.pa."]),
    (
        "Dipartimento di Scienze Agrarie, Forestali e Alimentari",
        ["Dipartimento di Scienze Agrarie, Forestali e Alimentari"],
    ),
    ("-", []),
    ("", []),
    ("da definire", []),
]

PARTNERS = [
    (
        "Ejecutado por la Fundación para la Paz y la Universidad de Lima.",
        ["Fundación para la Paz", "Universidad de Lima"],
    ),
    ("Mené par le lycée Rive et reçoit l’appui de la Fondation Orange.", ["lycée Rive"]),
    ("“Perché no?” di Bambini nel Deserto in Burkina Faso", ["Bambini nel Deserto"]),
    ("capofila Informest, in Serbia e Montenegro", ["Informest"]),
    ("Proyecto ejecutado por Manos Unidas en Angola.", ["Manos Unidas"]),
    (
        "promosso da LVIA con il Comune di Borgo San Dalmazzo, è cofinanziato",
        ["LVIA", "Comune di Borgo San Dalmazzo"],
    ),
    ("ha come partner UNDP e Co.Co.Pa. ed è sostenuto da ATO3", ["UNDP", "Co.Co.Pa."]),
    (
        "In collaborazione con CIFA, il Comune di Awassa e l'Università di Torino, grazie a ICMPD.",
        ["CIFA", "Comune di Awassa", "Università di Torino"],
    ),
    (
        "Il capofila è Amref Health Africa. Partner: CIFA, LVIA e Comune di Gambella.",
        ["Amref Health Africa", "CIFA", "LVIA", "Comune di Gambella"],
    ),
    (
        "Funded by the Scottish Government, it is led by Oxfam in partnership with the University of Malawi.",
        ["Oxfam", "University of Malawi"],
    ),
    ("in collaborazione con la ONG Cisv, realizza un pozzo", ["ONG Cisv"]),
    ("realizzato in collaborazione con le comunità locali", []),
    ("Il progetto coinvolge 300 donne di Awassa.", []),
]

FUNDERS = [
    ("Das Projekt wird vom Land Hessen mit 25.000 Euro unterstützt; es läuft.", ["Land Hessen"]),
    ("Das Projekt wird vom Land Hessen unterstützt.", ["Land Hessen"]),
    ("Das Projekt wird vom Verein Ukulima geleitet.", []),
    ("sostenuto con 500mila euro da ATO3 e dal programma UNDP Art Gold", ["ATO3", "programma UNDP Art Gold"]),
    ("sostenuto da ATO 5 e dal programma Interreg Alcotra", ["ATO 5", "programma Interreg Alcotra"]),
    ("finanziato alla fine del 2016 dall'Agenzia Italiana con 1.283.174 euro", ["Agenzia Italiana"]),
    ("with funding from the Scottish Government of £600,000", ["Scottish Government"]),
    ("bénéficie du soutien du Ministère de l'Europe", ["Ministère de l'Europe"]),
    ("Horizon 2020; la Città metropolitana è partner", ["Horizon 2020"]),
    ("ha approvato un contributo di Euro 10.000,00 all'associazione Mais", []),
    (
        "sarà realizzato grazie al sostegno di ICMPD, UN-Habitat and UCLG ed al successo della fase 1",
        ["ICMPD", "UN-Habitat", "UCLG"],
    ),
    (
        "è finanziato dall'Agenzia Italiana per la Cooperazione allo Sviluppo con 1.283.174 euro.",
        ["Agenzia Italiana per la Cooperazione allo Sviluppo"],
    ),
    ("Projet cofinancé par l'Union européenne et la Région Piémont.", ["Union européenne", "Région Piémont"]),
    ("Funded by the Scottish Government, the project is implemented by Oxfam.", ["Scottish Government"]),
    ("con fondi 8x1000 della Chiesa Valdese", ["8x1000 della Chiesa Valdese"]),
    ("nell'ambito del Programma Interreg MED, il progetto coinvolge", ["Programma Interreg MED"]),
    (
        "con il contributo della Regione Piemonte e della Fondazione CRT",
        ["Regione Piemonte", "Fondazione CRT"],
    ),
    ("grazie all'impegno dei volontari", []),
    ("Il progetto aiuta le donne di Awassa.", []),
]

CELLS = [
    (
        "UNDP United Nations Development Programme\nAutorità d'ambito torinese ATO3",
        ["UNDP United Nations Development Programme", "Autorità d'ambito torinese ATO3"],
    ),
    (
        "Commissione europea in collaborazione con l'Agenzia nazionale Svizzera, UCLG, ICMPD",
        ["Commissione europea in collaborazione con l'Agenzia nazionale Svizzera, UCLG, ICMPD"],
    ),
    ("Regione Piemonte, cooperazione decentrata 2025", ["Regione Piemonte, cooperazione decentrata 2025"]),
    ("Regione Piemonte, Fondazione CRT", ["Regione Piemonte", "Fondazione CRT"]),
    ("FCDO, Innovate UK", ["FCDO", "Innovate UK"]),
    ("FCDO, Innovate", ["FCDO, Innovate"]),
    ("Università e società", ["Università e società"]),
    ("-", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "codes"), COUNTRIES)
def test_countries_by_name_adjective_and_place(text: str, codes: list[str]) -> None:
    """Countries are found in their order, the longest name first, the publisher's own left out."""
    assert [found.value for found in find_countries(text, "IT")] == codes


@pytest.mark.parametrize("text", NO_COUNTRIES)
def test_what_is_no_country(text: str) -> None:
    """Areas, streets, meetings, evils and communities abroad are no countries."""
    assert find_countries(text, "IT") == []


@given(
    st.sampled_from(["it", "fr", "es", "en", "de", "pt"]),
    st.sampled_from(["ET", "SN", "CI", "BA", "CD", "PS", "MK", "GW", "BF", "CV", "TL", "SS"]),
    st.booleans(),
)
def test_every_language_names_a_country(language: str, code: str, shout: bool) -> None:
    """A country's name in any of the languages, also in capitals, gives its code."""
    name = str(Locale(language).territories[code])

    assert [found.value for found in find_countries(name.upper() if shout else name)] == [code]


@pytest.mark.parametrize(("prose", "codes"), WHERE)
def test_countries_in_prose(prose: str, codes: list[str]) -> None:
    """Prose tells where a project is carried out, apart from meetings, seats, origins and names of bodies."""
    assert [found.value for found in find_project_countries(prose, "IT")] == codes


@pytest.mark.parametrize(("text", "names"), LISTS)
def test_lists_of_bodies(text: str, names: list[str]) -> None:
    """A list of bodies is split between its names and nowhere inside one."""
    found = split_names(text)

    assert [name.value for name in found] == names
    assert [text[name.start : name.end] for name in found] == names


@pytest.mark.parametrize(("prose", "names"), PARTNERS)
def test_partners_in_prose(prose: str, names: list[str]) -> None:
    """Prose names the bodies that carry a project out, without the funders."""
    assert [found.value for found in find_partners(prose)] == names


@pytest.mark.parametrize(("prose", "names"), FUNDERS)
def test_funders_in_prose(prose: str, names: list[str]) -> None:
    """Prose names funders and funding lines, without what they pay for."""
    assert [found.value for found in find_programmes(prose)] == names


@pytest.mark.parametrize(("cell", "names"), CELLS)
def test_funding_lines_of_a_cell(cell: str, names: list[str]) -> None:
    """A cell's lines are one funding line each; commas inside one stay."""
    assert [found.value for found in split_programmes(cell)] == names


@given(
    st.from_regex(r"[A-Z][0-9]{2}[A-Z][0-9]{11}", fullmatch=True),
    st.sampled_from(["", " ", "-", "."]),
)
def test_a_cup_is_found_in_every_spacing(code: str, gap: str) -> None:
    """A CUP is read with or without gaps between its parts."""
    written = gap.join((code[0], code[1:3], code[3], code[4:9], code[9:12], code[12:]))

    found = find_cup(f"CUP: {written}.")

    assert found is not None
    assert found.value == code


@pytest.mark.parametrize(
    "text", ["C11G0600000000", "01907990012", "C11G060000000012", "IT60X0542811101000000123456", ""]
)
def test_other_codes_are_no_cup(text: str) -> None:
    """Tax codes, account numbers and codes of another length are no CUP."""
    assert find_cup(text) is None
