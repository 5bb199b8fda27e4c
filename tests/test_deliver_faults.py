"""A mail server that fails at any step in any way leaves every message in the right state, and none stuck."""

import pytest

from notifier.bounces.return_paths import ReturnPaths
from notifier.deliver import Sent, send
from notifier.mail import SmtpPost
from notifier.terms import Terms
from scraper.errors import MailError
from store.database import Database
from store.deliveries import DeliveryKind, owe
from store.kinds import Refusal
from store.lanes import lanes, resume
from tests.clocks import FakeClock
from tests.faulty_server import STEPS, Faults, failing
from tests.outbox_world import owe_to, raw, rows, states
from tests.watched_history import days

NOW = days(200)
UNUSABLE = "unusable"
"""The run ends with a MailError, and every message waits as it was."""

MATRIX = {
    ("CONNECT", "451 4.3.0 later"): UNUSABLE,
    ("CONNECT", "554 5.7.1 no service"): UNUSABLE,
    ("CONNECT", "421 4.3.2 busy"): UNUSABLE,
    ("CONNECT", "drop"): UNUSABLE,
    ("CONNECT", "hang"): UNUSABLE,
    ("EHLO", "451 4.3.0 later"): "accepted",  # as RFC 5321, 3.2 has it: HELO is tried next
    ("EHLO", "550 5.7.1 no"): "accepted",
    ("EHLO", "421 4.3.2 busy"): UNUSABLE,
    ("EHLO", "drop"): UNUSABLE,
    ("EHLO", "hang"): UNUSABLE,
    ("MAIL", "451 4.3.0 later"): "deferred",
    ("MAIL", "550 5.7.1 your name is refused"): "deferred",  # and the run ends: it concerns all mail
    ("MAIL", "552 5.3.4 too large"): "deferred",
    ("MAIL", "421 4.3.2 idle for too long"): "accepted",  # on a new connection
    ("MAIL", "drop"): "accepted",
    ("MAIL", "hang"): "accepted",
    **{
        (step, cue): state
        for step in ("RCPT", "DATA", "DOT")
        for cue, state in {
            "451 4.3.0 later": "deferred",
            "421 4.3.2 going down": "deferred",
            "550 5.1.1 nobody": "rejected",
            "552 5.2.2 full": "rejected",
            "550 5.7.1 not from you": "deferred",  # a fault of ours: kept until it is mended
            "550 no reason given": "deferred",
            "drop": "in_doubt" if step == "DOT" else "deferred",
            "hang": "in_doubt" if step == "DOT" else "deferred",
        }.items()
    },
    **{("QUIT", cue): "accepted" for cue in ("451 4.3.0 later", "550 5.0.0 no", "421 bye", "drop", "hang")},
    **{(step, "slow"): "accepted" for step in STEPS},
}
FINAL = {"rejected"}


def post_to(port: int, archive_to: str | None = None, patience: float = 10) -> SmtpPost:
    """The way to that server; whoever waits for one that hangs is impatient."""
    return SmtpPost("127.0.0.1", port, timeout=patience, dot_patience=patience, archive_to=archive_to)


@pytest.mark.parametrize("extensions", [(), ("DSN", "PIPELINING")], ids=["plain", "extended"])
@pytest.mark.parametrize(("step", "cue"), MATRIX)
def test_check_35_every_fault_leaves_the_right_state(
    sqlite_db: Database, step: str, cue: str, extensions: tuple[str, ...]
) -> None:
    """4xx, 5xx, hanging up, hanging and slowness at every step: the right state, and it ends well."""
    owe_to(sqlite_db, 1, at=NOW)
    clock, faults, expected = FakeClock(NOW), Faults(extensions=extensions), MATRIX[step, cue]
    with failing(faults) as port:
        faults.cues[step].append(cue)
        try:
            with post_to(port, patience=0.6 if cue == "hang" else 10) as post:
                send(sqlite_db, clock, post)
        except MailError:
            assert expected == UNUSABLE or (step, cue[:3]) == ("MAIL", "550")
        assert states(sqlite_db) == ["ready" if expected == UNUSABLE else expected]
        assert len(faults.taken) == (expected in {"accepted", "in_doubt"})
        with sqlite_db.writing() as session:
            for lane in lanes(session):
                assert lane.stopped_at is not None or cue.startswith("421")
        resume_all(sqlite_db, clock)
        clock.advance(3600)
        with post_to(port) as post:
            send(sqlite_db, clock, post)
    assert states(sqlite_db) == [expected if expected in FINAL else "accepted"]
    assert {taken[1] for taken in faults.taken} == (set() if expected in FINAL else {raw(1)})


def resume_all(db: Database, clock: FakeClock) -> None:
    """Do what staff do once a fault of ours is mended."""
    with db.writing() as session:
        for lane in lanes(session):
            resume(session, lane.domain, clock.now())


@pytest.mark.parametrize(
    ("cue", "refusal"),
    [
        ("550 5.1.1 nobody", Refusal.ADDRESS),
        ("550 5.1.10 null MX", Refusal.ADDRESS),
        ("550 5.2.1 disabled", Refusal.ADDRESS),
        ("552 5.2.2 full", Refusal.SOFT),
        ("550 5.7.1 spam", Refusal.OURS),
        ("554 5.6.0 malformed", Refusal.OURS),
        ("550 go away", Refusal.OURS),
    ],
)
def test_a_refusal_is_held_against_whose_fault_it_is(sqlite_db: Database, cue: str, refusal: Refusal) -> None:
    """Only what is clearly about the address counts against the reader; what is ours stops the domain."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    owe_to(sqlite_db, 3, at=NOW, domain="other.example")
    faults, ours = Faults(), refusal is Refusal.OURS
    faults.cues["RCPT"].append(cue)
    with failing(faults) as port, post_to(port) as post:
        send(sqlite_db, FakeClock(NOW), post)
    assert states(sqlite_db) == (
        ["deferred", "ready", "accepted"] if ours else ["rejected", "accepted", "accepted"]
    )
    refused = rows(sqlite_db)[0]
    assert (refused.refusal, refused.response) == (refusal, cue)
    with sqlite_db.reading() as session:
        assert [(one.domain, one.stopped_why) for one in lanes(session)] == (
            [("example.org", cue)] if ours else []
        )


def test_one_of_two_recipients_refused_is_both_refused(sqlite_db: Database) -> None:
    """The reader and the archive get a message together or not at all."""
    owe_to(sqlite_db, 1, 2, at=NOW)
    clock, faults = FakeClock(NOW), Faults()
    faults.cues["RCPT"].append("550 5.1.1 nobody")
    with failing(faults) as port, post_to(port, "archive@example.org") as post:
        assert send(sqlite_db, clock, post) == Sent(accepted=1, rejected=1)
        assert faults.taken == [(("ong2@example.org", "archive@example.org"), raw(2))]

        owe_to(sqlite_db, 3, at=NOW)
        faults.cues["RCPT"].extend(["slow", "550 5.1.1 no such archive"])
        with pytest.raises(MailError, match=r"the archive \S+ is refused: 550 5\.1\.1") as told:
            send(sqlite_db, clock, post)
        assert "archive_to" in told.value.hint
        assert states(sqlite_db)[2] == "deferred" and len(faults.taken) == 1
        clock.advance(360)
        assert send(sqlite_db, clock, post) == Sent(accepted=1)


def test_a_server_that_stops_answering_ends_the_run(sqlite_db: Database) -> None:
    """After three lost connections in a row nobody waits for a fourth; the rest is as it was."""
    owe_to(sqlite_db, *range(6), at=NOW)
    faults = Faults()
    faults.cues["RCPT"].extend(["drop"] * 6)
    with failing(faults) as port, post_to(port) as post, pytest.raises(MailError, match="does not answer"):
        send(sqlite_db, FakeClock(NOW), post)
    assert states(sqlite_db) == ["deferred"] * 3 + ["ready"] * 3


def test_reports_are_asked_for_by_the_name_of_the_delivery(sqlite_db: Database) -> None:
    """A server that knows delivery reports is told whom to report about; the archive reports nothing."""
    owe_to(sqlite_db, 1, at=NOW)
    faults, paths = Faults(), ReturnPaths(b"key", "bounces@example.org")
    with failing(faults) as port, post_to(port, "archive@example.org") as post:
        send(sqlite_db, FakeClock(NOW), post, Terms(paths=paths))
    number = rows(sqlite_db)[0].id
    mail, rcpt, copy = faults.commands
    assert f"FROM:<{paths.envelope_sender(number)}>" in mail
    assert f"RET=HDRS ENVID={paths.envelope_id(number)}" in mail
    assert rcpt.endswith("NOTIFY=SUCCESS,FAILURE,DELAY ORCPT=rfc822;ong1@example.org")
    assert copy.endswith("NOTIFY=NEVER")


def test_a_server_without_reports_is_asked_for_none(sqlite_db: Database) -> None:
    """A server that does not know the parameters would refuse the message over them."""
    owe_to(sqlite_db, 1, at=NOW)
    faults = Faults(extensions=())
    with failing(faults) as port, post_to(port) as post:
        assert send(sqlite_db, FakeClock(NOW), post, Terms(paths=ReturnPaths(b"key"))) == Sent(accepted=1)
    assert not any("NOTIFY" in one or "ENVID" in one for one in faults.commands)


def test_an_address_beyond_ascii_fails_alone(sqlite_db: Database) -> None:
    """A server without SMTPUTF8 cannot take it, and that is no fault of its domain or its reader."""
    with sqlite_db.writing() as session:
        owe(
            session,
            kind=DeliveryKind.DIGEST,
            recipient="perché@example.org",
            message_id="<p@example.org>",
            message=raw(9),
            at=NOW,
        )
    owe_to(sqlite_db, 1, at=NOW)
    with failing(Faults()) as port, post_to(port) as post:
        assert send(sqlite_db, FakeClock(NOW), post) == Sent(accepted=1, rejected=1)
    refused = rows(sqlite_db)[0]
    assert refused.refusal is Refusal.OURS and "SMTPUTF8" in str(refused.response)


def test_a_turn_that_is_over_is_not_finished(sqlite_db: Database) -> None:
    """Whoever was stopped for too long sends no final dot: the message is somebody else's by then."""
    owe_to(sqlite_db, 1, at=NOW)
    clock, faults, terms = FakeClock(NOW), Faults(), Terms()
    with failing(faults) as port:
        with post_to(port) as post:
            assert send(sqlite_db, clock, post, Terms(server_idle=terms.lease)) == Sent()
        assert faults.taken == [] and states(sqlite_db) == ["transmitting"]
        for clock.at in (NOW + terms.lease, NOW + terms.lease + terms.grace):
            with post_to(port) as another:
                send(sqlite_db, clock, another)
    assert states(sqlite_db) == ["accepted"] and len(faults.taken) == 1
