"""Accounts, passwords, sessions, throttles, notes and the log of what staff did, in both databases."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from scraper.errors import AccountError, NotFoundError
from scraper.records import Project
from store.database import Database
from store.evidence.seals import seal
from store.evidence.verification import verify
from store.staff.accounts import (
    Account,
    StaffRole,
    account,
    accounts,
    add_account,
    disable_account,
    enable_account,
    find_account,
    give_password,
    member_names,
)
from store.staff.deeds import deeds
from store.staff.passwords import NOBODY, hashed, matches
from store.staff.remarks import Subject, add_remark, remarks
from store.staff.sign_in import (
    BEAT,
    IDLE,
    LONGEST,
    beat,
    begin_attempt,
    begin_session,
    end_session,
    session_account,
    wants_beat,
)
from store.staff.throttle import TRIES_FROM_ADDRESS, TRIES_OF_NAME, WINDOW, forgive, take_try
from tests.clocks import FakeClock
from tests.evidence_world import SIGNER
from tests.staff_accounts import PASSWORD, account_of, password_hash
from tests.store_visits import day, enrolled, record_visit

HERE = "203.0.113.7"


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands at the beginning of 2026."""
    return FakeClock(day(0))


@pytest.fixture
def maria(db: Database, clock: FakeClock) -> Account:
    """An editor."""
    return account_of(db, clock, StaffRole.EDITOR, "maria")


def signed_in(db: Database, clock: FakeClock, name: str = "maria") -> str | None:
    """Begin a session as somebody who knows the password."""
    with db.writing() as session:
        attempt = begin_attempt(session, name, HERE, clock.now())
        return begin_session(session, attempt, clock.now()) if attempt else None


def holder(db: Database, token: str | None, clock: FakeClock) -> Account | None:
    """Return whose session this is at present."""
    with db.reading() as session:
        return session_account(session, token or "", clock.now())


def tries(db: Database, clock: FakeClock, name: str, address: str, count: int) -> list[bool]:
    """Try to sign in so often, and say which tries were judged at all."""
    with db.writing() as session:
        return [take_try(session, name, address, clock.now()) for _ in range(count)]


def test_a_password_is_kept_as_its_hash(clock: FakeClock, sqlite_db: Database) -> None:
    """What is stored is argon2id and the right password alone opens it, however its letters are composed."""
    kept = hashed("perché città più àncora", "maria")
    assert kept.startswith("$argon2id$") and "perch" not in kept
    assert matches("perché città più àncora", kept) == (True, None)
    assert matches("perche\u0301 citta\u0300 piu\u0300 a\u0300ncora", kept) == (True, None)
    assert matches("perche citta piu ancora", kept) == (False, None)
    assert matches("x" * 100_000, kept) == (False, None)


@pytest.mark.parametrize("password", ["", "corta", "x" * 201, "aaaaaaaaaaaaaaaa", "mariarossi.mariarossi."])
def test_a_weak_password_is_refused(password: str) -> None:
    """Too short, too long, one letter over and over, or only the own name: none of these will do."""
    with pytest.raises(AccountError):
        hashed(password, "mariarossi.")


def test_nobody_takes_as_long_as_somebody() -> None:
    """Where there is no account a hash with the very same costs is compared, and never matches."""
    assert PasswordHash.recommended().current_hasher.check_needs_rehash(NOBODY) is False
    assert matches(PASSWORD, None) == (False, None)


def test_an_outdated_hash_is_replaced(db: Database, clock: FakeClock, maria: Account) -> None:
    """The comparison returns a hash of today's costs for an older one, and the session keeps it."""
    old = Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    right, newer = matches(PASSWORD, old)
    assert right and newer is not None and newer != old
    with db.writing() as session:
        give_password(session, maria.id, old, clock.now())
        attempt = begin_attempt(session, "maria", HERE, clock.now())
        assert attempt is not None
        begin_session(session, attempt, clock.now(), newer)
        again = begin_attempt(session, "maria", HERE, clock.now())
    assert again is not None and again.password == newer


def test_accounts_are_listed_by_name(db: Database, clock: FakeClock, maria: Account) -> None:
    """Name, role and dates are kept; a name stands once, in small letters, and is found in any."""
    zeno = account_of(db, clock, StaffRole.ADMINISTRATOR, "zeno")
    with db.reading() as session:
        assert accounts(session) == (maria, zeno)
        assert find_account(session, " Maria") == maria and account(session, zeno.id) == zeno
        assert member_names(session) == {maria.id: "maria", zeno.id: "zeno"}
        with pytest.raises(NotFoundError):
            find_account(session, "nessuno")
    for wrong in ("maria", "Maria", "", "a b", "x" * 80, "../etc"):
        with pytest.raises(AccountError), db.writing() as session:
            add_account(session, wrong, StaffRole.AUDITOR, password_hash(), clock.now())


def test_a_session_is_known_by_its_token_alone(db: Database, clock: FakeClock, maria: Account) -> None:
    """The token opens the session, no other text does, and the database holds only its hash."""
    token = signed_in(db, clock)
    assert token is not None and len(token) >= 43
    assert holder(db, token, clock) == maria
    assert holder(db, token[:-1], clock) is holder(db, "", clock) is None
    with db.reading() as session:
        kept = session.execute(sa.text("SELECT sha256 FROM staff_session")).scalars().all()
    assert token not in kept and len(kept) == 1


def test_a_session_ends_by_itself(db: Database, clock: FakeClock, maria: Account) -> None:
    """After an idle hour, and after twelve hours in any case, it is over."""
    token = signed_in(db, clock)
    clock.advance(IDLE.total_seconds() - 1)
    assert holder(db, token, clock) == maria
    clock.advance(1)
    assert holder(db, token, clock) is None
    token = signed_in(db, clock)
    for _ in range(int(LONGEST / timedelta(minutes=30)) - 1):
        clock.advance(1800)
        with db.writing() as session:
            assert wants_beat(session, token or "", clock.now())
            beat(session, token or "", clock.now())
    assert holder(db, token, clock) == maria
    clock.advance(1800)
    assert holder(db, token, clock) is None


def test_a_session_in_use_is_noted_seldom(db: Database, clock: FakeClock, maria: Account) -> None:
    """Looking at pages writes once in five minutes at most, and an ended session is not revived."""
    token = signed_in(db, clock) or ""
    with db.reading() as session:
        assert not wants_beat(session, token, clock.now())
        assert wants_beat(session, token, clock.now() + BEAT)
    clock.advance(IDLE.total_seconds())
    with db.writing() as session:
        beat(session, token, clock.now())
    assert holder(db, token, clock) is None


def test_signing_out_ends_the_session(db: Database, clock: FakeClock, maria: Account) -> None:
    """One session ends; another of the same account goes on."""
    one, other = signed_in(db, clock), signed_in(db, clock)
    with db.writing() as session:
        end_session(session, one or "", clock.now())
        end_session(session, one or "", clock.now())
    assert holder(db, one, clock) is None and holder(db, other, clock) == maria


def test_shutting_an_account_and_a_new_password_end_its_sessions(
    db: Database, clock: FakeClock, maria: Account
) -> None:
    """Whoever sits in a session is out at once; a shut account lets nobody in until it is opened."""
    token = signed_in(db, clock)
    with db.writing() as session:
        disable_account(session, maria.id, clock.now())
    assert holder(db, token, clock) is None and signed_in(db, clock) is None
    with db.writing() as session:
        enable_account(session, maria.id, clock.now())
    assert holder(db, token, clock) is None
    token = signed_in(db, clock)
    assert holder(db, token, clock) == maria
    with db.writing() as session:
        give_password(session, maria.id, password_hash(), clock.now())
    assert holder(db, token, clock) is None


def test_an_account_shut_between_try_and_session_lets_nobody_in(
    db: Database, clock: FakeClock, maria: Account
) -> None:
    """The password is judged outside the transaction: what changed meanwhile counts."""
    with db.writing() as session:
        attempt = begin_attempt(session, "maria", HERE, clock.now())
        disable_account(session, maria.id, clock.now())
    assert attempt is not None and attempt.member == maria.id
    with db.writing() as session:
        assert begin_session(session, attempt, clock.now()) is None
    nobody = signed_in(db, clock, "nessuno")
    assert nobody is None


def test_tries_of_a_name_are_limited_wherever_they_come_from(db: Database, clock: FakeClock) -> None:
    """Ten tries of one name are judged within a quarter of an hour, from however many addresses."""
    judged = [tries(db, clock, " Maria ", f"198.51.100.{i}", 1)[0] for i in range(TRIES_OF_NAME)]
    assert all(judged) and tries(db, clock, "maria", HERE, 3) == [False] * 3
    assert tries(db, clock, "anna", HERE, 1) == [True]
    clock.advance(WINDOW.total_seconds())
    assert tries(db, clock, "maria", HERE, 1) == [True]


def test_tries_from_an_address_are_limited_whatever_the_name(db: Database, clock: FakeClock) -> None:
    """Thirty from one address, and the addresses of one IPv6 network count as one."""
    judged = [
        tries(db, clock, f"nome{i}", f"2001:db8:0:1::{i:x}", 1)[0] for i in range(TRIES_FROM_ADDRESS + 2)
    ]
    assert judged == [True] * TRIES_FROM_ADDRESS + [False] * 2
    assert tries(db, clock, "nome", "2001:db8:0:2::1", 1) == [True]


def test_success_forgives(db: Database, clock: FakeClock) -> None:
    """Who signs in has a clean name again, and leaves no trace at the address, which others may share."""
    for _ in range(3 * TRIES_FROM_ADDRESS):
        assert tries(db, clock, "maria", HERE, 1) == [True]
        with db.writing() as session:
            forgive(session, "maria", HERE)


def test_what_was_typed_as_a_name_is_not_kept(db: Database, clock: FakeClock) -> None:
    """People type their password into the wrong field: only a hash is counted, and not for long."""
    tries(db, clock, PASSWORD, HERE, 1)
    with db.reading() as session:
        kept = session.execute(sa.text("SELECT key FROM sign_in_throttle")).scalars().all()
    assert len(kept) == 2 and not any(PASSWORD in key for key in kept)
    clock.advance(WINDOW.total_seconds())
    tries(db, clock, "x", "192.0.2.1", 1)
    with db.reading() as session:
        later = session.execute(sa.text("SELECT key FROM sign_in_throttle")).scalars().all()
    assert set(later).isdisjoint(kept)


def test_tries_at_the_same_instant_are_all_counted(db: Database, clock: FakeClock) -> None:
    """A burst of parallel tries gets no more of them judged than one after the other."""
    with ThreadPoolExecutor(8) as pool:
        judged = list(pool.map(lambda _: tries(db, clock, "maria", HERE, 1)[0], range(3 * TRIES_OF_NAME)))
    assert judged.count(True) == TRIES_OF_NAME


def test_notes_stand_beside_one_another(db: Database, clock: FakeClock, maria: Account) -> None:
    """A second note does not touch the first; both say who wrote them, and the table takes no change."""
    with db.writing() as session:
        page_id = enrolled(session)
        record_visit(session, page_id, day(1), {1: Project(title="Gambia")})
    with db.writing() as session:
        first = add_remark(
            session, Subject.PAGE, str(page_id), "Sentito l'ufficio: è voluto.", maria.id, day(2)
        )
        add_remark(session, Subject.PAGE, str(page_id), "Anzi no.\r\nRichiamano.", maria.id, day(3))
        add_remark(session, Subject.PROJECT, "torino/1", "Vedi delibera 12.", maria.id, day(3))
        add_remark(session, Subject.CHANGE, "1", "Refuso loro.", maria.id, day(3))
    with db.reading() as session:
        listed = remarks(session, Subject.PAGE, str(page_id))
        assert listed[0] == first and [one.text for one in listed][1] == "Anzi no.\nRichiamano."
        assert [one.text for one in remarks(session, Subject.PROJECT, "torino/1")] == ["Vedi delibera 12."]
        assert remarks(session, Subject.PROJECT, "torino/2") == ()
    for statement in ("UPDATE remark SET text = 'x'", "DELETE FROM remark"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only: remark"), db.writing() as session:
            session.execute(sa.text(statement))


def test_a_note_needs_words_and_a_subject(db: Database, clock: FakeClock, maria: Account) -> None:
    """Nothing, too much, or a note about what does not exist is refused."""
    with db.writing() as session:
        page_id = enrolled(session)
    for text in ("", " \n", "x" * 5001):
        with pytest.raises(ValueError, match="letters"), db.writing() as session:
            add_remark(session, Subject.PAGE, str(page_id), text, maria.id, day(2))
    for kind, key in ((Subject.PAGE, "99"), (Subject.PROJECT, "torino/9"), (Subject.CHANGE, "7")):
        with pytest.raises(NotFoundError), db.writing() as session:
            add_remark(session, kind, key, "Perché?", maria.id, day(2))


def test_what_staff_did_is_told_by_the_evidence_log(db: Database, clock: FakeClock, maria: Account) -> None:
    """Accounts made, sessions begun and notes written are entries of the log, without words or names."""
    signed_in(db, clock)
    with db.writing() as session:
        page_id = enrolled(session)
        add_remark(session, Subject.PAGE, str(page_id), "Parole riservate", maria.id, clock.now())
    with db.reading() as session:
        found = deeds(session, 10)
        assert [(deed.member, deed.action, deed.subject) for deed in found] == [
            (maria.id, "note", f"page {page_id}"),
            (maria.id, "sign in", f"account {maria.id}"),
            (0, "account: add editor", f"account {maria.id}"),
        ]
        assert deeds(session, 10, member=0) == deeds(session, 1, before=found[1].index) == found[2:]
        entries = " ".join(session.execute(sa.text("SELECT entry FROM log_entry")).scalars())
    assert "maria" not in entries and "riservate" not in entries and found[0].at == clock.now()


def test_the_log_with_staff_in_it_verifies(db: Database, clock: FakeClock, maria: Account) -> None:
    """Staff actions and notes are entries like any other, and a note that somebody rewrites is named."""
    signed_in(db, clock)
    with db.writing() as session:
        page_id = enrolled(session)
        note = add_remark(session, Subject.PAGE, str(page_id), "È voluto.", maria.id, clock.now())
        seal(session, SIGNER, clock.now())
    with db.reading() as session:
        assert verify(session, [SIGNER.verifier]).faults == ()
    rewrite(db, f"UPDATE remark SET text = 'Non è voluto.' WHERE id = {note.id}")
    with db.reading() as session:
        (fault,) = verify(session, [SIGNER.verifier]).faults
    assert (fault.subject, fault.problem) == (f"remark {note.id}", "is no longer what was logged, in text")


def rewrite(db: Database, statement: str) -> None:
    """Change history behind the database's back, as somebody with its file or its owner's rights could."""
    with db.writing() as session:
        if session.dialect.name == "sqlite":
            session.execute(sa.text("DROP TRIGGER remark_no_update"))
        else:
            session.execute(sa.text("ALTER TABLE remark DISABLE TRIGGER ALL"))
        session.execute(sa.text(statement))
