"""Everything that is held on one mailbox, for the person whose it is (GDPR, art. 15 and 20)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from notifier.masking import read_mail
from store.consents import Consent, Wording, consents
from store.database import Session
from store.deliveries import Delivery, deliveries
from store.erasure import spellings
from store.mailed_links import mailed_links
from store.preferences import Wish, preferences
from store.subscriptions import Subscription, mailbox_subscriptions


def personal_file(session: Session, mailbox: str) -> dict[str, Any]:
    """Return what is held on a mailbox as JSON values; the secrets of mailed links are shown to nobody."""
    return {
        "mailbox": mailbox,
        "subscriptions": [_subscription(session, one) for one in mailbox_subscriptions(session, mailbox)],
        "consents": [_consent(one) for one in consents(session, mailbox)],
        "deliveries": [_delivery(one) for one in _mails(session, mailbox)],
    }


def _mails(session: Session, mailbox: str) -> list[Delivery]:
    """Return every mail to the mailbox, to whatever spelling of its address, oldest first."""
    found = (one for name in spellings(session, mailbox) for one in deliveries(session, recipient=name))
    return [one for _, one in sorted({mail.id: mail for mail in found}.items())]


def _subscription(session: Session, reader: Subscription) -> dict[str, Any]:
    return {
        "number": reader.id,
        "address": reader.address,
        "state": reader.state.value,
        "asked_for_at": _instant(reader.requested_at),
        "asked_for_on": reader.sign_up.form.value,
        "origin": reader.sign_up.origin,
        "confirmed_at": _instant(reader.confirmed_at),
        "suspended_at": _instant(reader.suspended_at),
        "suspended_by": reader.suspended_for,
        "ended_at": _instant(reader.ended_at),
        "last_told_at": _instant(reader.told_at),
        "told_up_to": reader.cursor,
        "preferences": [
            {"version": one.version, "since": _instant(one.at), **_wish(one.wish)}
            for one in preferences(session, reader.id)
        ],
        "links": [
            {
                "purpose": token.purpose.value,
                "made_at": _instant(token.created_at),
                "expires_at": _instant(token.expires_at),
            }
            for token in mailed_links(session, reader.id)
        ],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    filters = {name: list(value) for name, value in asdict(wish.filters).items()}
    return {"language": wish.language, "frequency": wish.frequency.value, "filters": filters}


def _consent(consent: Consent) -> dict[str, Any]:
    return {
        "event": consent.event.value,
        "at": _instant(consent.at),
        "requested_at": _instant(consent.requested_at),
        "form": consent.form.value,
        "language": consent.language,
        "frequency": consent.frequency.value,
        "words_of_the_form": _wording(consent.asked),
        "words_of_the_confirmation": _wording(consent.confirmed),
    }


def _wording(wording: Wording | None) -> dict[str, str] | None:
    return None if wording is None else {**asdict(wording), "sha256": wording.sha256}


def _delivery(delivery: Delivery) -> dict[str, Any]:
    mail = read_mail(delivery.message) if delivery.message else None
    return {
        "number": delivery.id,
        "kind": delivery.kind.value,
        "recipient": delivery.recipient,
        "state": delivery.state.value,
        "made_at": _instant(delivery.created_at),
        "settled_at": _instant(delivery.settled_at),
        "server_said": delivery.response,
        "sha256": delivery.message_sha256,
        "message": asdict(mail) if mail else None,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.strftime("%Y-%m-%dT%H:%M:%SZ")
