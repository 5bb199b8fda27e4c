"""Mails that somebody asked for on a page: to confirm a sign-up, or with a fresh link to preferences."""

from datetime import datetime, timedelta

from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import Envelope, Letter, confirmation_letter, link_letter
from notifier.stencil import printed, stencil
from notifier.words import words
from store.database import Session
from store.deliveries import DeliveryKind, owe
from store.retention import UNCONFIRMED
from store.subscriptions import SignUpForm, Subscription, TokenPurpose, mint

CONFIRM_WITHIN = UNCONFIRMED
"""How long the link of a confirmation mail works."""

PREFERENCES_WITHIN = timedelta(hours=24)
"""How long a mailed link to one's preferences works."""


def owe_confirmation(session: Session, reader: Subscription, sender: Sender, at: datetime) -> None:
    """Owe the mail that asks for a confirmation, in the caller's transaction (the sign-up's own)."""
    expires = at + CONFIRM_WITHIN
    token = mint(session, reader.id, TokenPurpose.CONFIRM, at, expires)
    envelope = Envelope(reader.frequency, sender.name, token)
    listed = reader.sign_up.form is not SignUpForm.WEB
    letter = confirmation_letter(
        envelope, expires, Links(sender.public_url), words(reader.language), listed=listed
    )
    _owe(session, DeliveryKind.CONFIRMATION, letter, reader.address, sender, at, token, reader.id)


def owe_link(session: Session, reader: Subscription, sender: Sender, at: datetime) -> None:
    """Owe the mail with a fresh link to a reader's preferences, to the address on record.

    It belongs to no subscription: who has left may still look at, take along and erase what is kept.
    """
    expires = at + PREFERENCES_WITHIN
    token = mint(session, reader.id, TokenPurpose.PREFERENCES, at, expires)
    links = Links(sender.public_url)
    letter = link_letter(links.preferences(token), expires, sender.name, links, words(reader.language))
    _owe(session, DeliveryKind.LINK, letter, reader.address, sender, at, token, None)


def _owe(
    session: Session,
    kind: DeliveryKind,
    letter: Letter,
    recipient: str,
    sender: Sender,
    at: datetime,
    token: str,
    subscription_id: int | None,
) -> None:
    identifier = message_id(kind, token, sender.domain)
    owe(
        session,
        kind=kind,
        recipient=recipient,
        message_id=identifier,
        message=printed(stencil(letter, sender), recipient=recipient, identifier=identifier, at=at),
        at=at,
        subscription_id=subscription_id,
    )
