"""Staff see which mails are in doubt and which domains are stopped, are told by mail, and decide."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from notifier.alerts import owe_alerts
from notifier.fates import fate, write_down
from notifier.message import Sender
from notifier.post import MailInDoubt, MailRejected
from notifier.terms import Terms
from schedules.present import Present
from store.database import Database, create_database
from store.deliveries import DeliveryKind, deliveries
from store.kinds import Refusal
from tests.clocks import FakeClock
from tests.commands import coopwatch
from tests.outbox_world import owe_to, states
from tests.sending import claim


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with one mail in doubt and one domain that is stopped."""
    with closing(create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")) as db:
        now = Present().now()
        owe_to(db, 1, at=now)
        owe_to(db, 2, at=now, domain="other.example")
        endings = (
            MailInDoubt("the connection was lost after the final dot"),
            MailRejected("550 5.7.1 not from you", Refusal.OURS, stops=True),
        )
        for ending in endings:
            with db.writing() as session:
                taken = claim(session, now, now + Terms().lease)
                assert taken is not None
                write_down(session, fate(taken, ending, now, Terms().grace), now, 0)
    return tmp_path


@pytest.fixture
def db(data: Path) -> Iterator[Database]:
    """Its database."""
    with closing(create_database(f"sqlite:///{data / 'coopwatch.db'}")) as db:
        yield db


def test_the_outbox_shows_what_waits_and_why(data: Path) -> None:
    """Doubts and stopped domains stand there with what the server said, for people and for programs."""
    shown = coopwatch("outbox", "--data", data)
    assert "1 deferred, 1 in_doubt" in shown.stdout
    assert "1 (digest) to ong1@example.org: in doubt since" in shown.stdout
    assert "other.example: stopped since" in shown.stdout and "550 5.7.1 not from you" in shown.stdout
    told = json.loads(coopwatch("outbox", "--data", data, "--json").stdout)
    assert told["open"] == {"deferred": 1, "in_doubt": 1}
    assert [one["delivery"] for one in told["in_doubt"]] == [1]
    assert [one["domain"] for one in told["domains"]] == ["other.example"]


def test_a_stopped_domain_is_resumed(data: Path) -> None:
    """Once, and then there is nothing to resume."""
    assert coopwatch("outbox", "resume", "Other.Example", "--data", data).returncode == 0
    again = coopwatch("outbox", "resume", "other.example", "--data", data)
    assert again.returncode == 1 and "neither stopped nor slowed" in again.stderr


@pytest.mark.parametrize(("decision", "state"), [("again", "ready"), ("arrived", "accepted")])
def test_staff_settle_a_doubt(data: Path, db: Database, decision: str, state: str) -> None:
    """A mail in doubt is sent again or counts as accepted; of any other there is nothing to decide."""
    assert coopwatch("outbox", decision, "1", "--data", data).returncode == 0
    assert states(db) == [state, "deferred"]
    again = coopwatch("outbox", decision, "1", "--data", data)
    assert again.returncode == 1 and "is not in doubt" in again.stderr


@pytest.mark.parametrize("command", [["deliver"], ["digest", "send"]])
def test_an_archive_needs_both_its_settings(data: Path, command: list[str]) -> None:
    """A copy that nobody can look for proves nothing, whichever command sends."""
    (data / "coopwatch.toml").write_text('archive_to = "copies@example.org"\n')
    run = coopwatch(*command, "--data", data)
    assert run.returncode == 1 and "only one is set" in run.stderr


@pytest.mark.parametrize("language", ["it", "en"])
def test_staff_are_told_once_of_each(db: Database, language: str) -> None:
    """A stopped domain at once, a doubt when it stays; neither a second time."""
    clock = FakeClock(Present().now())
    sender = Sender(
        "watch@example.org",
        "coopwatch",
        "http://127.0.0.1:8000",
        alerts_to=("ada@example.org",),
        alerts_language=language,
    )
    assert [owe_alerts(db, clock, sender) for _ in range(2)] == [1, 0]
    clock.advance(3600)
    assert [owe_alerts(db, clock, sender) for _ in range(2)] == [1, 0]
    with db.reading() as session:
        doubt, stopped = (one.message.decode() for one in deliveries(session, kind=DeliveryKind.ALERT))
    assert "coopwatch outbox again 1" in doubt
    assert (
        "coopwatch outbox resume other.example" in stopped.replace("=\r\n", "")
        and "550 5.7.1 not from you" in stopped
    )


def test_the_doctor_tells_of_mail_that_is_stuck(data: Path) -> None:
    """A stopped domain needs action, what is deferred or in doubt is named, and so is the way on."""
    stuck = outbox_finding(data)
    assert (stuck["state"], stuck["seen"].split(", ")[:2]) == ("failed", ["1 deferred", "1 in doubt"])
    assert "other.example stopped since" in stuck["seen"]
    assert "`coopwatch outbox resume other.example`" in stuck["hint"]
    assert coopwatch("outbox", "resume", "other.example", "--data", data).returncode == 0
    resumed = outbox_finding(data)
    assert (resumed["state"], resumed["hint"]) == ("warning", "`coopwatch outbox` says why.")
    assert "other.example" not in resumed["seen"]


def outbox_finding(data: Path) -> dict[str, str]:
    """Return what the doctor says of the outbox."""
    found: list[dict[str, str]] = json.loads(coopwatch("doctor", "--data", data, "--json").stdout)
    (outbox,) = [one for one in found if one["of"] == "outbox"]
    return outbox
