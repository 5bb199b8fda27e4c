"""The demo's replica and mailbox: what they serve and keep, over real sockets."""

import smtplib
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cli.demo.mailbox import keep, letters, serving_mailbox
from cli.demo.past import HISTORY
from cli.demo.site import serving_replica
from scraper.errors import CoopwatchError
from scraper.fetch import Visitor, validators
from tests.clocks import FakeClock
from tests.visiting import AGENT

HEAD = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: =?utf-8?q?Citt=C3=A0?=\r\n"
MESSAGE = HEAD + b"\r\n.dot\r\ncaff\xc3\xa8\r\n"


def test_the_replica_serves_each_version_at_the_real_path() -> None:
    """Each version answers 200 with its own bytes, though it says that the site is being maintained."""
    with serving_replica() as replica, Visitor(replica.source, FakeClock(), AGENT) as visitor:
        address = replica.source.pages[0].address
        assert address.endswith("/cooperazione-internazionale/progetti-cooperazione-internazionale")
        for version in HISTORY:
            replica.show(version)
            capture = visitor.visit(address)
            assert (capture.failure, capture.status, capture.body) == (None, 200, version.body())
        assert visitor.visit(address.replace("/cms/", "/administrator/")).failure is not None
        assert visitor.visit(address + "/mc2cm-2").status == 404


def test_the_replica_answers_304_where_nothing_at_all_changed() -> None:
    """The last quiet visit finds the same bytes; the first one finds a new counter, clock and session id."""
    with serving_replica() as replica, Visitor(replica.source, FakeClock(), AGENT) as visitor:
        address = replica.source.pages[0].address
        statuses, known = [], None
        for version in HISTORY:
            replica.show(version)
            capture = visitor.visit(address, known)
            known = validators(capture)
            statuses.append(capture.status)
    assert statuses == [200, 200, 200, 200, 200, 200, 304]


def test_the_replica_is_the_real_source_moved_to_loopback() -> None:
    """Publisher, names and title are those of the shipped source; only loopback is opened."""
    with serving_replica() as replica:
        assert replica.source.publisher == "Città metropolitana di Torino"
        assert replica.source.private == ("127.0.0.1",)
        assert replica.source.gap == 0


def test_the_replica_comes_back_at_the_same_address() -> None:
    """A demo that resumes finds its page where it was; a taken port is one clear line."""
    with serving_replica() as replica:
        address, port = replica.source.pages[0].address, replica.server_port
        with pytest.raises(CoopwatchError, match=f"port {port}"), serving_replica(port):
            pass
    with serving_replica(port) as replica:
        assert replica.source.pages[0].address == address


def test_the_history_is_in_order_and_its_instants_are_whole_utc_seconds() -> None:
    """The dates are the history's own, so that the demo shows when the real changes were seen."""
    instants = [version.at for version in HISTORY]
    assert instants == sorted(set(instants))
    assert instants[0].date() == datetime(2018, 8, 20, tzinfo=UTC).date()
    assert all(at.tzinfo is UTC and at.microsecond == 0 for at in instants)


def test_quiet_versions_differ_in_noise_alone() -> None:
    """Two versions of one file differ in nothing once counter, session and clock are taken out."""
    first, second = HISTORY[0], HISTORY[1]
    plain = [
        body.decode()
        .replace(version.session, "S")
        .replace(version.clock, "C")
        .replace(f"n. {version.visits}", "n. N")
        for version in (first, second)
        for body in [version.body()]
    ]
    assert first.body() != second.body()
    assert plain[0] == plain[1]


def test_the_mailbox_keeps_the_exact_bytes_in_the_order_of_arrival(tmp_path: Path) -> None:
    """Each accepted message is one file; dots and non-ASCII bytes survive; a later run goes on counting."""
    folder = tmp_path / "mailbox"
    assert letters(folder) == ()
    for _ in range(2):
        with serving_mailbox(folder) as port, smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("a@example.org", ["b@example.org"], MESSAGE)
            client.sendmail("a@example.org", ["b@example.org"], MESSAGE.replace(b"a@", b"c@"))
    kept = letters(folder)
    assert [letter.path.name for letter in kept] == [f"{n:06}.eml" for n in (1, 2, 3, 4)]
    assert kept[0].raw == MESSAGE
    assert kept[0].message["Subject"] == "Città"


def test_a_message_that_cannot_be_kept_is_not_accepted(tmp_path: Path) -> None:
    """A temporary refusal leaves the message with the sender."""
    folder = tmp_path / "mailbox"
    with serving_mailbox(folder) as port, smtplib.SMTP("127.0.0.1", port) as client:
        folder.rmdir()
        with pytest.raises(smtplib.SMTPDataError) as refusal:
            client.sendmail("a@example.org", ["b@example.org"], MESSAGE)
    assert refusal.value.smtp_code == 451


def test_a_draft_left_by_a_crash_is_no_letter(tmp_path: Path) -> None:
    """Only a renamed file counts, and its number is used once."""
    (tmp_path / "000001.draft").write_bytes(b"half a mess")
    assert letters(tmp_path) == ()
    assert keep(tmp_path, MESSAGE).name == "000001.eml"
    assert [letter.raw for letter in letters(tmp_path)] == [MESSAGE]


def test_a_taken_port_of_the_mailbox_is_one_clear_line(tmp_path: Path) -> None:
    """The error names the port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CoopwatchError, match=f"port {port}"), serving_mailbox(tmp_path, port):
            pass
