"""What the staff's pages show, and what their forms bring about."""

import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from notifier.links import Links
from notifier.masking import MASK, masked
from scraper.compare import EMPTY_STATE, step
from scraper.records import Capture, Decision, Failure, FailureKind
from scraper.sources import Source, WatchedPage
from store.decisions import decisions
from store.deliveries import deliveries
from store.evidence.seals import seal
from store.evidence.verification import verify
from store.history import captures, record
from store.kinds import ReviewKind, StaffAction, TokenPurpose
from store.ledger import head
from store.pages import enrol
from store.reviews import review
from store.staff.remarks import Subject, remarks
from store.tracks import project_life
from tests.browsing import text
from tests.evidence_world import SIGNER
from tests.staffed_house import MASKED, NOTE, Member, StaffedHouse, furnish, staffed
from tests.test_web_staff_doors import LOOKING
from tests.watched_history import ADDRESS, days, failed, visited


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a house with staff, to be copied."""
    return furnish(tmp_path_factory.mktemp("furnished") / "house.db")


@pytest.fixture(scope="module")
def auditor(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """An auditor in a house in which nobody decides anything."""
    with staffed(furnished, tmp_path_factory.mktemp("quiet")) as house:
        yield house.member("auditor")


@pytest.fixture
def house(furnished: Path, tmp_path: Path) -> Iterator[StaffedHouse]:
    """A house of one's own."""
    with staffed(furnished, tmp_path) as house:
        yield house


def test_the_overview_proves_silence(auditor: Member) -> None:
    """Visits, the last good one, holds, failures, days without a visit, the longest pause, open reviews."""
    answer = auditor.get("/staff")
    page = text(answer)
    assert "2 verifiche in attesa, la più vecchia da 6 giorni" in page
    assert "Ultima visita riuscita 31 gennaio 2019, 05:30 (6 giorni fa)" in page
    # From 14 November to 6 February: the visits of days 90, 101, 110, 111, 150, 151, 160, 161, 163 to 165.
    assert "Visite nel periodo 11" in page and "Trattenute 2" in page and "Non riuscite 1" in page
    assert "Giorni senza visite 74" in page and "Pausa più lunga 39 giorni" in page
    assert "Versione trattenuta : in attesa da 5 giorni" in page and "Coppia dubbia" in page
    assert (
        "11 visite dal 14 novembre 2018: 2 trattenute, 1 non riuscite, 74 giorni senza visite" in answer.text
    )
    assert answer.text.count('<g class="day') == 85 + 5  # the days, and the legend


def test_many_pages_come_in_portions_with_trouble_first(house: StaffedHouse) -> None:
    """Fifty pages at once, each of them once, and those that want attention before all others."""
    addresses = [f"https://www.example.org/{number}" for number in range(60)]
    watched = tuple(WatchedPage(address=address) for address in addresses)
    failure = Capture(addresses[-1], days(169), failure=Failure(FailureKind.NETWORK, "no answer"))
    with house.db.writing() as session:
        enrol(session, Source(name="many", title="Molte", publisher="Ente", pages=watched), days(1))
        after, outcome = step(EMPTY_STATE, failure, None)
        record(session, 61, failure, None, EMPTY_STATE, after, outcome, days(169))
    member, seen = house.member("auditor"), []
    for address in ("/staff", "/staff?skip=50"):
        page = member.get(address)
        seen += re.findall(r'<h2><a href="/staff/pages/(\d+)"', page.text)
        assert "61 pagine sorvegliate" in text(page)
    assert seen[:3] == ["1", "61", "2"] and len(seen) == len(set(seen)) == 61
    assert 'href="/staff?skip=50"' in member.get("/staff").text and "skip=100" not in page.text


def test_the_picture_s_days_can_be_read_as_words(auditor: Member) -> None:
    """Each day has its words, and days that were not simply good are listed, those in a row as one."""
    answer = auditor.get("/staff/pages/1")
    assert "<title>27 gen 2019: 1 visita e 1 non riuscita</title>" in answer.text
    page = text(answer)
    assert "○" not in page and "28 gen 2019: 1 trattenuta" not in page
    assert "8 dic 2018: 1 visita e 1 trattenuta" in page
    assert "10 dic 2018 – 16 gen 2019: nessuna visita" in page


def test_a_page_s_record_lists_every_visit_with_its_answer(auditor: Member) -> None:
    """Status, verdict with reasons, size and digest of each visit, and the way to the capture."""
    answer = auditor.get("/staff/pages/1?lang=en")
    page = text(answer)
    assert "the page says that it is under maintenance" in page and "no answer" in page
    assert "HTTP 200" in page and "9 changes" in page
    assert answer.text.count('href="/staff/captures/') == 18
    assert "Ask for a visit now" not in page


def test_a_long_history_goes_on_on_the_next_page(house: StaffedHouse) -> None:
    """A hundred visits are listed at once, then a link leads on to the earlier ones."""
    with house.db.writing() as session:
        for number in range(90):
            failed(session, 1, days(166 + number / 30))
    member = house.member("auditor")
    first = member.get("/staff/pages/1").text
    assert first.count('href="/staff/captures/') == 100
    older = re.search(r'href="(/staff/pages/1\?before=\d+)"', first)
    assert older is not None
    assert member.get(older[1]).text.count('href="/staff/captures/') == 8


def test_a_capture_is_shown_with_everything_about_it(auditor: Member) -> None:
    """The frame, the raw headers, the digest, the version before, and for a failure why there is nothing."""
    answer = auditor.get("/staff/captures/12")
    page = text(answer)
    assert '<iframe class="facsimile" sandbox="" ' in answer.text
    assert 'src="/staff/captures/12/page"' in answer.text and "content-type: text/html" in page
    assert re.search(r"SHA-256 [0-9a-f]{64}", page)
    assert "/pages/1/compare?before=7&amp;after=12" in answer.text
    assert "/staff/reviews/" not in answer.text.split("<h1>")[1]
    assert 'href="/staff/reviews/3"' in auditor.get("/staff/captures/18").text
    gone = auditor.get("/staff/captures/14")
    assert "the server did not answer within 60 s" in text(gone) and "<iframe" not in gone.text
    assert "Nessuna intestazione" in text(gone)
    assert auditor.get("/staff/captures/14/page").status_code == 404


def test_a_change_says_who_was_told(auditor: Member) -> None:
    """Every mail that tells it, when the server took it and what the server said."""
    page = text(auditor.get("/staff/changes/10"))
    told = "riepilogo accettato dal server 29 gennaio 2019, 05:30 250 2.0.0 Ok: queued as 4F2"
    assert f"{MASKED} {told}" in page
    assert "Finora nessuna e-mail" in text(auditor.get("/staff/changes/11"))  # a move is not mailed


def test_a_change_that_no_digest_reaches_says_so(house: StaffedHouse) -> None:
    """Before the next digest nobody was told, and the page says nobody."""
    member = house.member("editor")
    number = house.review(ReviewKind.PAIR)
    member.post(f"/staff/reviews/{number}/same", why="Lo dice l'ufficio")
    with house.db.reading() as session:
        last = head(session)
    assert "Finora nessuna e-mail parla di questa modifica" in text(member.get(f"/staff/changes/{last}"))


def test_deliveries_can_be_found(auditor: Member) -> None:
    """By address, state and kind; a value that is none of ours finds everything, not nothing."""
    assert text(auditor.get("/staff/deliveries")).count(MASKED) == 2
    assert MASKED in text(auditor.get("/staff/deliveries?to=ONG@example.org"))
    assert "Nessun invio" in text(auditor.get("/staff/deliveries?to=altri@example.org"))
    assert "Nessun invio" in text(auditor.get("/staff/deliveries?state=rejected"))
    assert text(auditor.get("/staff/deliveries?kind=digest")).count(MASKED) == 1
    assert text(auditor.get("/staff/deliveries?kind=x&state=y")).count(MASKED) == 2


def test_a_delivery_shows_its_words_and_no_secret(house: StaffedHouse) -> None:
    """Headers and text are those of the bytes, whose digest is shown; what opens a door is ••• everywhere."""
    member = house.member("administrator")
    with house.db.reading() as session:
        sent = deliveries(session)
    for one in sent:
        secrets = set(re.findall(rb"/(?:confirm|unsubscribe)/([A-Za-z0-9_-]{10,})", one.message))
        assert secrets
        page = member.get(f"/staff/deliveries/{one.id}")
        assert MASK in page.text and one.message_id in unescape(page.text)
        assert not any(secret.decode()[:12] in page.text for secret in secrets)
    said = text(member.get(f"/staff/deliveries/{sent[0].id}"))
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in said
    assert "250 2.0.0 Ok: queued as 4F2" in said and "S.M.A.R.T." in said


@pytest.mark.parametrize("purpose", list(TokenPurpose))
def test_every_kind_of_mailed_link_is_masked(purpose: TokenPurpose) -> None:
    """A link that proves something is named for its purpose, and what proves it is never shown."""
    address = getattr(Links("https://example.org"), purpose.value)("a-Token_0123456789abcd")
    assert masked(f"<{address}>") == f"<https://example.org/{purpose}/{MASK}>"


def test_notes_are_kept_beside_one_another(house: StaffedHouse) -> None:
    """A note appears with who and when, as text; the next one stands beside it; auditors only read."""
    editor, auditor = house.member("editor"), house.member("auditor")
    answer = editor.post("/staff/notes", kind="project", subject="torino/1", text="Richiamato il 7.")
    assert answer.headers["location"] == "/staff/projects/torino/1?done=note"
    page = auditor.get("/staff/projects/torino/1")
    assert "&lt;b&gt;" in page.text and NOTE in unescape(page.text) and "Richiamato il 7." in page.text
    assert "Nuova nota" not in page.text and "Nuova nota" in editor.get("/staff/projects/torino/1").text
    assert "Nota conservata" in text(editor.get(answer.headers["location"]))
    for kind, subject in (("page", "1"), ("change", "4")):
        assert editor.post("/staff/notes", kind=kind, subject=subject, text="Qui.").status_code == 303
    with house.db.reading() as session:
        assert len(remarks(session, Subject.PROJECT, "torino/1")) == 2
        assert len(remarks(session, Subject.CHANGE, "4")) == 1


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"kind": "page", "subject": "1", "text": " "}, 422),
        ({"kind": "page", "subject": "1", "text": "x" * 5001}, 422),
        ({"kind": "page", "subject": "99", "text": "Perché?"}, 404),
        ({"kind": "page", "subject": "99999999999999999999", "text": "Perché?"}, 404),
        ({"kind": "project", "subject": "torino", "text": "Perché?"}, 404),
        ({"kind": "project", "subject": "torino/x", "text": "Perché?"}, 404),
        ({"kind": "nothing", "subject": "1", "text": "Perché?"}, 404),
    ],
)
def test_a_note_that_cannot_be_kept_comes_back(
    house: StaffedHouse, form: dict[str, str], status: int
) -> None:
    """Without words or with too many it comes back as typed; about nothing it is not kept at all."""
    answer = house.member("editor").post("/staff/notes", **form)
    assert answer.status_code == status
    if status == 422:
        assert f">{form['text']}</textarea>" in answer.text


def test_a_held_page_can_be_believed(house: StaffedHouse) -> None:
    """The review shows what would become public; releasing publishes it, and everything is on record."""
    member, number = house.member("editor"), house.review(ReviewKind.CAPTURE)
    answer = member.get(f"/staff/reviews/{number}")
    page = text(answer)
    assert "Diventano pubbliche" in page and "RAGAZZI IN GAMBIA: non compare più sulla pagina" in page
    held = re.search(r'name="held" value="(\d+)"', answer.text)
    assert held is not None and f'href="/staff/captures/{held[1]}"' in answer.text
    answer = member.post(f"/staff/reviews/{number}/release", why="La pagina dice così.", held=held[1])
    assert answer.headers["location"] == f"/staff/reviews/{number}?done=release"
    page = text(member.get(answer.headers["location"]))
    assert "Versione creduta" in page and "La pagina dice così." in page and "editor" in page
    with house.db.reading() as session:
        assert captures(session, 1)[0].decision is Decision.ACCEPTED
        assert decisions(session)[0].action is StaffAction.RELEASE
    assert "versione creduta decision 1 on torino" in text(member.get("/staff/log"))


def test_what_was_looked_at_is_what_is_believed(house: StaffedHouse) -> None:
    """Where another answer is held by now, the button of the old page does nothing but say so."""
    member, number = house.member("editor"), house.review(ReviewKind.CAPTURE)
    with house.db.writing() as session:
        visited(session, 1, days(169), None)
    answer = member.post(f"/staff/reviews/{number}/release", why="Sì", held="18")
    assert answer.status_code == 409 and 'lang="en"' in answer.text
    page = text(member.get(f"/staff/reviews/{number}"))
    assert "there is nothing in it to believe" in page and "Respingi questa versione" in page
    assert "Credi a questa versione" not in page
    assert member.post(f"/staff/reviews/{number}/reject", why="Guasto").status_code == 303
    again = member.post(f"/staff/reviews/{number}/reject", why="Guasto")
    assert again.status_code == 409 and "has ended" in again.text


def test_a_decision_needs_its_reason(house: StaffedHouse) -> None:
    """Without a why nothing is decided."""
    member, number = house.member("editor"), house.review(ReviewKind.PAIR)
    for address in (f"/staff/reviews/{number}/same", "/staff/projects/torino/1/merge"):
        answer = member.post(address, why="  ", other="2")
        assert answer.status_code == 422 and "Manca il perché" in answer.text
    with house.db.reading() as session:
        assert review(session, number).ending is None and decisions(session) == ()


def test_a_doubtful_pair_stands_side_by_side(house: StaffedHouse) -> None:
    """Both records, the grounds, and for each answer what it would make public."""
    member, number = house.member("editor"), house.review(ReviewKind.PAIR)
    page = text(member.get(f"/staff/reviews/{number}"))
    assert "Rete delle scuole rurali Il progetto che conosciamo" in page
    assert "Rete delle scuole rurali - fase 2 Quello che la pagina dice ora" in page
    assert "Diventa pubblica 1 novità" in page and "Diventano pubbliche 2 novità" in page
    assert member.post(f"/staff/reviews/{number}/different", why="Altra fase").status_code == 303
    assert "progetti diversi" in text(member.get("/staff/reviews"))
    assert member.post(f"/staff/reviews/{number}/release", why="x").status_code == 409


def test_projects_are_merged_and_parted_again(house: StaffedHouse) -> None:
    """A merge is on the project's record with its reason, and can be taken back once."""
    member = house.member("editor")
    answer = member.post("/staff/projects/torino/1/merge", other="2", why="Stesso codice")
    assert answer.headers["location"] == "/staff/projects/torino/1?done=merge"
    page = member.get("/staff/projects/torino/1")
    assert "Stesso codice" in page.text and "/staff/decisions/1/undo" in page.text
    with house.db.reading() as session:
        assert not project_life(session, "torino", 2).entry.present
    assert member.post("/staff/decisions/1/undo", why="No, due bandi").status_code == 303
    with house.db.reading() as session:
        assert project_life(session, "torino", 2).entry.present
    page = member.get("/staff/projects/torino/1")
    assert "Annullata dalla decisione 2" in page.text and "/staff/decisions/1/undo" not in page.text
    assert member.post("/staff/decisions/1/undo", why="Ancora").status_code == 409
    assert member.post("/staff/projects/torino/1/merge", other="1", why="x").status_code == 409
    assert member.post("/staff/projects/torino/1/merge", other="99", why="x").status_code == 404


def test_a_project_can_be_split(house: StaffedHouse) -> None:
    """What a page states becomes a project of its own; an address that is none of the source's is refused."""
    member = house.member("editor")
    answer = member.post("/staff/projects/torino/2/split", address=ADDRESS, why="Omonimi")
    assert answer.headers["location"] == "/staff/projects/torino/2?done=split"
    assert "Omonimi" in member.get("/staff/projects/torino/2").text
    other = member.post("/staff/projects/torino/3/split", address="https://evil.example/", why="x")
    assert other.status_code == 404


def test_everything_that_staff_did_verifies(house: StaffedHouse) -> None:
    """After a working day the evidence log holds every deed and nothing disagrees with it."""
    member = house.member("editor")
    member.post("/staff/pages/1/check")
    member.post("/staff/notes", kind="page", subject="1", text="Nota")
    member.post(f"/staff/reviews/{house.review(ReviewKind.CAPTURE)}/reject", why="Guasto")
    member.post("/staff/projects/torino/1/merge", other="2", why="Stesso codice")
    member.post("/staff/sign-out")
    with house.db.writing() as session:
        seal(session, SIGNER, house.clock.now())
    with house.db.reading() as session:
        findings = verify(session, [SIGNER.verifier])
    assert findings.faults == ()
    log = text(house.member("auditor").get("/staff/log"))
    for said in (
        "uscita",
        "unione",
        "versione respinta",
        "nota",
        "visita richiesta",
        "accesso",
        "riga di comando",
    ):
        assert said in log


def test_the_log_can_be_cut_to_one_member(auditor: Member) -> None:
    """One member's deeds alone, and the way back to all of them."""
    page = text(auditor.get("/staff/log?member=0"))
    assert page.count("account creato") == 3 and "accesso account" not in page


def test_accounts_are_shown_without_a_hash(house: StaffedHouse) -> None:
    """Names, roles and dates; nothing from which a password could be guessed."""
    page = house.member("administrator").get("/staff/accounts").text
    assert "auditor" in page and "argon2" not in page


def test_the_languages_of_the_office(auditor: Member) -> None:
    """Italian and English; whoever prefers French reads English, and links keep a chosen language."""
    assert '<html lang="en">' in auditor.get("/staff?lang=en").text
    french = auditor.get("/staff?lang=fr").text
    assert '<html lang="en">' in french and "lang=fr" not in french
    page = auditor.get("/staff/pages/1?lang=en").text
    inner = [link for link in re.findall(r'href="(/[^"]*)"', page) if not link.startswith("/static")]
    assert inner and all("lang=" in link for link in inner)


PAGES = [
    *(path for path in LOOKING if not path.endswith(("/page", "/bytes"))),
    "/staff/reviews/2",
    "/staff/reviews/3",
]
PAGES += ["/staff/captures/14", "/staff/pages/99", "/staff/sign-in", "/accessibility"]


@pytest.fixture(scope="module")
def administrator(furnished: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Member]:
    """Somebody who may see every page."""
    with staffed(furnished, tmp_path_factory.mktemp("seen")) as house:
        yield house.member("administrator")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("language", ["it", "en"])
def test_every_page_is_well_built(administrator: Member, address: str, language: str) -> None:
    """One h1, no level skipped, labels, captions, scopes, unique ids, nothing inline, all elements closed."""
    page = administrator.get(f"{address}?lang={language}").text
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels.count(1) == 1 and all(b - a <= 1 for a, b in pairwise(levels))
    assert page.count("<table") == page.count("<caption")
    assert all("scope=" in cell for cell in re.findall(r"<th\b[^>]*>", page))
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    fields = re.findall(r'<(?:input|select|textarea)(?![^>]*type="hidden")[^>]*id="([^"]+)"', page)
    assert all(f'<label for="{field}"' in page for field in fields)
    assert all('title="' in frame for frame in re.findall(r"<iframe[^>]*>", page))
    ours = re.sub(r"<pre.*?</pre>", "", page, flags=re.DOTALL)
    assert not re.search(r"<script|style=|\son\w+=|javascript:", ours)
    for tag in ("section", "article", "form", "ul", "table", "details", "dl", "div", "p", "a", "g", "svg"):
        opened, closed = len(re.findall(rf"<{tag}[\s>]", page)), page.count(f"</{tag}>")
        assert opened == closed, tag


def test_the_accessibility_statement_is_everybody_s(auditor: Member) -> None:
    """It is public, in three languages, says what it keeps to and whom to tell."""
    for language, said in (("it", "WCAG 2.2"), ("en", "self-assessment"), ("fr", "autoévaluation")):
        page = text(auditor.client.get(f"/accessibility?lang={language}"))
        assert said in page and "avvisi@coopwatch.example.org" in page
    assert 'href="/accessibility"' in auditor.client.get("/").text
