"""Questions to the domain name system, for the doctor."""

from collections.abc import Callable

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, Resolver

from scraper.errors import MailError, SettingsError

Lookup = Callable[[str], tuple[str, ...]]
"""Returns the TXT records of a name, each in one piece; none where there is none. Raises MailError."""

PATIENCE = 3.0
"""Seconds that one answer may take."""


def text_records(nameserver: str = "") -> Lookup:
    """Return the look-up through this name server ("192.0.2.1", "192.0.2.1:5353"); empty: the system's ones.

    Raises SettingsError for what is no address.
    """
    host, _, port = nameserver.partition(":")
    try:
        resolver = Resolver(configure=not host)
        if host:
            resolver.nameservers, resolver.port = [host], int(port or 53)
    except (ValueError, DNSException) as error:
        raise SettingsError(
            f"no name server: {nameserver or error}", "Give an address, such as 192.0.2.1 or 192.0.2.1:5353."
        ) from error
    resolver.lifetime = PATIENCE

    def lookup(name: str) -> tuple[str, ...]:
        try:
            answer = resolver.resolve(name, "TXT")
        except (NXDOMAIN, NoAnswer):
            return ()
        except (DNSException, OSError, ValueError) as error:
            raise MailError(
                f"the DNS does not answer about {name} ({type(error).__name__})",
                "Try again, or ask another one with --nameserver.",
            ) from error
        return tuple(b"".join(record.strings).decode("utf-8", "replace") for record in answer)

    return lookup
