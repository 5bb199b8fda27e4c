"""E-mail addresses: what mail servers take, and which mailbox that leads to, however it is spelt."""

import unicodedata
from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

from scraper.errors import AddressError


@dataclass(frozen=True, slots=True)
class Address:
    """An address: `envelope` is what mail servers take, `mailbox` the folded name of the mailbox it reaches.

    The envelope's domain is ASCII (RFC 5890, A-labels); its local part may not be (RFC 6531), and keeps the
    case and the plus-tag with which it was written.
    """

    envelope: str
    mailbox: str


def parse_address(text: str) -> Address:
    """Return the address that somebody typed, full-width letters and a trailing dot forgiven.

    Raises AddressError where it is none. Nobody is asked whether the domain exists.
    """
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix(".")
    try:
        found = validate_email(plain, check_deliverability=False, allow_smtputf8=True)
    except EmailNotValidError as error:
        raise AddressError(str(error), "Write one address alone: name@example.org.") from error
    envelope = f"{found.local_part}@{found.ascii_domain}"
    return Address(envelope, mailbox_of(envelope))


def mailbox_of(envelope: str) -> str:
    """Return the folded name of the mailbox that an envelope address reaches: one subscriber for each.

    Case is folded, although RFC 5321 lets a server tell `A` from `a`: none in use does. What follows a plus
    is taken for a tag of the same mailbox (RFC 5233). Other customs, such as Gmail's dots, are left alone.
    """
    local, _, domain = unicodedata.normalize("NFKC", envelope).rpartition("@")
    name, _, _ = local.partition("+")
    return f"{(name or local).lower()}@{domain.lower().removesuffix('.')}"
