"""Messages of which nobody knows whether they arrived: evidence decides, else what they are for."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.archive import Imap, Maildir, archive_at
from notifier.deliver import Sent, send
from notifier.mail import SmtpPost
from notifier.mail_folder import MailFolder
from notifier.settling import LOOK_AGAIN, MOST_RESENDS
from notifier.terms import Terms
from scraper.errors import MailError, SettingsError
from store.database import Database
from store.deliveries import DeliveryKind
from tests.clocks import FakeClock
from tests.mailboxes import Mailbox, serving
from tests.outbox_world import owe_to, raw, rows, states
from tests.sending import claim
from tests.watched_history import days

NOW = days(200)
GRACE = Terms().grace


@pytest.fixture
def clock() -> FakeClock:
    """A clock after the history."""
    return FakeClock(NOW)


@pytest.fixture
def mailbox() -> Mailbox:
    """An empty mailbox."""
    return Mailbox()


@pytest.fixture
def post(mailbox: Mailbox) -> Iterator[SmtpPost]:
    """The way to that mailbox."""
    with serving(mailbox) as port, SmtpPost("127.0.0.1", port, timeout=5) as post:
        yield post


@pytest.fixture
def archive(tmp_path: Path) -> Maildir:
    """An empty maildir for copies."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / "archive" / part).mkdir(parents=True)
    return Maildir(tmp_path / "archive")


def test_a_message_lost_after_its_dot_is_not_repeated_blindly(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """Nothing happens before the grace is over; then a digest comes once more, and that is counted."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    mailbox.after_data.append("drop")
    assert send(sqlite_db, clock, post) == Sent(accepted=1, in_doubt=1)
    clock.at = NOW + GRACE - timedelta(seconds=1)
    assert send(sqlite_db, clock, post) == Sent()
    clock.at = NOW + GRACE
    assert send(sqlite_db, clock, post) == Sent(accepted=1)
    assert mailbox.messages.count(("ong1@example.org", raw(1))) == 2
    (one, _) = rows(sqlite_db)
    assert (one.state, one.resends, one.doubted_at) == ("accepted", 1, NOW)


def test_the_archive_shows_that_it_was_taken(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, archive: Maildir
) -> None:
    """A copy by the same Message-ID is evidence: nothing is sent again, and the row says why."""
    owe_to(sqlite_db, 1, at=NOW)
    mailbox.after_data.append("drop")
    send(sqlite_db, clock, post, Terms(archive=archive))
    (archive.folder / "cur" / "1:2,S").write_bytes(raw(1))
    clock.at = NOW + GRACE
    assert send(sqlite_db, clock, post, Terms(archive=archive)) == Sent()
    (one,) = rows(sqlite_db)
    assert one.state == "accepted" and one.resends == 0 and len(mailbox.messages) == 1
    assert str(one.response).endswith("found in the archive, so the server took it")


def test_absence_from_the_archive_is_evidence_too(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, archive: Maildir
) -> None:
    """What is not there after the grace was not taken, and is sent again, which is no second copy."""
    (archive.folder / "new" / "2").write_bytes(raw(2))
    owe_to(sqlite_db, 1, at=NOW, kind=DeliveryKind.CORRECTION)
    mailbox.after_data.append("drop")
    send(sqlite_db, clock, post, Terms(archive=archive))
    clock.at = NOW + GRACE
    assert send(sqlite_db, clock, post, Terms(archive=archive)) == Sent(accepted=1)
    assert rows(sqlite_db)[0].resends == 0


def test_an_archive_that_cannot_be_read_leaves_the_doubt(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, archive: Maildir
) -> None:
    """Nobody guesses while evidence may exist; the row says what stands in the way."""
    owe_to(sqlite_db, 1, at=NOW)
    mailbox.after_data.append("drop")
    away = Terms(archive=Maildir(archive.folder / "nowhere"))
    send(sqlite_db, clock, post, away)
    clock.at = NOW + GRACE
    assert send(sqlite_db, clock, post, away) == Sent() and states(sqlite_db) == ["in_doubt"]
    assert "cannot be read" in str(rows(sqlite_db)[0].response)
    clock.at += LOOK_AGAIN
    assert send(sqlite_db, clock, post, Terms(archive=archive)) == Sent(accepted=1)


@pytest.mark.parametrize("kind", DeliveryKind)
def test_without_evidence_the_kind_decides(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost, kind: DeliveryKind
) -> None:
    """All may come twice but a correction: that waits until staff decide."""
    owe_to(sqlite_db, 1, at=NOW, kind=kind)
    mailbox.after_data.append("drop")
    send(sqlite_db, clock, post)
    clock.at = NOW + GRACE
    send(sqlite_db, clock, post)
    correction = kind is DeliveryKind.CORRECTION
    assert states(sqlite_db) == ["in_doubt" if correction else "accepted"]
    assert len(mailbox.messages) == (1 if correction else 2)
    assert not correction or "staff decide" in str(rows(sqlite_db)[0].response)


def test_a_server_that_always_hangs_up_does_not_get_copies_for_ever(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """After a few copies the message waits for staff."""
    owe_to(sqlite_db, 1, at=NOW)
    mailbox.after_data.extend(["drop"] * 20)
    for _ in range(20):
        send(sqlite_db, clock, post)
        clock.advance(GRACE.total_seconds())
    assert states(sqlite_db) == ["in_doubt"] and len(mailbox.messages) == 1 + MOST_RESENDS


def test_a_lost_sender_s_message_is_in_doubt_after_its_lease(
    sqlite_db: Database, clock: FakeClock, mailbox: Mailbox, post: SmtpPost
) -> None:
    """A row under way is left alone while its lease runs; then nobody knows, and evidence is looked for."""
    owe_to(sqlite_db, 1, at=NOW)
    lease = Terms().lease
    with sqlite_db.writing() as session:
        claim(session, NOW, NOW + lease)
    clock.at = NOW + lease - timedelta(seconds=1)
    assert send(sqlite_db, clock, post) == Sent() and states(sqlite_db) == ["transmitting"]
    clock.at = NOW + lease
    assert send(sqlite_db, clock, post) == Sent() and states(sqlite_db) == ["in_doubt"]
    clock.at = NOW + lease + GRACE
    assert send(sqlite_db, clock, post) == Sent(accepted=1)
    assert mailbox.messages == [("ong1@example.org", raw(1))]


def test_where_the_archive_is(tmp_path: Path) -> None:
    """A path is a maildir, an address an IMAP folder; anything else is told."""
    assert archive_at(str(tmp_path), "") == Maildir(tmp_path)
    assert archive_at("imaps://me%40here@mail.example.org/Sent/Copies", "p") == Imap(
        MailFolder("archive_at", "mail.example.org", 993, "me@here", "p", "Sent/Copies")
    )
    assert archive_at("imap://me@mail.example.org:1143", "p") == Imap(
        MailFolder("archive_at", "mail.example.org", 1143, "me", "p", "INBOX", starts_tls=True)
    )
    for wrong in ("imaps://mail.example.org/x", "https://me@example.org/x", "imaps:///x"):
        with pytest.raises(SettingsError, match=r"archive_at .* is no mailbox"):
            archive_at(wrong, "p")


def test_an_imap_archive_that_nobody_answers_for_is_told() -> None:
    """Nobody there: one line, and a hint."""
    with pytest.raises(MailError, match=r"127\.0\.0\.1 cannot be read"):
        archive_at("imaps://me@127.0.0.1:9/INBOX", "p").held({"<m1@example.org>"})
