"""The digest as a reader sees it: sentences, tables, links, languages and size."""

import re
from dataclasses import replace

import pytest

from notifier.links import Links
from notifier.news import fold
from notifier.render import LARGEST_HTML, TOKEN_PLACE, Envelope, confirmation_letter
from notifier.story import story
from notifier.words import LANGUAGES, words
from scraper.records import Change, ChangeKind, Project
from store.kinds import Frequency
from tests.digest_samples import GAMBIA, MC2CM, START, changed, happened, ledger, november
from tests.mail_samples import PAGE, PUBLIC, TOKEN, letter
from tests.test_mail_checks import Seen

LONG = Project(title="100% Plastica – Intervento di sviluppo della raccolta e riciclo dei rifiuti ad Awassa")


def sentence(*changes: Change, language: str = "it") -> str:
    """Return the sentence about the one project that these changes concern."""
    (news,) = fold(ledger(*changes))
    return story(news, words(language)).sentence


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("it", "MC2CM: stato da «in fase di avvio» a «in corso»"),
        ("en", "MC2CM: status from “starting” to “ongoing”"),
        ("fr", "MC2CM : état de « en phase de démarrage » à « en cours »"),
    ],
)
def test_a_change_is_one_sentence_in_the_reader_s_language(language: str, said: str) -> None:
    """Status words are the reader's, quoted as their language does."""
    told = sentence(changed("status", "starting", "ongoing"), language=language)
    assert told.replace("\N{NO-BREAK SPACE}", " ") == said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([changed("end", None, "2021-03")], "MC2CM: data di fine: ora «marzo 2021» (prima non indicato)"),
        ([changed("end", "2021-03", None)], "MC2CM: data di fine: non più sulla pagina (era «marzo 2021»)"),
        ([changed("title", "Vecchio", MC2CM.title)], "MC2CM: nuovo titolo (prima «Vecchio»)"),
        ([changed("note", "a", "b")], "MC2CM: nuovo testo della descrizione"),
        ([changed("note", None, "b")], "MC2CM: ora c’è una descrizione"),
        ([changed("note", "a", None)], "MC2CM: la descrizione non è più sulla pagina"),
        ([happened(ChangeKind.REMOVED, LONG)], "100% Plastica: non compare più sulla pagina"),
        (
            [happened(ChangeKind.REMOVED, replace(LONG, title="A - " + "parola " * 20))],
            "A - parola parola parola parola parola parola parola…: non compare più sulla pagina",
        ),
        ([changed("partners", ("A", "B"), ("B", "C"))], "MC2CM: partner: in più «C», in meno «A»"),
        ([changed("countries", (), ("ET",))], "MC2CM: Paesi: in più «Etiopia»"),
        (
            [changed("status", "starting", "ongoing"), changed("end", "2021", "2022")],
            "MC2CM: stato da «in fase di avvio» a «in corso»; data di fine da «2021» a «2022»",
        ),
        (
            [changed("cup", None, "C"), changed("role", None, "lead"), changed("area", None, "A")],
            "MC2CM: cambiano area, ruolo dell’ente e CUP",
        ),
        ([happened(ChangeKind.ADDED)], "RAGAZZI IN GAMBIA: nuovo progetto (in valutazione)"),
        ([happened(ChangeKind.REMOVED)], "RAGAZZI IN GAMBIA: non compare più sulla pagina"),
        ([happened(ChangeKind.REAPPEARED)], "RAGAZZI IN GAMBIA: di nuovo sulla pagina (in valutazione)"),
        (
            [happened(ChangeKind.ADDED, replace(GAMBIA, title=None, status=None))],
            "Progetto senza titolo: nuovo progetto",
        ),
    ],
)
def test_sentences_say_what_happened(changes: list[Change], said: str) -> None:
    """Known and unknown values, lists, many fields, comings and goings each have their own words."""
    assert sentence(*changes) == said


def test_sums_are_told_in_their_currency() -> None:
    """An amount and its currency that change together are one row, each side in its own."""
    project = replace(MC2CM, amount=2000.0, currency="USD")
    entries = ledger(
        changed("amount", 1000.0, 2000.0, project=project), changed("currency", "EUR", "USD", project=project)
    )
    (news,) = fold(entries)
    (row,) = story(news, words("en")).rows
    assert (row.before[0][0].text, row.after[0][0].text) == ("€1,000", "US$2,000")


def test_the_subject_says_what_changed() -> None:
    """One piece of news is the subject itself, several are counted and named; the day stands behind."""
    assert letter(november()).subject == "2 novità: MC2CM e RAGAZZI IN GAMBIA (13 novembre 2018)"
    one = letter(ledger(changed("status", "starting", "ongoing")))
    assert one.subject == "MC2CM: stato da «in fase di avvio» a «in corso» (13 novembre 2018)"


def test_links_lead_to_page_history_and_reason() -> None:
    """Per project: its life, the reason, the page itself; and the way out near the top and in the footer."""
    html = letter(november()).html
    assert Seen(html).links == {
        f"{PUBLIC}/preferences",
        f"{PUBLIC}/projects/torino/6",
        f"{PUBLIC}/changes/5",
        f"{PUBLIC}/projects/torino/7",
        f"{PUBLIC}/changes/8",
        f"{PUBLIC}/unsubscribe/{TOKEN_PLACE}",
        f"{PUBLIC}/",
        PAGE,
    }
    first, last = html.index("/unsubscribe/"), html.rindex("/unsubscribe/")
    assert first < 20_000 and first < html.index("Prima") < last


def test_languages_are_marked() -> None:
    """The mail is marked with the reader's language, the page's own words with theirs."""
    tags = Seen(letter(november(), "fr").html).tags
    assert ("html", {"lang": "fr"}) in tags
    assert any(tag == "a" and attributes.get("lang") == "it" for tag, attributes in tags)
    native = Seen(letter(november(), "it").html).tags
    assert not any(tag == "a" and "lang" in attributes for tag, attributes in native)


def test_tables_of_changes_can_be_listened_to() -> None:
    """Data tables have a caption and headers with a scope; tables for the layout say that they are none."""
    html = letter(november()).html
    tables = re.findall(r"<table[^>]*>", html)
    layout = [table for table in tables if 'role="presentation"' in table]
    assert len(tables) - len(layout) == html.count("<caption") == 2
    assert all(attributes.get("scope") for tag, attributes in Seen(html).tags if tag == "th")


def test_nothing_is_hidden_but_the_line_for_the_list_of_mails() -> None:
    """Filters for spam count hidden words, so a digest has them in one place, however long it is."""
    html = letter(november()).html
    assert re.findall(r'class="(\w+)" style="display: none', html) == ["preheader"]


def test_one_endless_project_fits_too() -> None:
    """A description of a megabyte is cut; nothing grows without bound."""
    long = replace(MC2CM, note="parola " * 150_000, programmes=("P" * 100_000,))
    found = letter(ledger(changed("note", "breve", long.note, project=long)))
    assert len(found.html.encode()) <= LARGEST_HTML and len(found.text) < 10_000


def test_the_same_news_make_the_same_letter() -> None:
    """Rendering is pure."""
    assert letter(november()) == letter(november())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_confirmation_says_what_to_do_and_nothing_of_a_stranger_s(language: str) -> None:
    """It holds the link, the day on which that expires, and how to do nothing."""
    envelope = Envelope(Frequency.WEEKLY, "coopwatch", TOKEN)
    found = confirmation_letter(envelope, START, Links(PUBLIC), words(language))
    assert f"{PUBLIC}/confirm/{TOKEN}" in found.text and f"{PUBLIC}/confirm/{TOKEN}" in found.html
    assert words(language).day(START) in " ".join(found.text.split())
    assert "unsubscribe" not in found.html and "\n" not in found.subject


def test_what_was_corrected_twice_says_so() -> None:
    """A line that took several steps names their number."""
    entries = ledger(changed("status", "starting", "suspended"), changed("status", "suspended", "ongoing"))
    assert "modificato 2 volte" in letter(entries).html and "modificato 2 volte" in letter(entries).text
