"""Readers as witnesses: checkpoints given out bind the log to the past that they saw."""

from base64 import b64encode
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa

from scraper.errors import EvidenceError, UnreadableError
from scraper.records import Project
from store.database import Database, create_database
from store.evidence.keepsakes import agreement, head_line, kept_head
from store.evidence.key_file import public_path
from store.evidence.log import log_root
from store.evidence.merkle import is_consistent
from store.evidence.notes import TreeHead, parse_tree_head, verifier_text
from store.evidence.verification import verify
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.evidence_world import SIGNER, VERIFIERS, history, visit
from tests.staffed_house import SENDER
from tests.store_visits import day, enrolled
from web.app import create_app

ORIGIN = SIGNER.name


def head_of(note: str) -> TreeHead:
    """The head that a note states."""
    return parse_tree_head(note.partition("\n\n")[0] + "\n")


def mail(head: TreeHead, wrapped: bool = True) -> bytes:
    """A saved digest, whose encoding and line breaks are those of mail programs."""
    message = EmailMessage()
    message["Subject"] = "Novità: 3 modifiche"
    line = head_line(head)
    line = line.replace(", ", ",\n") if wrapped else line
    message.set_content(
        f"Il 12 novembre 2018, 3 modifiche – città\n\nUltimo sigillo del registro delle prove: {line}\n",
        cte="quoted-printable",
    )
    return message.as_bytes()


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_head_is_found_in_a_note_a_mail_or_a_line(db: Database, wrapped: bool) -> None:
    """The signed note, a saved digest, or its line alone name the same checkpoint."""
    made = history(db)[0]
    head = head_of(made.note)
    content = mail(head, wrapped)

    assert kept_head(made.note.encode(), VERIFIERS, ORIGIN) == head
    assert kept_head(content, VERIFIERS, ORIGIN) == head
    line = f"registro: {head.size} voci, radice {b64encode(head.root).decode()}"
    assert kept_head(line.encode(), (), ORIGIN) == head


def test_a_file_without_a_checkpoint_says_so(db: Database) -> None:
    """Neither an empty file nor a note whose signature does not hold is taken for one."""
    note = history(db)[0].note
    for content in (b"", b"Subject: x\n\nhello 12 times", note.replace("\n", "\n1", 1).encode()):
        with pytest.raises(UnreadableError):
            kept_head(content, VERIFIERS, ORIGIN)


def test_an_old_checkpoint_is_continued_by_the_log_of_today(db: Database) -> None:
    """Last week's checkpoint, and today's, agree with the log, with a proof that anyone can check."""
    checkpoints = history(db)
    with db.reading() as session:
        root = log_root(session, checkpoints[-1].size)
        for made in checkpoints:
            kept = head_of(made.note)
            found = agreement(session, kept, VERIFIERS)
            assert is_consistent(kept.size, found.size, found.proof, kept.root, root)
            assert found.size == checkpoints[-1].size


def test_a_rewritten_history_is_caught_by_an_old_mail(db: Database, tmp_path: Path) -> None:
    """A past made up anew and signed with the right key verifies, but contradicts what readers have."""
    honest = create_database(f"sqlite:///{tmp_path / 'honest.db'}")
    old = mail(head_of(history(honest, 3, (2,))[0].note))
    honest.close()
    with db.writing() as session:
        visit(session, enrolled(session), 0.5, {1: Project(title="what never was")})
    history(db, 5, (2, 5))

    with db.reading() as session:
        assert verify(session, VERIFIERS).faults == ()
        with pytest.raises(EvidenceError, match="not those of the kept checkpoint"):
            agreement(session, kept_head(old, VERIFIERS, ORIGIN), VERIFIERS)


def test_a_log_that_was_cut_off_is_caught(db: Database) -> None:
    """A checkpoint that covers more than the log has tells that the newest days are gone."""
    made = history(db)[-1]
    with db.reading() as session, pytest.raises(EvidenceError, match="the kept checkpoint covers"):
        agreement(session, TreeHead(ORIGIN, made.size + 1, bytes(32)), VERIFIERS)


def test_entries_that_no_longer_have_the_signed_root_are_caught(sqlite_db: Database) -> None:
    """A log whose own last checkpoint does not hold proves nothing about an earlier one."""
    old = head_of(history(sqlite_db)[0].note)
    with sqlite_db.writing() as session:
        session.execute(sa.text("DROP TRIGGER log_entry_no_update"))
        session.execute(sa.text("UPDATE log_entry SET hashes = zeroblob(length(hashes))"))
    with sqlite_db.reading() as session, pytest.raises(EvidenceError, match="signed last"):
        agreement(session, old, VERIFIERS)


def test_the_command_proves_it(tmp_path: Path) -> None:
    """`verify --checkpoint` says which log continues which checkpoint, and exits 1 where none does."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    made = history(db)
    db.close()
    key = public_path(tmp_path / "keys" / "log.key")
    key.parent.mkdir()
    key.write_text(verifier_text(SIGNER.verifier) + "\n")
    (tmp_path / "mail.eml").write_bytes(mail(head_of(made[0].note)))
    (tmp_path / "other.eml").write_bytes(mail(TreeHead(ORIGIN, made[0].size, bytes(32))))

    good = coopwatch("verify", "--checkpoint", tmp_path / "mail.eml", "--data", tmp_path)
    assert good.returncode == 0, good.stderr
    assert f"continues the kept checkpoint of {made[0].size} entries" in good.stdout
    bad = coopwatch("verify", "--checkpoint", tmp_path / "other.eml", "--data", tmp_path)
    assert bad.returncode == 1
    assert "does not continue" in bad.stderr
    assert coopwatch("verify", "--checkpoint", tmp_path / "no", "--data", tmp_path).returncode == 1


def test_the_pages_publish_checkpoints(sqlite_db: Database) -> None:
    """Each as a signed note in plain text, and a page that explains them in three languages."""
    made = history(sqlite_db)
    app = create_app(sqlite_db, FakeClock(day(9)), SENDER, (), log_key=SIGNER.verifier)
    with browsing(app) as client:
        newest = client.get("/checkpoint")
        assert newest.text == made[-1].note
        assert newest.headers["content-type"] == "text/plain; charset=utf-8"
        assert client.get(f"/checkpoint/{made[0].size}").text == made[0].note
        assert client.get("/checkpoint/999999").status_code == 404
        titles = {"it": "Registro delle prove", "en": "Evidence log", "fr": "Registre des preuves"}
        for tongue, words in titles.items():
            page = unescape(client.get(f"/evidence?lang={tongue}").text)
            assert f"<h1>{words}</h1>" in page
            assert verifier_text(SIGNER.verifier) in page
            assert all(b64encode(head_of(one.note).root).decode() in page for one in made)


def test_before_the_first_seal_the_pages_say_so(sqlite_db: Database) -> None:
    """There is nothing to keep yet."""
    with browsing(create_app(sqlite_db, FakeClock(day(9)), SENDER, ())) as client:
        assert client.get("/checkpoint").status_code == 404
        assert "non è ancora stato sigillato" in client.get("/evidence?lang=it").text
