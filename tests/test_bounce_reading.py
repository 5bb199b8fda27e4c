"""What a mail that came back is, and whose fault a failure is."""

import ast
import os
import random
from pathlib import Path

import pytest

from notifier.bounces.grading import graded
from notifier.bounces.incoming import incoming
from notifier.bounces.reports import Fate, outcome_for
from notifier.bounces.return_paths import Mark, Purpose, ReturnPaths
from store.kinds import IncomingKind, Refusal
from tests.bounce_samples import PATHS, answer_of_absence, block, complaint, letter, report

READER = "reader@example.net"


def sender(number: int = 5) -> str:
    """Return the envelope sender of a delivery."""
    address = PATHS.envelope_sender(number)
    assert address is not None
    return address


@pytest.mark.parametrize("number", [1, 7, 2_147_483_647, 10**17])
def test_an_envelope_sender_is_one_short_address_that_names_its_delivery(number: int) -> None:
    """The local part is within 64 octets (RFC 5321), and leads back to the delivery in whatever case."""
    address = sender(number)

    assert len(address.partition("@")[0]) <= 64
    for spelt in (address, address.upper(), f"SRS0=ab=cd=example.org={address}", f"<{address}>"):
        assert PATHS.found(spelt) == Mark(Purpose.BOUNCE, number, genuine=True)


def test_a_bent_mark_is_seen() -> None:
    """Another number, any other digit, another purpose or another key: none passes for ours."""
    address = sender(5)
    start = address.index("v1.") + len("v1.5.")
    for place in range(start, start + 20):
        bent = address[:place] + ("1" if address[place] == "0" else "0") + address[place + 1 :]
        assert PATHS.found(bent) == Mark(Purpose.BOUNCE, 5, genuine=False)
    for forged in (address.replace("v1.5.", "v1.6."), address.replace("v1.", "leave1.")):
        found = PATHS.found(forged)
        assert found is not None
        assert not found.genuine
    other = ReturnPaths(b"another key", PATHS.mailbox).found(address)
    assert other == Mark(Purpose.BOUNCE, 5, genuine=False)


def test_without_a_mailbox_there_is_an_envelope_id_but_no_address() -> None:
    """Reports then go to the From address; the ENVID still tells which message they are about."""
    paths = ReturnPaths(PATHS.key)

    assert paths.envelope_sender(5) is None
    assert paths.leave_address(5) is None
    assert paths.found(paths.envelope_id(5)) == Mark(Purpose.BOUNCE, 5, genuine=True)


@pytest.mark.parametrize(
    ("status", "words", "grade"),
    [
        *(
            (f"5.{detail}", "", Refusal.ADDRESS)
            for detail in ("1.1", "1.2", "1.3", "1.6", "1.10", "4.4", "2.1")
        ),
        ("5.2.2", "", Refusal.SOFT),
        ("4.4.7", "", Refusal.SOFT),
        ("4.1.1", "550 5.1.1 no", Refusal.SOFT),
        *((f"5.{detail}", "", Refusal.OURS) for detail in ("7.1", "7.26", "3.4", "6.1", "5.2", "9.9")),
        ("5.0.0", "smtp; 550 5.1.1 <x@y>: user unknown", Refusal.ADDRESS),
        ("5.0.0", "smtp; 550 user unknown", Refusal.OURS),
        ("5.1.1 (no such user)", "", Refusal.ADDRESS),
        ("5.01.01", "", Refusal.ADDRESS),
        (None, "550 5.1.1 no such user", Refusal.ADDRESS),
        (None, "550-5.1.1 no such user", Refusal.ADDRESS),
        (None, "451 later", Refusal.SOFT),
        (None, "550 no", Refusal.OURS),
        (None, "552 from 192.5.1.1 refused", Refusal.OURS),
        (None, "", Refusal.OURS),
        ("", "", Refusal.OURS),
    ],
)
def test_a_failure_is_held_against_an_address_only_where_it_is_dead(
    status: str | None, words: str, grade: Refusal
) -> None:
    """RFC 3463's codes say whose fault it is; what says too little is ours to look into."""
    assert graded(status, words) is grade


def test_a_report_says_what_became_of_the_message() -> None:
    """Its block gives the fate, the grade and the server's words; where it came to names the delivery."""
    found = incoming(report(sender(), block(READER, "failed", "5.1.1", "550 5.1.1 unknown")), PATHS)

    assert (found.kind, found.number) == (IncomingKind.REPORT, 5)
    outcome = outcome_for(READER, found.outcomes)
    assert outcome is not None
    assert (outcome.fate, outcome.grade, outcome.status) == (Fate.FAILED, Refusal.ADDRESS, "5.1.1")
    assert outcome.words == "smtp; 550 5.1.1 unknown"


@pytest.mark.parametrize(
    ("action", "fate"),
    [
        ("delivered", Fate.DELIVERED),
        ("Relayed (to a mailer that does not report)", Fate.DELIVERED),
        ("expanded", Fate.DELIVERED),
        ("Delayed", Fate.DELAYED),
        ("failure", Fate.FAILED),
    ],
)
def test_every_action_has_a_fate(action: str, fate: Fate) -> None:
    """The five actions of RFC 3464 are known, inflected and commented upon as servers do."""
    found = incoming(report(sender(), block(READER, action, "2.0.0")), PATHS)

    assert [one.fate for one in found.outcomes] == [fate]


def test_of_many_recipients_our_own_counts_and_else_the_mildest() -> None:
    """A list behind an address that has one dead member is not dead itself."""
    dead, full = block("a@example.net", "failed", "5.1.1"), block("b@example.net", "failed", "5.2.2")
    arrived = block("c@example.net", "delivered", "2.0.0")
    named = block(READER.upper(), "failed", "5.1.1")

    def fate(*blocks: dict[str, str]) -> tuple[Fate, Refusal | None]:
        found = outcome_for(READER, incoming(report(sender(), *blocks), PATHS).outcomes)
        assert found is not None
        return found.fate, found.grade

    assert fate(dead, full) == (Fate.FAILED, Refusal.SOFT)
    assert fate(dead, full, arrived) == (Fate.DELIVERED, None)
    assert fate(arrived, full, named) == (Fate.FAILED, Refusal.ADDRESS)
    assert outcome_for(READER, ()) is None


def test_a_report_without_the_address_is_known_by_its_envelope_id() -> None:
    """Where mail servers report to the From address, the signed ENVID ties the report to its message."""
    dead = block(READER, "failed", "5.1.1")

    assert incoming(report("us@example.org", dead, envelope_id=PATHS.envelope_id(9)), PATHS).number == 9
    assert incoming(report("us@example.org", dead, envelope_id="9"), PATHS).number is None
    assert incoming(report("us@example.org", dead), PATHS).kind is IncomingKind.REPORT


def test_the_trace_of_the_last_server_says_to_whom_a_mail_came() -> None:
    """Where no other field says so, the mark stands in the "for" of Received (RFC 5321, 4.4)."""
    bare = report("", block(READER, "failed", "5.1.1"))
    trace = f"Received: from mx.example.org by mail.example.org\n\twith LMTP id 1\n\tfor <{sender(9)}>; now\n"

    assert incoming(bare, PATHS).number is None
    assert incoming(trace.encode() + bare, PATHS).number == 9


def test_a_forged_report_is_known_as_one() -> None:
    """Who has not our key cannot make a delivery bounce."""
    forged = sender().replace("v1.5.", "v1.6.")

    assert incoming(report(forged, block(READER, "failed", "5.1.1")), PATHS).kind is IncomingKind.FORGED


def test_a_complaint_is_tied_to_its_message() -> None:
    """The envelope sender that it quotes names the delivery; "not spam" is no complaint."""
    found = incoming(complaint(sender(8)), PATHS)

    assert (found.kind, found.number) == (IncomingKind.COMPLAINT, 8)
    assert incoming(complaint(sender(8), "not-spam"), PATHS).kind is IncomingKind.OTHER
    assert incoming(complaint(sender(8).replace("v1.8", "v1.9")), PATHS).kind is IncomingKind.FORGED
    assert incoming(complaint("somebody@example.org"), PATHS).number is None


def test_a_wish_to_leave_comes_from_a_person_alone() -> None:
    """A mail to a subscription's address ends it; an automatic answer to it does not."""
    leave = PATHS.leave_address(3)
    assert leave is not None
    found = incoming(letter(leave, ""), PATHS)

    assert (found.kind, found.number) == (IncomingKind.LEAVING, 3)
    assert incoming(answer_of_absence(leave), PATHS).kind is IncomingKind.AUTOMATIC
    assert incoming(letter(sender()), PATHS).kind is IncomingKind.OTHER
    assert incoming(letter(leave.replace("1.3.", "1.4.")), PATHS).kind is not IncomingKind.LEAVING


def test_answers_of_absence_are_no_bounces() -> None:
    """Not even where they use the words of one, or quote a whole report."""
    quoted = report(sender(), block(READER, "failed", "5.1.1")).decode()

    assert incoming(answer_of_absence(sender()), PATHS).kind is IncomingKind.AUTOMATIC
    assert incoming(answer_of_absence(sender(), quoted), PATHS).kind is IncomingKind.AUTOMATIC


def test_any_bytes_are_some_mail() -> None:
    """Whatever lies in the mailbox, reading it raises nothing and holds nothing against anybody."""
    chance = random.Random(3464)
    whole = report(sender(), block(READER, "failed", "5.1.1"), envelope_id=PATHS.envelope_id(5))
    for _ in range(500):
        cut = bytearray(whole[: chance.randrange(len(whole))])
        for _ in range(chance.randrange(8)):
            if cut:
                cut[chance.randrange(len(cut))] = chance.randrange(256)
        found = incoming(bytes(cut), PATHS)
        assert found.number in {None, 5}


def test_check_36_the_corpus_of_flufl_bounce_is_read() -> None:
    """Of flufl.bounce's own samples at least 95 % give the addresses that failed or wait, and no others."""
    corpus = os.environ.get("COOPWATCH_BOUNCE_CORPUS")
    if corpus is None:
        pytest.skip("no corpus: `make test-mail` fetches flufl.bounce's sources, whose samples are not ours")
    folder = Path(corpus)
    expected = _corpus_manifest(folder)
    wrong = [
        name
        for name, (waiting, failed) in expected.items()
        if _corpus_reading((folder / "data" / name).read_bytes()) != (waiting, failed)
    ]

    assert len(expected) > 100
    assert len(wrong) <= 0.05 * len(expected), wrong


def _corpus_manifest(folder: Path) -> dict[str, tuple[set[str], set[str]]]:
    """Return, by file, who waits and who failed, as flufl.bounce's own test lists them."""
    tree = ast.parse((folder / "test_detectors.py").read_text("utf-8"))
    listed = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "DETECTORS"
    )
    found: dict[str, tuple[set[str], set[str]]] = {}
    for _, name, addresses, waits in ast.literal_eval(listed):
        waiting, failed = found.setdefault(name, (set(), set()))
        (waiting if waits else failed).update(address.decode() for address in addresses)
    return found


def _corpus_reading(message: bytes) -> tuple[set[str], set[str]]:
    outcomes = incoming(message, PATHS).outcomes
    return (
        {one.recipients[0] for one in outcomes if one.fate is Fate.DELAYED},
        {one.recipients[0] for one in outcomes if one.fate is Fate.FAILED},
    )
