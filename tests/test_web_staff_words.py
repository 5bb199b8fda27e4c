"""The words of the staff's pages: complete in both languages, with the same values, none left over."""

import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from store.deliveries import DeliveryKind, DeliveryState
from store.kinds import (
    ConsentEvent,
    Refusal,
    ReviewEnd,
    ReviewKind,
    RunAction,
    RunState,
    SignUpForm,
    SubscriptionState,
    SuspensionReason,
)
from store.staff.accounts import StaffRole
from tests.test_digest_words import blanks
from tests.test_digest_words import keys as public_keys
from web.office.staff_records import SAID
from web.office.staff_words import STAFF_LANGUAGES, staff_words

WEB = Path(__file__).parent.parent / "web"
DAYS = ("good", "changed", "held", "failed", "none")
ANSWERS = ("release", "reject", "same", "different")
RUN_ACTS = ("hold", "release", "reject", "told")
BUILT_FROM = {
    "staff.role": StaffRole,
    "staff.delivery.kind": DeliveryKind,
    "staff.delivery.state": DeliveryState,
    "staff.delivery.refusal": Refusal,
    "staff.review": (*ReviewKind, *ANSWERS, *(f"{answer}_why" for answer in ANSWERS)),
    "staff.review.ended": ReviewEnd,
    "staff.review.lead": ReviewKind,
    "staff.daybook.key": DAYS,
    "staff.daybook": ("held", "failed"),
    "staff.done": (
        *("check", "note", *ANSWERS, "merge", "split", "undo"),
        *("added", "suspended", "resumed", "erased", "run_correct"),
        *(f"run_{act}" for act in RUN_ACTS),
    ),
    "staff.run.act": (*RUN_ACTS, *(f"{act}_why" for act in RUN_ACTS)),
    "staff.run.did": RunAction,
    "staff.run.state": RunState,
    "staff.run.wording": ("it", "en", "fr"),
    "staff.subscriber.consent": ConsentEvent,
    "staff.subscriber.form": SignUpForm,
    "staff.subscriber.suspended": SuspensionReason,
    "staff.subscribers.state": SubscriptionState,
    "staff.subscribers.wrong": ("address", "form", "standing", "suppressed", "waiting"),
    "staff.sign_in": ("wrong", "over", "elsewhere", "provider", "unknown"),
    "staff.turned_away": (
        "role",
        "form",
        "why",
        "decision",
        "role_why",
        "form_why",
        "why_why",
        "decision_why",
    ),
    "staff.action": ("merge", "split", "undo", *ANSWERS),
}
"""Keys that are put together: prefix and members."""


def catalogue(language: str) -> Catalog:
    """Read a language's words as they stand in its file."""
    lines = (WEB / "locale" / language / "staff.po").read_text("utf-8").splitlines(keepends=True)
    return read_po(lines, locale=language)


def keys(language: str) -> set[str]:
    """Return the keys that have words in a language."""
    return {
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalogue(language)
        if message.id and all(message.string if isinstance(message.string, tuple) else [message.string])
    }


def used_keys() -> set[str]:
    """Return every key of the office that templates and modules name or build."""
    named = {
        key
        for path in WEB.rglob("*")
        if path.suffix in {".py", ".html"}
        for key in re.findall(r"""["'](staff(?:\.[a-z_]+)+)["']""", path.read_text("utf-8"))
    }
    built = {f"{prefix}.{member}" for prefix, members in BUILT_FROM.items() for member in members}
    return (named | built | set(SAID.values())) - {"staff.po"}


def test_every_key_has_words_and_every_word_is_used() -> None:
    """A key without words would be a fault that staff see; words without a use are left over."""
    for language in STAFF_LANGUAGES:
        assert keys(language) == used_keys(), language


def test_the_languages_put_in_the_same_values() -> None:
    """Each language says the same things, with the same values put in."""
    first = {message.id: message for message in catalogue("it") if message.id}
    for message in catalogue("en"):
        if message.id:
            assert blanks(message.string) == blanks(first[message.id].string), message.id


def test_the_public_words_are_there_too() -> None:
    """The office speaks its own words and the public ones, and no key means two things."""
    assert keys("it") & public_keys("it") == set()
    assert staff_words("en").text("nav.projects") == "Projects"
    assert staff_words("fr").language == "en" and staff_words("it").text("staff.sign_out") == "Esci"
