"""Runs that wait for staff: thresholds, a new reader, old runs, restored databases, the canary, decisions."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from notifier.alerts import owe_alerts
from notifier.archive import Maildir
from notifier.corrections import correct
from notifier.holding import Caution, surprises
from notifier.masking import read_mail
from notifier.news import fold
from scraper.errors import DecisionError
from scraper.records import ChangeKind, ProjectStatus
from store.database import Database
from store.decisions import Signature
from store.deliveries import DeliveryKind, DeliveryState, deliveries
from store.digest_runs import Run, RunState
from store.evidence.log import log_entries
from store.kinds import RunAction
from store.outbox import settle_deferred, settle_rejected, settle_reported
from store.restoring import mark_restored
from store.run_decisions import hold_run, reject_run, release_run, run_decisions
from store.subscriptions import Frequency, subscription, unsubscribe
from store.telling import told_of
from tests.digest_samples import changed as changed_field
from tests.digest_samples import happened, ledger
from tests.run_world import SENDER, RunWorld, projects
from tests.sending import claim
from tests.watched_history import days

TWENTY = projects(20)
FEWER = TWENTY[8:]
CHANGED = (replace(TWENTY[0], status=ProjectStatus.ONGOING), *TWENTY[1:])
AGAIN = (replace(TWENTY[0], status=ProjectStatus.CONCLUDED), *TWENTY[1:])
LATER = (replace(TWENTY[0], status=ProjectStatus.CONCLUDED), *TWENTY[1:])
AT_ONCE = Frequency.AT_ONCE


@pytest.fixture
def world(db: Database) -> RunWorld:
    """A house with twenty projects and two readers who want to hear at once."""
    house = RunWorld(db)
    house.seen(TWENTY)
    house.joined(AT_ONCE, "ong@example.org")
    house.joined(AT_ONCE, "altra@example.org")
    house.tick()
    return house


def signed(world: RunWorld, why: str = "L'ufficio lo conferma") -> Signature:
    """A decision of now."""
    return Signature("Anna", why, world.clock.now())


def last(world: RunWorld) -> Run:
    """Return the newest run for readers at once."""
    return [one for one in world.runs() if one.frequency in {AT_ONCE, None}][-1]


def show(world: RunWorld, day: float, shown: tuple[object, ...]) -> int:
    """Let the page show this on a day, and compose."""
    world.clock.at = days(day)
    world.seen(shown)  # type: ignore[arg-type]
    return world.tick()


def test_check_31_many_vanished_projects_wait_for_staff(world: RunWorld) -> None:
    """40 % of the projects vanish: held, nothing leaves, and the mails that staff see are those that leave.

    Held changes reach everyone once.
    """
    show(world, 1, FEWER)
    held = last(world)
    assert held.state == RunState.HELD and held.reasons == (
        "torino: 8 projects changed and there were 20: more than 30 %",
        "torino: 8 projects were removed: more than 5",
    )
    assert world.sent() == [] and world.tick(days(1.1)) == 0
    before = [mail.message for mail in world.mails(DeliveryState.COMPOSED)]
    assert len(before) == 2
    with world.db.writing() as session:
        release_run(session, held.id, signed(world))
    world.tick(days(1.2))
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]
    assert [mail.message for mail in world.mails()] == before
    world.tick(days(1.3))
    assert last(world).state == RunState.CLOSED and world.sent() == []


def test_check_31_a_rejected_run_is_told_later_once(world: RunWorld) -> None:
    """Rejected mails never leave; what is still so with the next change is then told, in one mail."""
    show(world, 1, FEWER)
    with world.db.writing() as session:
        reject_run(session, last(world).id, signed(world, "La pagina era incompleta"))
    assert world.tick(days(1.1)) == 0 and world.sent() == []
    show(world, 2, TWENTY[9:])
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    assert len(world.sent()) == 2
    told = read_mail(world.mails(DeliveryState.ACCEPTED)[0].message)
    assert told.subject.startswith("9 ")
    assert {one.state for one in world.mails()} == {DeliveryState.CANCELLED, DeliveryState.ACCEPTED}


def test_check_31_both_decisions_are_audited(world: RunWorld) -> None:
    """Who, when, why and what stand in the table, which refuses rewriting, and in the evidence log."""
    show(world, 1, FEWER)
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    with world.db.writing() as session:
        hold_run(session, last(world).id, signed(world, "Aspettiamo"))
    with world.db.writing() as session:
        reject_run(session, last(world).id, signed(world, "No"))
    with world.db.reading() as session:
        made = run_decisions(session, last(world).id)
        logged = log_entries(session, "run_decision", ["1", "2", "3"])
    assert [(one.by, one.action, one.why) for one in made] == [
        ("Anna", RunAction.RELEASE, "L'ufficio lo conferma"),
        ("Anna", RunAction.HOLD, "Aspettiamo"),
        ("Anna", RunAction.REJECT, "No"),
    ]
    assert len(logged) == 3 and "Aspettiamo" not in logged[1].text


def test_a_held_run_holds_later_ones_back(world: RunWorld) -> None:
    """Nothing overtakes what is held: a later change waits, and follows in a mail of its own."""
    show(world, 1, FEWER)
    later = (replace(FEWER[0], status=ProjectStatus.ONGOING), *FEWER[1:])
    assert show(world, 2, later) == 0 and world.sent() == []
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick(days(2.1))
    world.sent()
    world.tick(days(2.2))
    world.sent()
    subjects = [read_mail(one.message).subject for one in world.mails(DeliveryState.ACCEPTED)]
    assert len(subjects) == 4 and [one.startswith("8 ") for one in subjects] == [True, True, False, False]


def test_few_changes_are_not_held(world: RunWorld) -> None:
    """A usual day leaves by itself; nothing of a small source is held for its share."""
    show(world, 1, CHANGED)
    assert len(world.sent()) == 2


def test_the_first_run_of_another_reader_waits(world: RunWorld) -> None:
    """After a new version of the page reader staff look at what it makes of things, once."""
    show(world, 1, CHANGED)
    world.sent()
    world.tick()
    world.caution = replace(world.caution, reader_version="reader-2")
    show(world, 2, LATER)
    assert last(world).reasons == ("the page reader is new: reader-2 instead of reader-1",)
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    world.sent()
    show(world, 3, CHANGED)
    assert len(world.sent()) == 2


def test_check_30_a_restored_database_waits_for_staff(world: RunWorld) -> None:
    """After a backup was put back nothing leaves, what it was about to send nor what it first makes anew.

    Staff may say that its readers know already: then nobody hears of it twice. What it makes anew may be
    known as well, so they are asked about that, too, and not again.
    """
    show(world, 1, CHANGED)
    with world.db.writing() as session:
        mark_restored(session, days(8), days(1))
    world.clock.at = days(8)
    assert world.sent() == [] and last(world).state == RunState.HELD
    with world.db.writing() as session:
        reject_run(session, last(world).id, signed(world), told=True)
    assert world.tick(days(8.1)) == 0
    show(world, 9, LATER)
    assert world.sent() == [] and last(world).state == RunState.HELD
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    assert len(world.sent()) == 2
    show(world, 10, CHANGED)
    assert len(world.sent()) == 2


def test_check_30_a_run_that_had_left_is_not_held(world: RunWorld) -> None:
    """A restored run with nothing left to send waits for nobody: it only ends."""
    show(world, 1, CHANGED)
    world.sent()
    with world.db.writing() as session:
        mark_restored(session, days(8), days(1))
    world.tick(days(8))
    assert last(world).state == RunState.CLOSED


def test_check_30_what_a_restored_database_makes_anew_waits_too(world: RunWorld) -> None:
    """A backup without anything on its way: its first run of each frequency waits."""
    with world.db.writing() as session:
        mark_restored(session, days(8), days(1))
    show(world, 8.5, CHANGED)
    assert last(world).state == RunState.HELD and world.sent() == []
    assert last(world).reasons[0].startswith("an earlier state of the database was put back")


def test_a_run_that_was_left_lying_waits_for_staff(world: RunWorld) -> None:
    """A run released long ago that never left is asked about; one that is released anew leaves."""
    show(world, 1, FEWER)
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick(days(5))
    assert last(world).state == RunState.HELD and world.sent() == []
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    assert len(world.sent()) == 2


def test_staff_stop_a_run_that_is_leaving(world: RunWorld) -> None:
    """A run held by hand keeps what has not left; what the server has is told."""
    show(world, 1, CHANGED)
    with world.db.writing() as session:
        assert claim(session, days(1), days(1.1)) is not None
        hold_run(session, last(world).id, signed(world, "Un errore"))
    assert world.sent() == []
    assert sorted(one.state for one in world.mails()) == [DeliveryState.COMPOSED, DeliveryState.TRANSMITTING]


def test_what_a_server_puts_off_while_its_run_is_held_does_not_come_back(world: RunWorld) -> None:
    """A mail under way when its run was held waits with the others; once rejected, it never leaves."""
    show(world, 1, CHANGED)
    with world.db.writing() as session:
        taken = claim(session, days(1), days(1.1))
        assert taken is not None
        hold_run(session, last(world).id, signed(world, "Un errore"))
        settle_deferred(session, taken.id, days(1), days(1), "451 later")
    world.tick()
    assert {one.state for one in world.mails()} == {DeliveryState.COMPOSED}
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    with world.db.writing() as session:
        taken = claim(session, days(1), days(1.1))
        assert taken is not None
        hold_run(session, last(world).id, signed(world, "Un errore"))
        reject_run(session, last(world).id, signed(world, "No"))
        settle_deferred(session, taken.id, days(1), days(1), "451 later")
    world.tick()
    assert world.sent() == [] and {one.state for one in world.mails()} == {DeliveryState.CANCELLED}


def test_a_run_that_has_ended_cannot_be_decided(world: RunWorld) -> None:
    """A second release, or one of a run that is closed, is refused in one line."""
    show(world, 1, CHANGED)
    for act in (release_run, reject_run):
        with pytest.raises(DecisionError, match="is draining"), world.db.writing() as session:
            act(session, last(world).id, signed(world))


def test_the_canary_goes_first(world: RunWorld) -> None:
    """Its mail, of all news, leaves alone; the others follow once the server took it."""
    world.caution = replace(world.caution, canary="canarino@example.org")
    show(world, 1, CHANGED)
    assert last(world).state == RunState.RELEASED
    assert world.sent() == ["canarino@example.org"]
    world.tick()
    assert last(world).state == RunState.DRAINING
    assert "accepted; no archive is set" in str(last(world).note)
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]


def test_the_canary_is_looked_for_in_the_archive(world: RunWorld, tmp_path: Path) -> None:
    """What the server took has arrived once its copy is there; till then the others wait."""
    world.caution = replace(world.caution, canary="canarino@example.org")
    world.archive = Maildir(tmp_path / "archive")
    show(world, 1, CHANGED)
    assert world.sent() == ["canarino@example.org"]
    assert world.tick() == 0 and last(world).state == RunState.RELEASED  # the archive cannot be read
    for part in ("new", "cur"):
        (world.archive.folder / part).mkdir(parents=True)
    world.tick(days(1) + timedelta(minutes=59))
    assert last(world).state == RunState.RELEASED and world.sent() == []
    world.tick(days(1) + timedelta(minutes=61))
    assert last(world).reasons == (
        "the canary's mail was accepted and not found in the archive within an hour",
    )
    assert last(world).state == RunState.HELD and world.sent() == []

    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]
    world.tick()
    show(world, 2, AGAIN)
    assert world.sent() == ["canarino@example.org"]
    copy = next(one for one in world.mails() if one.subscription_id is None and one.cutoff == 2)
    (world.archive.folder / "new" / "1").write_bytes(copy.message)
    world.tick()
    assert (last(world).state, last(world).note) == (
        RunState.DRAINING,
        "the canary's mail was found in the archive",
    )
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]


def test_the_canarys_report_is_waited_for_where_one_came_before(world: RunWorld) -> None:
    """Without an archive a report is proof; where none ever comes, it is enough that the mail was taken."""
    world.caution = replace(world.caution, canary="canarino@example.org")

    def reported(delivery_id: int) -> None:
        with world.db.writing() as session:
            settle_reported(session, delivery_id, world.clock.now(), DeliveryState.DELIVERED, "2.0.0 Sent")

    def canary() -> int:
        return next(one.id for one in reversed(world.mails()) if one.subscription_id is None)

    show(world, 1, CHANGED)
    world.sent()
    world.tick()
    assert last(world).state == RunState.DRAINING
    reported(canary())
    world.sent()
    world.tick()

    show(world, 2, AGAIN)
    assert world.sent() == ["canarino@example.org"]
    world.tick(days(2) + timedelta(minutes=59))
    assert last(world).state == RunState.RELEASED and world.sent() == []
    reported(canary())
    world.tick()
    assert (last(world).state, last(world).note) == (
        RunState.DRAINING,
        "the canary's mail was reported as delivered",
    )
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]
    world.tick()

    show(world, 3, CHANGED)
    world.sent()
    world.tick(days(3) + timedelta(minutes=61))
    assert last(world).state == RunState.HELD
    assert last(world).reasons == (
        "the canary's mail was accepted and not reported as delivered within an hour",
    )


def test_a_canary_that_is_refused_holds_the_run(world: RunWorld) -> None:
    """Nothing else leaves; staff who release the run all the same are not asked again."""
    world.caution = replace(world.caution, canary="canarino@example.org")
    show(world, 1, CHANGED)
    with world.db.writing() as session:
        taken = claim(session, days(1), days(1.1))
        assert taken is not None
        settle_rejected(session, taken.id, days(1), "550 5.7.1 no")
    world.tick()
    assert last(world).reasons == ("the canary's mail is rejected: 550 5.7.1 no",)
    assert last(world).state == RunState.HELD and world.sent() == []
    with world.db.writing() as session:
        release_run(session, last(world).id, signed(world))
    world.tick()
    assert len(world.sent()) == 2


def test_a_canary_that_nobody_takes_holds_the_run(world: RunWorld) -> None:
    """After an hour without an answer staff are asked."""
    world.caution = replace(world.caution, canary="canarino@example.org")
    show(world, 1, CHANGED)
    world.tick(days(1) + timedelta(minutes=59))
    assert last(world).state == RunState.RELEASED
    world.tick(days(1) + timedelta(minutes=61))
    assert last(world).state == RunState.HELD and "within an hour" in last(world).reasons[0]


def test_check_32_a_correction_reaches_those_who_were_told(world: RunWorld) -> None:
    """Exactly those who got the wrong digest, under that digest, and only once staff release it."""
    gone = world.joined(AT_ONCE, "uscita@example.org")
    show(world, 1, CHANGED)
    world.sent()
    world.tick()
    world.clock.at = days(2)
    world.joined(AT_ONCE, "dopo@example.org")
    with world.db.writing() as session:
        unsubscribe(session, gone, days(2))
    wording = {"it": "Lo stato era rimasto quello di prima.", "en": "It was as before."}
    number, made = correct(world.db, SENDER, [1], wording, signed(world, "Letto male"))
    assert made == 2 and world.sent() == []
    with world.db.writing() as session:
        release_run(session, number, signed(world))
    world.tick()
    assert sorted(world.sent()) == ["altra@example.org", "ong@example.org"]
    digests = {one.recipient: one for one in world.mails() if one.kind == DeliveryKind.DIGEST}
    for mail in (one for one in world.mails() if one.kind == DeliveryKind.CORRECTION):
        wrong = digests[mail.recipient]
        fields = dict(read_mail(mail.message).headers)
        assert fields["In-Reply-To"] == fields["References"] == wrong.message_id
        assert mail.corrects_id == wrong.id and mail.cutoff is None
        text = " ".join(read_mail(mail.message).parts[0].text.split())
        assert "corregge il riepilogo" in text and "Lo stato era rimasto quello di prima." in text
        assert read_mail(mail.message).subject.startswith("Correzione")
    with world.db.reading() as session:
        kinds = [one.kind for one in told_of(session, [1])]
        assert kinds.count(DeliveryKind.CORRECTION) == 2 and kinds.count(DeliveryKind.DIGEST) == 3
        assert all(subscription(session, one.subscription_id or 0).cursor == 1 for one in digests.values())


def test_check_32_what_nobody_was_told_is_not_corrected(world: RunWorld) -> None:
    """Without anybody who was told, or without words, there is no correction, and nothing is written."""
    show(world, 1, CHANGED)
    for wording, fault in (({"it": "x"}, "nobody"), ({"it": " "}, "says nothing")):
        with pytest.raises(DecisionError, match=fault):
            correct(world.db, SENDER, [1], wording, signed(world))
    assert all(one.kind == "digest" for one in world.runs())


@pytest.mark.parametrize(
    ("changed", "gone", "before", "reasons"),
    [
        (6, 0, 20, 0),  # 30 % is not more than 30 %
        (7, 0, 20, 1),
        (5, 0, 5, 0),  # a source of few projects
        (0, 5, 100, 0),
        (0, 6, 100, 1),
        (6, 6, 20, 2),
    ],
)
def test_what_is_out_of_the_ordinary(changed: int, gone: int, before: int, reasons: int) -> None:
    """More than 30 % of a source's projects, if more than five, or more than five removals."""
    steps = [changed_field("status", "a", "b", track=number) for number in range(changed)]
    steps += [happened(ChangeKind.REMOVED, track=number) for number in range(100, 100 + gone)]
    assert len(surprises(fold(ledger(*steps)), {"torino": before}, Caution())) == reasons


def test_staff_hear_of_a_held_run_once(world: RunWorld) -> None:
    """One mail to each of the staff's addresses, with the reasons and the page on which to decide."""
    sender = replace(SENDER, alerts_to=("staff@example.org",), alerts_language="en")
    show(world, 1, FEWER)
    owe_alerts(world.db, world.clock, sender)
    assert [owe_alerts(world.db, world.clock, sender) for _ in range(3)] == [0, 0, 0]
    with world.db.reading() as session:
        texts = [read_mail(one.message).parts[0].text for one in deliveries(session, kind=DeliveryKind.ALERT)]
    (text,) = (text for text in texts if f"/staff/runs/{last(world).id}" in text)
    assert "8 projects were removed" in text


def test_staff_hear_of_a_held_run_in_their_language(world: RunWorld) -> None:
    """Where alerts are Italian, subject and reasons are, with the hour of Rome; what is kept is English."""
    sender = replace(SENDER, alerts_to=("staff@example.org",), alerts_language="it")
    show(world, 1, FEWER)
    owe_alerts(world.db, world.clock, sender)
    with world.db.reading() as session:
        letters = [read_mail(one.message) for one in deliveries(session, kind=DeliveryKind.ALERT)]
    held = last(world)
    (letter,) = (one for one in letters if f"/staff/runs/{held.id}" in one.parts[0].text)
    assert letter.subject == f"coopwatch: tornata {held.id} trattenuta, 21 agosto 2018, 06:30"
    assert "- torino: progetti tolti 8 (soglia: 5)" in letter.parts[0].text.splitlines()
    assert held.reasons[1] == "torino: 8 projects were removed: more than 5"


def test_check_27_a_first_digest_says_where_it_starts(world: RunWorld) -> None:
    """A reader who joins in mid-window is told later changes only, and from when; later mails do not say."""
    show(world, 1, CHANGED)
    world.sent()
    world.clock.at = days(2)
    world.joined(AT_ONCE, "dopo@example.org")
    show(world, 3, LATER)
    world.sent()
    world.tick()
    show(world, 4, CHANGED)
    texts = [
        " ".join(read_mail(one.message).parts[0].text.split())
        for one in world.mails()
        if one.recipient == "dopo@example.org"
    ]
    starts = ["dall’inizio della tua iscrizione, il 22 agosto 2018" in text for text in texts]
    assert starts == [True, False]
