"""The log in the database: appended with what it attests, sealed daily, refusing to be moved."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from scraper.errors import DatabaseError, SettingsError
from scraper.records import Decision, Project
from store.database import Database
from store.deliveries import DeliveryKind, DeliveryState, owe
from store.evidence.attest import (
    adopt,
    attest_deliveries,
    attest_removal,
    attest_staff_action,
    attest_visit,
    forget_recipient,
)
from store.evidence.key_file import create_key, public_path, read_key, read_verifier
from store.evidence.log import (
    Fact,
    LogEntry,
    append,
    consistency_proofs,
    inclusion_proofs,
    log_entries,
    log_root,
    log_size,
)
from store.evidence.log_tables import CHECKPOINT, LOG_ENTRY, LOG_HEAD, RECIPIENT_KEY, TIMESTAMP
from store.evidence.merkle import is_consistent, is_included, leaf_hash
from store.evidence.notes import SignerKey, checked_head, new_signer
from store.evidence.seals import checkpoints, keep_timestamp, last_checkpoint, seal, seal_is_due
from store.evidence.verification import verify
from store.mail_tables import DELIVERY, MESSAGE
from store.subscriptions import unsubscribe
from store.tables import BODY, CAPTURE
from tests.evidence_tampering import rows, table, tampering
from tests.evidence_world import SIGNER, VERIFIERS, history, mail, visit
from tests.store_visits import day, enrolled, record_visit


def facts(count: int, kind: str = "test") -> list[Fact]:
    """Return some facts."""
    return [Fact(kind, str(number), {"number": number}) for number in range(count)]


def test_entries_are_proven_under_every_later_size(db: Database) -> None:
    """Each entry has a proof against each later root, and each root one against each earlier root."""
    for number in range(1, 10):
        with db.writing() as session:
            append(session, facts(number))

    with db.reading() as session:
        size = log_size(session)
        roots = {upto: log_root(session, upto) for upto in range(1, size + 1)}
        texts = [row.entry for row in session.execute(sa.select(LOG_ENTRY).order_by(LOG_ENTRY.c.leaf_index))]
        for upto in (1, 2, 7, 32, size):
            for index, proof in inclusion_proofs(session, range(upto), upto).items():
                assert is_included(leaf_hash(texts[index].encode()), index, upto, proof, roots[upto])
            for old, proof in consistency_proofs(session, range(1, upto + 1), upto).items():
                assert is_consistent(old, upto, proof, roots[old], roots[upto])
    assert size == len(texts) == 45


def test_what_is_rolled_back_is_not_logged(db: Database) -> None:
    """An entry stands or falls with the transaction that it is part of."""
    with db.writing() as session:
        append(session, facts(3))
    with pytest.raises(RuntimeError), db.writing() as session:
        visit(session, enrolled(session), 1, {1: Project(title="Gambia")})
        raise RuntimeError

    with db.reading() as session:
        assert log_size(session) == 3
        assert verify(session, VERIFIERS).faults == ()


def test_two_writers_at_once_lose_nothing(db: Database) -> None:
    """Entries of several transactions at the same time get different places, and the tree holds."""

    def write(name: str) -> None:
        for _ in range(10):
            with db.writing() as session:
                append(session, facts(3, name))

    threads = [threading.Thread(target=write, args=(name,)) for name in ("one", "two", "three")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with db.reading() as session:
        found = verify(session, VERIFIERS)
    assert (found.entries, found.faults) == (90, ())


@pytest.mark.parametrize("declared", [LOG_ENTRY, CHECKPOINT, TIMESTAMP], ids=lambda declared: declared.name)
def test_the_log_refuses_to_be_rewritten(db: Database, declared: sa.Table) -> None:
    """The database itself refuses to change or delete entries, checkpoints and time stamps."""
    made = history(db, 1, (1,))
    with db.writing() as session:
        keep_timestamp(session, made[0].size, b"answer", day(2))
    column = declared.columns.values()[-1]

    for statement in (sa.update(declared).values({column.name: column}), sa.delete(declared)):
        with pytest.raises(sa.exc.DBAPIError, match=f"append-only: {declared.name}"), db.writing() as session:
            session.execute(statement)


def test_the_log_holds_no_address(db: Database) -> None:
    """Neither a recipient nor what was written to it stands in the log in words."""
    history(db)

    with db.reading() as session:
        logged = "".join(session.execute(sa.select(LOG_ENTRY.c.entry)).scalars())
    assert '"kind":"settlement"' in logged
    assert "example.org" not in logged
    assert "250 ok" not in logged


def test_attesting_twice_logs_once(db: Database) -> None:
    """A visit or mail that is attested again adds nothing; what came since adds itself."""
    with db.writing() as session:
        page = enrolled(session)
        capture = visit(session, page, 1, {1: Project(title="Gambia")})
        delivery = mail(session, 1, settled=False)
        size = log_size(session)
        attest_visit(session, capture)
        attest_deliveries(session, [delivery])
        assert log_size(session) == size

        unsubscribe(session, 1, day(2))
        attest_deliveries(session, [delivery])
        assert log_size(session) == size + 1
    with db.reading() as session:
        assert log_entries(session, "settlement", [str(delivery)])[0].row["state"] == "cancelled"
        assert verify(session, VERIFIERS).faults == ()


def test_a_settled_mail_without_an_entry_is_told(db: Database) -> None:
    """Who forgets to attest how a mail ended is found out."""
    with db.writing() as session:
        delivery = mail(session, 1, settled=False)

    with tampering(db) as session:
        ended = {"state": DeliveryState.CANCELLED, "settled_at": day(2)}
        session.execute(sa.update(DELIVERY).where(DELIVERY.c.id == delivery).values(ended))
        told = verify(session, VERIFIERS).faults
    assert [str(fault) for fault in told] == [
        f"not in the log: delivery {delivery} ended without an entry in the log"
    ]


def test_a_checkpoint_of_last_week_still_verifies(db: Database) -> None:
    """The log of today is proven to continue the one that an old checkpoint was signed over."""
    old, new = history(db, 10, (2, 9))
    with db.reading() as session:
        proof = consistency_proofs(session, [old.size], new.size)[old.size]
        found = verify(session, VERIFIERS, [old.note, new.note])
    before, after = (checked_head(checkpoint.note, VERIFIERS) for checkpoint in (old, new))

    assert is_consistent(before.size, after.size, proof, before.root, after.root)
    assert found.faults == ()


def test_a_day_is_sealed_once(db: Database) -> None:
    """A seal is due on a day without one; it covers its own time; days without visits have theirs too."""
    with db.writing() as session:
        assert seal_is_due(session, day(1))
        first = seal(session, SIGNER, day(1))
        assert not seal_is_due(session, day(1) + timedelta(hours=17))
        assert seal_is_due(session, day(1) + timedelta(hours=18))
        second = seal(session, SIGNER, day(2))

    with db.reading() as session:
        assert last_checkpoint(session) == second
        assert checkpoints(session) == (first, second)
        assert (first.size, second.size) == (1, 2)
        assert verify(session, VERIFIERS).unsealed == 0


def test_a_rewritten_log_is_not_sealed(db: Database) -> None:
    """Who rewrites entries and all their hashes gets no new signature, and is found by the old one."""
    made = history(db)
    with tampering(db) as session:
        entries = rows(session, "log_entry")
        session.execute(sa.delete(table("log_entry")))
        session.execute(sa.text("UPDATE log_head SET size = 0"))
        for row in entries:
            fact = Fact(row["kind"], row["key"], {"rewritten": row["leaf_index"] == 3})
            append(session, [fact])
        with pytest.raises(DatabaseError, match="no longer agrees"):
            seal(session, SIGNER, day(9))
        first = verify(session, VERIFIERS).first
        assert first is not None
        assert first.index == 0
        assert str(made[0].size - 1) in str([str(fault) for fault in verify(session, VERIFIERS).faults])


def test_rewriting_between_checkpoints_is_narrowed_down(db: Database) -> None:
    """Where rows, entries and hashes were all rewritten to agree, the checkpoints tell between which two."""
    made = history(db)
    with tampering(db) as session:
        entries = rows(session, "log_entry")
        session.execute(sa.delete(table("log_entry")))
        session.execute(sa.text("UPDATE log_head SET size = 0"))
        session.execute(sa.text("UPDATE verdict SET decision = 'held' WHERE id = 3"))
        for row in entries:
            fact = Fact(row["kind"], row["key"], LogEntry(0, "", "", row["entry"]).row)
            if (fact.kind, fact.key) == ("verdict", "3"):
                fact = Fact(fact.kind, fact.key, {**fact.row, "decision": "held"})
            append(session, [fact])
        faults = verify(session, VERIFIERS).faults
    assert [str(fault) for fault in faults] == [
        f"entry {made[0].size}: one of the entries {made[0].size} to {made[1].size - 1}"
        f" was not so under checkpoint {made[1].size}"
    ]


def test_a_cut_off_end_is_known_to_whoever_kept_a_checkpoint(db: Database) -> None:
    """All traces of the last days can be removed from a database, but not from a reader's digest."""
    made = history(db)
    with tampering(db) as session:
        cut = made[0].size
        session.execute(sa.text(f"DELETE FROM checkpoint WHERE size > {cut}"))
        session.execute(sa.text(f"UPDATE log_head SET size = {cut}, sealed = {cut}"))
        session.execute(sa.text(f"DELETE FROM log_entry WHERE leaf_index >= {cut}"))
        session.execute(sa.text("DELETE FROM review_end WHERE review_id > 1"))
        numbers = "SELECT pub_seq FROM ledger WHERE capture_id > 2"
        session.execute(sa.text(f"DELETE FROM ledger_grounds WHERE pub_seq IN ({numbers})"))
        of_visits = ("snapshot", "verdict", "ledger", "project_version", "track", "staff_decision", "review")
        for name in of_visits:
            session.execute(sa.text(f"DELETE FROM {name} WHERE capture_id > 2"))
        for name in ("capture", "delivery"):
            session.execute(sa.text(f"DELETE FROM {name} WHERE id > 2"))
        session.execute(sa.text("DELETE FROM message WHERE delivery_id > 2"))
        kept = "SELECT body_sha256 FROM capture UNION SELECT content_sha256 FROM snapshot"
        session.execute(sa.text(f"DELETE FROM body WHERE sha256 NOT IN ({kept})"))

        assert verify(session, VERIFIERS).faults == ()
        first = verify(session, VERIFIERS, [made[1].note]).first
    assert first is not None
    assert first.index == cut
    assert "covers" in first.problem


def test_another_key_convinces_nobody(db: Database) -> None:
    """Without the log's own public key no checkpoint is believed, and nothing counts as sealed."""
    history(db)
    stranger = new_signer(SIGNER.name)

    with db.reading() as session:
        found = verify(session, [stranger.verifier])
    assert found.sealed == 0
    assert len(found.faults) == 2
    with pytest.raises(DatabaseError, match="is named"), db.writing() as session:
        seal(session, SignerKey("other.example", SIGNER.seed), day(9))


def test_what_is_dropped_on_record_is_no_fault(db: Database) -> None:
    """Retention and erasure are logged, so verification expects their gaps, and counts them."""
    history(db)
    with tampering(db) as session:
        newest = sa.select(CAPTURE.c.body_sha256).order_by(CAPTURE.c.id.desc()).limit(1)
        body = session.execute(newest).scalar_one()
        attest_removal(session, at=day(9), table="body", keys=[str(body)], what="packed", reason="retention")
        emptied = {"packed": b"", "base": None, "depth": 0}
        session.execute(sa.update(BODY).where(BODY.c.sha256 == body).values(emptied))
        attest_removal(session, at=day(9), table="delivery", keys=["2"], what="message", reason="30 days")
        session.execute(sa.delete(MESSAGE).where(MESSAGE.c.delivery_id == 2))
        found = verify(session, VERIFIERS)
        assert found.faults == ()
        assert found.removed == 2

        session.execute(sa.delete(MESSAGE).where(MESSAGE.c.delivery_id == 3))
        assert verify(session, VERIFIERS).first is not None


def test_a_forgotten_recipient_leaves_no_name(db: Database) -> None:
    """Erasure destroys the secret; the entries stay, say nothing about the person, and are still proven."""
    history(db)
    with db.writing() as session:
        mail(session, 20, "other@example.org")
        forget_recipient(session, "ong@example.org", day(21), "erasure asked for")
        session.execute(sa.delete(DELIVERY).where(DELIVERY.c.recipient == "ong@example.org"))

    with db.reading() as session:
        found = verify(session, VERIFIERS)
        assert session.execute(sa.select(RECIPIENT_KEY.c.recipient)).scalars().all() == ["other@example.org"]
    assert (found.faults, found.removed) == ((), 6)


def test_an_older_database_is_taken_over(db: Database) -> None:
    """What was stored before there was a log is logged on request, once, and marked so."""
    with db.writing() as session:
        page = enrolled(session)
        for number in range(1, 4):
            projects = {1: Project(title=f"Gambia {number}")}
            record_visit(session, page, day(number), projects, decision=Decision.ACCEPTED)
        owe(
            session,
            kind=DeliveryKind.ALERT,
            recipient="staff@example.org",
            message_id="<1>",
            message=b"x",
            at=day(4),
        )
    with tampering(db) as session:
        session.execute(sa.delete(LOG_ENTRY))
        session.execute(sa.update(LOG_HEAD).values(size=0))
        assert verify(session, VERIFIERS).first is not None
        adopted = adopt(session, day(5))
        assert adopt(session, day(5)) == 0
        found = verify(session, VERIFIERS)
    assert found.faults == ()
    assert found.entries == adopted + 1


def test_a_staff_action_is_logged(db: Database) -> None:
    """What staff did is an entry with account, action and subject."""
    with db.writing() as session:
        attest_staff_action(session, at=day(1), account=7, action="release", subject="capture 3")

    with db.reading() as session:
        (entry,) = log_entries(session, "staff", ["7"])
    assert entry.row["action"] == "release"


def test_the_signing_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    """The key's file is made 0600, read only so, and never overwritten; beside it lies the public half."""
    path = tmp_path / "keys" / "log.key"
    key = create_key(path, SIGNER.name)

    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path) == key
    assert read_verifier(public_path(path)) == key.verifier
    with pytest.raises(SettingsError, match="already"):
        create_key(path, SIGNER.name)
    path.chmod(0o640)
    with pytest.raises(SettingsError, match="other users"):
        read_key(path)


@pytest.mark.parametrize("content", [b"", b"PRIVATE+KEY+a", b"\xff"])
def test_a_broken_key_file_is_told_in_one_line(tmp_path: Path, content: bytes) -> None:
    """A key file with something else in it, or none at all, is an error for people."""
    path = tmp_path / "log.key"
    with pytest.raises(SettingsError):
        read_key(path)
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SettingsError):
        read_key(path)
    with pytest.raises(SettingsError):
        read_verifier(path)
    with pytest.raises(SettingsError):
        create_key(tmp_path / "new.key", "two words")
