"""Search over everything ever said: who said it, in which words, first and last when; on both databases."""

import random
import unicodedata
from collections import defaultdict
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from scraper.compare import step
from scraper.records import PageState, Project, Snapshot
from store.database import Database, Session, open_database
from store.history import record, state
from store.pages import enrol, pages
from store.search.indexing import first_words, rebuild, rebuild_source
from store.search.search_tables import SAID
from store.search.searching import Found, search
from store.search.stemming import index_words, marked
from store.search.word_index import first_texts_with
from tests.history_generator import history
from tests.store_visits import day, enrolled, record_visit
from tests.watched_history import SOURCE, answered, days, watched_2018
from tests.watched_history import enrolled as enrolled_2018

WELLS = Project(title="Pozzi a Gambella", partners=("Università di Torino", "LVIA"), note="Acqua per tutti")


def shape(found: Found) -> list[tuple[object, ...]]:
    """Return who was found with which texts, in their order."""
    return [
        (
            *((answer.project.source, answer.project.number) if answer.project else ("page", answer.page)),
            [(hit.field, hit.pieces, hit.first, hit.last, hit.stands) for hit in answer.hits],
            *(answer.more, answer.first, answer.last),
        )
        for answer in found.answers
    ]


def numbers(session: Session, text: str) -> list[int]:
    """Return the projects found, in their order."""
    return [answer.project.number for answer in search(session, text).answers if answer.project]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cooperazione", "cooperativo"),
        ("progetti", "Progetto"),
        ("città", "CITTA"),
        ("finanziata", "finanziato"),
        ("projects", "project"),
        ("Universität", "universitat"),
        ("S.M.A.R.T.", "smart"),
        ("dell’acqua", "DELL'ACQUA"),
        (unicodedata.normalize("NFD", "perché"), "perchè"),
    ],
)
def test_words_are_found_in_their_other_forms(one: str, other: str) -> None:
    """Endings, accents, capitals and dots between letters make no difference."""
    assert index_words(one) == index_words(other) != ()


@pytest.mark.parametrize(("one", "other"), [("Gambia", "Gambella"), ("MC2CM", "MC2CMed"), ("水", "火")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    """Names that only begin alike are not taken for one another."""
    assert index_words(one) != index_words(other)


@given(st.text())
def test_the_index_knows_only_ascii_and_marks_lose_no_letter(text: str) -> None:
    """Whatever a page says, databases get letters and digits that they agree on, and marking keeps it all."""
    words = index_words(text)
    assert all(word.isascii() and word.isalnum() for word in words)
    assert "".join(piece for piece, _ in marked(text, words[::2])) == text


def test_first_and_last_sight_of_words(db: Database) -> None:
    """A text that went is dated by the visits that first and last showed it, one that stands by the last."""
    with db.writing() as session:
        watched_page = enrolled(session)
        record_visit(session, watched_page, day(1), {1: WELLS})
        record_visit(session, watched_page, day(2), {1: WELLS})
        record_visit(session, watched_page, day(3), {1: Project(title="Scuole a Gambella")})
        record_visit(session, watched_page, day(9), {1: Project(title="Scuole a Gambella")})
    with db.reading() as session:
        (gone,) = search(session, "pozzo").answers
        (stands,) = search(session, "gambella").answers
    assert (gone.first.at, gone.first.capture_id) == (day(1), 1)
    assert (gone.last.at, gone.last.capture_id, gone.stands) == (day(2), 2, False)
    assert gone.hits[0].pieces == (("Pozzi ", True), ("a Gambella", False))
    assert [(hit.first.at, hit.last.at, hit.stands) for hit in stands.hits] == [
        (day(1), day(2), False),
        (day(3), day(9), True),
    ]
    assert (stands.first.at, stands.last.at, stands.stands) == (day(1), day(9), True)


def test_what_came_back_stands_again(db: Database) -> None:
    """A text that went and came back was first seen the first time, and stands."""
    with db.writing() as session:
        watched_page = enrolled(session)
        for number, projects in enumerate(({1: WELLS}, {}, {1: WELLS}), 1):
            record_visit(session, watched_page, day(number), projects)
    with db.reading() as session:
        (answer,) = search(session, "acqua").answers
    assert (answer.first.at, answer.last.at, answer.stands) == (day(1), day(3), True)


def test_every_word_must_have_been_said_though_not_in_one_text(db: Database) -> None:
    """Words may stand in the title and in the partners; a word that nobody said finds nobody."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: WELLS, 2: Project(title="Scuole a Torino")})
    with db.reading() as session:
        assert numbers(session, "gambella torino") == [1]
        assert numbers(session, "torino") == [2, 1]  # a title says more than a partner
        assert numbers(session, "torino nessuno") == []
        assert [search(session, text).total for text in ("", " ", "«»", "torino", "pozzi")] == [0, 0, 0, 2, 1]


def test_a_text_with_all_the_words_is_what_was_meant(db: Database) -> None:
    """Where one text says it all, texts with some of the words neither count nor move the dates."""
    with db.writing() as session:
        watched_page = enrolled(session)
        for number, title in enumerate(("Acqua", "Acqua pulita", "Acqua sporca"), 1):
            record_visit(session, watched_page, day(number), {1: Project(title=title)})
    with db.reading() as session:
        (answer,) = search(session, "acqua pulita").answers
    assert (len(answer.hits), answer.first.at, answer.last.at) == (1, day(2), day(2))


def test_answers_come_in_pages(db: Database) -> None:
    """A long list is asked for in parts, each of which knows how long it is; many texts are counted."""
    with db.writing() as session:
        many = {n: Project(title=f"Acqua {n}", note=f"acqua {n}") for n in range(1, 8)}
        partners = tuple(f"acqua di {n}" for n in range(20))
        record_visit(session, enrolled(session), day(1), many | {8: Project(title="", partners=partners)})
    with db.reading() as session:
        first, last = (search(session, "acqua", limit=5, offset=offset) for offset in (0, 5))
    found = [answer.project.number for answer in (*first.answers, *last.answers) if answer.project]
    assert (first.total, last.total, found) == (8, 8, list(range(1, 9)))
    assert (len(last.answers[-1].hits), last.answers[-1].more) == (6, 14)


def test_what_a_page_says_outside_its_projects_is_found_too(db: Database) -> None:
    """Text that belongs to no project is the page's own, and is dated like any other."""
    lines = (("Ufficio chiuso", "Torna su"), ("Torna su",))
    with db.writing() as session:
        watched_page = enrolled_2018(session)
        for number, unread in enumerate(lines):
            before = state(session, "torino")
            reading = Snapshot("r", PageState.OK, projects=(WELLS,), unread=unread, fingerprint=str(number))
            visit = answered(days(number), str(number))
            after, outcome = step(before, visit, reading)
            record(session, watched_page, visit, reading, before, after, outcome, visit.at)
    with db.reading() as session:
        (closed,) = search(session, "uffici chiusi").answers
        (back,) = search(session, "torna").answers
    assert closed.page and closed.page.id == watched_page and closed.project is None
    assert (closed.last.at, closed.stands, closed.hits[0].field) == (days(0), False, "page")
    assert (back.last.at, back.stands) == (days(1), True)
    with db.writing() as session:
        before_rebuild = shape(search(session, "torna"))
        rebuild(session)
        assert shape(search(session, "torna")) == before_rebuild


def recorded(db: Database, seed: int) -> None:
    """Record a made-up history through the comparison."""
    with db.writing() as session:
        watched_page = enrolled_2018(session)
    for visit in history(seed):
        with db.writing() as session:
            before = state(session, "torino")
            after, outcome = step(before, visit.capture, visit.snapshot)
            record(
                session, watched_page, visit.capture, visit.snapshot, before, after, outcome, visit.capture.at
            )


def test_both_databases_answer_alike_and_so_does_an_index_made_anew(
    sqlite_url: str, postgres_database: Callable[[], str]
) -> None:
    """Any words find the same projects with the same texts in the same order everywhere."""
    urls = (sqlite_url, postgres_database())
    answers: list[list[tuple[str, list[tuple[object, ...]], int]]] = []
    for url in urls:
        db = open_database(url)
        recorded(db, seed=3)
        with db.reading() as session:
            said = session.execute(sa.select(SAID.c.text).order_by(SAID.c.id)).scalars().all()
            dice = random.Random(4)
            questions = [dice.choice(said).split() for _ in range(120)]
            asked = [" ".join(dice.sample(q, min(len(q), dice.choice((1, 1, 2, 3))))) for q in questions]
            asked += ["水 acqua", "1e5", "a.b", "o'reilly AND NOT", '"x" & !y', "d'", "½ ª ß"]
            answers.append([(q, shape(search(session, q)), search(session, q).total) for q in asked])
        with db.writing() as session:
            rebuild(session)
            answers.append([(q, shape(search(session, q)), search(session, q).total) for q in asked])
        db.close()
    assert sum(bool(found) for _, found, _ in answers[0]) > 100
    assert answers[0] == answers[1] == answers[2] == answers[3]


def test_an_older_history_is_indexed_when_it_is_migrated(sqlite_db: Database) -> None:
    """The index that a migration makes from history is the one that visits would have made."""
    watched_2018(sqlite_db)
    with sqlite_db.writing() as session:
        found = shape(search(session, "progetto"))
        columns = [column for column in SAID.columns if column.name != "id"]
        before = set(map(tuple, session.execute(sa.select(*columns))))
        session.execute(sa.delete(SAID))
        rebuild(session)
        assert set(map(tuple, session.execute(sa.select(*columns)))) == before
        assert shape(search(session, "progetto")) == found != []


def test_one_source_is_indexed_anew_beside_the_others(db: Database) -> None:
    """Each word leads to the texts that say it first, of this source and of others, however often."""
    recorded(db, seed=5)
    with db.writing() as session:
        other = SOURCE.model_copy(update={"name": "other"})
        enrol(session, other, days(0))
        page_id = pages(session, "other")[0].id
        before = state(session, "other")
        reading = Snapshot("r", PageState.OK, projects=(WELLS,), unread=("uffici chiusi",), fingerprint="1")
        visit = answered(days(0), "1")
        after, outcome = step(before, visit, reading)
        record(session, page_id, visit, reading, before, after, outcome, visit.at)
    with db.writing() as session:
        kept = session.execute(sa.select(SAID).where(SAID.c.source == "other")).all()
        for _ in range(3):
            rebuild_source(session, "torino")
            places: dict[str, set[int]] = defaultdict(set)
            for number, words in first_words(session):
                for word in words:
                    places[word].add(number)
            assert len(places) > 20
            for word, numbers_of in places.items():
                assert set(session.execute(first_texts_with(session, word)).scalars()) == numbers_of
        assert session.execute(sa.select(SAID).where(SAID.c.source == "other")).all() == kept != []
