"""The words under which people let us write to them, and who answers for what is kept of them."""

from dataclasses import dataclass
from datetime import timedelta

from notifier.words import Words
from store.consents import Wording

CONSENT_VERSION = "1"
"""Raise it whenever `consent.text` of the catalogues is meant to say more or less than before."""


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for personal data (GDPR, art. 13): empty where the operator has not said it yet.

    `address` is a postal one, `contact` and `officer` (the data protection officer's) are e-mail or web
    addresses. The bodies of sent mails are kept for `bodies`.
    """

    name: str = ""
    address: str = ""
    contact: str = ""
    officer: str = ""
    bodies: timedelta = timedelta(days=30)

    @property
    def missing(self) -> tuple[str, ...]:
        """The names of what a privacy notice must say and nobody has set."""
        return tuple(name for name in ("name", "address", "contact", "officer") if not getattr(self, name))


def consent_wording(words: Words, controller: Controller, sender: str) -> Wording:
    """Return the words above the buttons that sign up and confirm; `sender` stands in for a nameless body."""
    text = words.text("consent.text", controller=controller.name or sender)
    return Wording(CONSENT_VERSION, words.language, text)
