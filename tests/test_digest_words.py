"""The vocabulary in three languages: complete, equal in its keys, right in its plurals, dates and sums."""

import re
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from notifier.news import FIELDS
from notifier.words import LANGUAGES, chosen_language, country_language, words
from scraper.records import ChangeKind, Decision, PageState, Project, ProjectStatus, Role
from store.kinds import Frequency

ROOT = Path(__file__).parent.parent
BUILT_FROM = {
    "kind": ChangeKind,
    "status": ProjectStatus,
    "role": Role,
    "frequency": Frequency,
    "field": FIELDS,
    "decision": Decision,
    "state": PageState,
    "clause": ("note", "note_come", "note_gone"),
}
"""Keys that are put together from a vocabulary: prefix and members."""


def catalogue(language: str) -> Catalog:
    """Read a language's words as they stand in its file."""
    text = resources.files("notifier").joinpath("locale", language, "coopwatch.po").read_text("utf-8")
    return read_po(text.splitlines(keepends=True), locale=language)


def keys(language: str) -> set[str]:
    """Return the keys that have words in a language."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue(language)
        if message.id and all(message.string if isinstance(message.string, tuple) else [message.string])
    }


def used_keys() -> set[str]:
    """Return every key that templates and modules name, or build from a vocabulary."""
    named: set[str] = set()
    for folder in ("notifier", "web"):
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in {".py", ".html", ".txt"}:
                text = path.read_text("utf-8")
                named |= set(re.findall(r"""(?:\bt|\btext|\bcount)\(\s*"([a-z_]+(?:\.[a-z_]+)*)\"""", text))
    built = {f"{prefix}.{member}" for prefix, members in BUILT_FROM.items() for member in members}
    # The words of the staff's pages, in two languages, have a catalogue and a test of their own.
    return {key for key in named if not key.startswith("staff.")} | built


def test_every_key_in_use_has_words_in_every_language() -> None:
    """A key without words would be a fault that a reader sees."""
    for language in LANGUAGES:
        assert used_keys() - keys(language) == set(), language


def test_the_languages_have_the_same_keys_and_values() -> None:
    """Each language says the same things, with the same values put in."""
    first = {message.id: message for message in catalogue("it") if message.id}
    for language in LANGUAGES:
        assert keys(language) == keys("it")
        for message in catalogue(language):
            if message.id:
                assert blanks(message.string) == blanks(first[message.id].string), (language, message.id)


def blanks(string: str | tuple[str, ...] | list[str] | None) -> set[str]:
    """Return the names of the values that words have put in."""
    return set(re.findall(r"{(\w+)}", "".join(string or "")))


def test_a_key_without_words_is_refused() -> None:
    """A missing key raises rather than reach a reader."""
    with pytest.raises(KeyError):
        words("it").text("no.such.key")
    with pytest.raises(KeyError):
        words("fr").count("no.such.key", 2)


def test_plurals_follow_the_language() -> None:
    """French counts none in the singular, Italian and English in the plural."""
    assert words("it").count("digest.headline", 1) == "1 progetto con novità"
    assert words("it").count("digest.headline", 0) == "0 progetti con novità"
    assert words("fr").count("digest.headline", 0) == "0 projet avec du nouveau"
    assert words("en").count("digest.headline", 1200) == "1,200 projects with news"


@pytest.mark.parametrize(
    ("edtf", "italian", "english"),
    [
        ("2021", "2021", "2021"),
        ("2021-03", "marzo 2021", "March 2021"),
        ("2018-09-18", "18 settembre 2018", "18 September 2018"),
        ("2018-09-18/2018-10", "18 settembre 2018 – ottobre 2018", "18 September 2018 – October 2018"),
        ("../2021-03", "… – marzo 2021", "… – March 2021"),
        ("2018-09~", "circa settembre 2018", "about September 2018"),
        ("2018-13", "2018-13", "2018-13"),
        ("presto", "presto", "presto"),
        ("2021-22", "2021-22", "2021-22"),
    ],
)
def test_dates_are_said_as_precisely_as_they_are(edtf: str, italian: str, english: str) -> None:
    """An EDTF date is put into words without adding or losing precision; what is none stays as it is."""
    assert (words("it").date(edtf), words("en").date(edtf)) == (italian, english)


def test_sums_follow_the_language() -> None:
    """Separators and the place of the sign are the language's; cents appear only where there are some."""
    assert words("it").amount(1283174.0, "EUR") == "1.283.174\N{NO-BREAK SPACE}€"
    assert words("it").amount(19290.68, "EUR") == "19.290,68\N{NO-BREAK SPACE}€"
    assert words("en").amount(1283174.0, "EUR") == "€1,283,174"
    assert words("fr").amount(19290.5, "EUR") == "19\N{NARROW NO-BREAK SPACE}290,50\N{NO-BREAK SPACE}€"
    assert words("it").amount(500000.0, None) == "500.000"


def test_instants_are_told_in_the_time_of_rome() -> None:
    """23:30 in UTC is the next day in Rome, by one hour in winter and two in summer."""
    late = datetime(2018, 11, 12, 23, 30, tzinfo=UTC)
    assert (words("it").day(late), words("it").moment(late)) == (
        "13 novembre 2018",
        "13 novembre 2018, 00:30",
    )
    assert words("fr").moment(late.replace(month=8)) == "13 août 2018, 01:30"


def test_values_are_worded_by_field() -> None:
    """Codes become names; the page's own words stay as they are; nothing is said of the unknown."""
    project = Project(amount=500000.0, currency="EUR", countries=("ET", "XZ"))
    italian = words("it")
    assert italian.value("countries", project.countries, project) == ("Etiopia", "XZ")
    assert italian.value("amount", 500000.0, project) == ("500.000\N{NO-BREAK SPACE}€",)
    assert italian.value("status", "starting", project) == ("in fase di avvio",)
    assert italian.value("programmes", ("A", "B"), project) == ("A", "B")
    assert italian.value("end", None, project) == italian.value("partners", (), project) == ()


def test_a_person_s_languages_choose_ours() -> None:
    """The first known one counts, whatever the region; without any it is Italian."""
    assert chosen_language(["de-CH", "fr-CH", "en"]) == "fr"
    assert chosen_language(["de"]) == chosen_language([]) == words("xx").language == "it"


def test_a_country_s_language_is_known() -> None:
    """The words of a source are marked with the language of its country."""
    assert [country_language(code) for code in ("IT", "FR", "ES", "QQ")] == ["it", "fr", "es", None]
