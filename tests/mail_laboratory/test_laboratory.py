"""The laboratory itself: mail goes through, and genuine reports come back."""

import smtplib

import pytest

from notifier.bounces.incoming import incoming
from notifier.bounces.reports import Fate, outcome_for
from store.kinds import IncomingKind, Refusal
from tests.bounce_samples import PATHS
from tests.mail_laboratory.laboratory import Laboratory, waited
from tests.mail_laboratory.recipes import SMTP_PORT

pytestmark = pytest.mark.mail

BOUNCES = "bounces@bounce.example.org"


def handed_over(recipient: str, number: int) -> None:
    """Hand Postfix a message with our return path for that delivery."""
    sender = PATHS.envelope_sender(number)
    assert sender is not None
    words = f"From: coopwatch@example.org\r\nTo: {recipient}\r\nSubject: {number}\r\n\r\nHello.\r\n"
    with smtplib.SMTP("127.0.0.1", SMTP_PORT) as smtp:
        smtp.sendmail(
            sender,
            [recipient],
            words.encode(),
            ["RET=HDRS", f"ENVID={PATHS.envelope_id(number)}"],
            ["NOTIFY=SUCCESS,FAILURE,DELAY"],
        )


@pytest.mark.parametrize(
    ("number", "recipient", "fate", "grade"),
    [
        (101, "reader@example.net", Fate.DELIVERED, None),
        (102, "gone@refusing.example", Fate.FAILED, Refusal.ADDRESS),
        (103, "policy@refusing.example", Fate.FAILED, Refusal.OURS),
        (104, "bare@refusing.example", Fate.FAILED, Refusal.OURS),
        (105, "large@refusing.example", Fate.FAILED, Refusal.OURS),
        (106, "full@refusing.example", Fate.DELAYED, None),
        (107, "full@refusing.example", Fate.FAILED, Refusal.SOFT),
    ],
)
def test_a_genuine_report_of_postfix_is_understood(
    laboratory: Laboratory, number: int, recipient: str, fate: Fate, grade: Refusal | None
) -> None:
    """Whatever became of a message, its report bears our mark and is read rightly."""
    handed_over(recipient, number)

    def reported() -> bool:
        read = (incoming(one, PATHS) for one in laboratory.raw_mails(BOUNCES))
        told = [outcome_for(recipient, one.outcomes) for one in read if one.number == number]
        return any(one and (one.fate, one.grade) == (fate, grade) for one in told)

    assert waited(reported, f"{fate} for {recipient}")
    assert {incoming(one, PATHS).kind for one in laboratory.raw_mails(BOUNCES)} == {IncomingKind.REPORT}
