"""Amounts: every spelling of a sum, and which sum is a project's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.read.fields.amounts import (
    AmountKind,
    currency_of,
    find_amounts,
    project_amount,
    stated_amount,
    stated_currency,
)
from scraper.read.fields.figures import figure_value

SPELLINGS = [
    ("19.290,68 Euro", 19290.68, "EUR"),
    ("1 milione e 300 mila Euro", 1300000.0, "EUR"),
    ("EUR 790.228,00.=", 790228.0, "EUR"),
    ("790.228,00.= Euro", 790228.0, "EUR"),
    ("500mila euro", 500000.0, "EUR"),
    ("600 mila euro", 600000.0, "EUR"),
    ("€ 1.283.174", 1283174.0, "EUR"),
    ("€ 12.500", 12500.0, "EUR"),
    ("1 283 174 €", 1283174.0, "EUR"),
    ("250 000,50 €", 250000.5, "EUR"),
    ("1,283,174.00 EUR", 1283174.0, "EUR"),
    ("£60,000", 60000.0, "GBP"),
    ("US$ 45,000", 45000.0, "USD"),
    ("CHF 40'000", 40000.0, "CHF"),
    ("12.000,- €", 12000.0, "EUR"),
    ("2,5 milioni di euro", 2500000.0, "EUR"),
    ("un milione di euro", 1000000.0, "EUR"),
    ("2.5 million USD", 2500000.0, "USD"),
    ("2,5 M€", 2500000.0, "EUR"),
    ("500k €", 500000.0, "EUR"),
    ("Euro 1.665369,00", 1665369.0, "EUR"),
    ("12.657 euros", 12657.0, "EUR"),
    ("un milione e mezzo di euro", 1500000.0, "EUR"),
    ("€. 12.000,00", 12000.0, "EUR"),
    ("EUR 1,3 mln", 1300000.0, "EUR"),
]

KINDS = [
    ("dotazione del bando: 600 mila euro", AmountKind.POOL),
    ("600 mila euro per 6 progetti", AmountKind.POOL),
    ("La Regione ha stanziato 1 milione di euro", AmountKind.POOL),
    ("un contributo di 12.000 euro", AmountKind.SHARE),
    ("5.000 euro ciascuno", AmountKind.SHARE),
    ("17.000.000 euro a credito", AmountKind.SHARE),
    ("Con 600 mila euro la Regione finanzia sei progetti", AmountKind.POOL),
    ("finanziati 6 progetti per 300.000 euro complessivi", AmountKind.POOL),
    ("12.000 euro/anno", AmountKind.SHARE),
    ("ha ricevuto un contributo regionale di 25.000 euro", AmountKind.SHARE),
    ("costo totale: 100.000 euro", AmountKind.TOTAL),
    ("finanziato dall'AICS con 1.283.174 euro", AmountKind.GIVEN),
    ("un progetto da 1.283.174 euro", AmountKind.TOTAL),
    ("sono stati raccolti 300 euro", AmountKind.UNKNOWN),
]

NO_AMOUNTS = [
    "2015",
    "75%",
    "36 mesi",
    "da quantificare",
    "legge 125/2014",
    "",
    "tel. 011 8612653",
    "il 75 per cento",
]


@pytest.mark.parametrize(("text", "value", "currency"), SPELLINGS)
def test_amount_in_every_spelling(text: str, value: float, currency: str) -> None:
    """A sum is read in every spelling that the pages use, in prose and in a cell."""
    found = stated_amount(text)

    assert found is not None
    assert (found.value.value, found.value.currency) == (value, currency)
    assert [amount.value.value for amount in find_amounts(f"Vale {text}, si dice.")] == [value]


@pytest.mark.parametrize(("text", "kind"), KINDS)
def test_words_around_a_sum_say_what_it_is(text: str, kind: AmountKind) -> None:
    """Pools, shares and totals are told apart by the words around them, and only totals are a project's."""
    assert [found.value.kind for found in find_amounts(text)] == [kind]
    assert (project_amount(text) is not None) == (kind in {AmountKind.TOTAL, AmountKind.GIVEN})


@pytest.mark.parametrize("text", NO_AMOUNTS)
def test_other_numbers_are_no_amounts(text: str) -> None:
    """Years, percentages, durations and telephone numbers are no money."""
    assert find_amounts(text) == []


def test_several_parts_are_no_total() -> None:
    """Credit, grant and technical assistance under one label leave the total unknown."""
    assert stated_amount("17.000.000 euro (credito), 5.000.000 euro (dono), 750.000 euro (AT)") is None


@pytest.mark.parametrize(
    "text",
    [
        "costo totale € 100.000, di cui 75.000 euro AICS",
        "€ 100.000,00 (AICS € 75.000)",
        "100.000 € (di cui 75.000 € contributo regionale)",
        "Totale: € 100.000 - Contributo: € 75.000",
    ],
)
def test_the_total_stands_out_among_its_parts(text: str) -> None:
    """A total is taken where parts follow it."""
    found = stated_amount(text)

    assert found is not None
    assert found.value.value == 100000.0


def test_a_bare_number_in_an_amount_cell_takes_the_headers_currency() -> None:
    """A column of sums names its currency once, in its header."""
    found = stated_amount("17.000,00", currency_of("Costo totale (€)"))

    assert found is not None
    assert (found.value.value, found.value.currency) == (17000.0, "EUR")


@given(
    cents=st.integers(min_value=10_000, max_value=10_000_000_000),
    marks=st.sampled_from([(".", ","), (",", "."), (" ", ","), ("'", "."), ("\u202f", ",")]),
)
def test_a_grouped_figure_is_read_back(cents: int, marks: tuple[str, str]) -> None:
    """Thousands and decimals are told apart in every custom."""
    group, point = marks
    written = f"{cents // 100:,}".replace(",", group) + f"{point}{cents % 100:02d}"

    assert figure_value(written) == cents / 100


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Gli importi sono espressi in euro.", "EUR"),
        ("(Importi in €)", "EUR"),
        ("All amounts are given in US dollars", "USD"),
        ("Les montants sont exprimés en francs CFA.", "XOF"),
        ("Alle Beträge in Euro", "EUR"),
        ("Valori in migliaia di euro", None),
        ("Costi sostenuti in Mali: 3.000 euro", None),
        ("Il progetto costa 3.000 euro.", None),
    ],
)
def test_a_currency_told_for_all_sums(text: str, currency: str | None) -> None:
    """A sentence on all sums names their currency, unless they are thousands of it."""
    assert stated_currency(text) == currency
