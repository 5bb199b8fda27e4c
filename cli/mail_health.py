"""The doctor's look at mail: settings, the mail server, and what the DNS says about the sender's domain."""

import re
from collections.abc import Callable, Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from cli.health import Finding
from cli.name_server import Lookup
from cli.wiring import mail_key, mail_sender, mail_server
from notifier.dkim import DkimKey
from notifier.links import Links
from notifier.message import message_id
from notifier.post import MailDeferred, MailInDoubt, MailRejected
from notifier.render import plain_letter
from notifier.stencil import printed, stencil
from notifier.words import words
from schedules.present import Present
from scraper.errors import CoopwatchError, MailError
from settings import Settings
from store.kinds import DeliveryKind
from store.mailboxes import parse_address

REMOVED_TAGS = {"pct", "rf", "ri"}
"""Tags of DMARC that RFC 9989 has taken away."""

MOST_LOOKUPS = 10
"""How many further look-ups an SPF record may cause (RFC 7208, 4.6.4)."""

DEEPEST_WALK = 8
"""How many labels a DMARC record is looked for under (RFC 9989, tree walk)."""

_EXAMPLES = ("example.org", "example.com", "example.net", "example", "localhost", "invalid", "test")


def mail_findings(settings: Settings, lookup: Lookup) -> Iterator[Finding]:
    """Yield everything about mail; a domain that is only an example is not asked about."""
    yield from settings_findings(settings)
    try:
        with mail_server(settings) as post:
            offered = post.offers()
    except CoopwatchError as error:
        yield Finding("mail server", "failed", str(error), error.hint)
    else:
        yield Finding("mail server", "ok", f"{settings.smtp_host} port {settings.smtp_port} answers")
        yield from server_findings(offered, settings)
    if _is_an_example(settings):
        return
    try:
        yield from domain_findings(settings, mail_key(settings), lookup)
    except CoopwatchError as error:
        yield Finding("dns", "failed", str(error), error.hint)


def sent_test(settings: Settings, address: str) -> str:
    """Send a test message and return what the server said; raises MailError or AddressError.

    It is no delivery: nobody is owed it, it tells nobody anything, and nothing of it is kept. As a row it
    would wait for the sender's turn, be tried again for days, and stand in the evidence log for ever, while
    whoever asks wants to hear now what the server says, even before there is a database.
    """
    recipient = parse_address(address).envelope
    sender, now = mail_sender(settings), Present().now()
    letter = plain_letter(
        "test", words(sender.alerts_language), links=Links(sender.public_url), sender=sender.name
    )
    identifier = message_id(DeliveryKind.TEST, f"{recipient}/{now.isoformat()}", sender.domain)
    message = printed(stencil(letter, sender), recipient=recipient, identifier=identifier, at=now)
    try:
        with mail_server(settings) as post:
            return post.send(sender.address, recipient, message)
    except (MailDeferred, MailRejected, MailInDoubt) as error:
        raise MailError(
            f"the mail server did not take it: {error}", "What it says is mostly the reason."
        ) from error


def settings_findings(settings: Settings) -> Iterator[Finding]:
    """Yield what the settings alone say about mail: sender, answers, public address."""
    if _is_an_example(settings):
        yield Finding("mail_from", "warning", f"{settings.mail_from} is nobody's", "Set mail_from.")
    else:
        yield Finding("mail_from", "ok", settings.mail_from)
    if settings.reply_to is None and "@" not in settings.contact:
        hint = "Set reply_to to a mailbox that people read."
        yield Finding("reply_to", "warning", f"answers go to {settings.mail_from}", hint)
    yield _public_address(settings)


def server_findings(offered: frozenset[str], settings: Settings) -> Iterator[Finding]:
    """Yield what the extensions that a mail server offers mean for us, by their names in small letters."""
    place = f"{settings.smtp_host} port {settings.smtp_port}"
    if settings.smtp_security == "none" and not _is_here(settings.smtp_host):
        hint = 'Set smtp_security = "starttls".' if "starttls" in offered else "Use a server that offers it."
        yield Finding("encryption", "warning", f"mails travel to {place} in the clear", hint)
    if "dsn" in offered:
        yield Finding("reports", "ok", "the server reports about deliveries (DSN)")
    else:
        hint = "Mails in doubt after a crash are settled without a report; archive_to can stand in for it."
        yield Finding("reports", "warning", "the server offers no reports about deliveries (DSN)", hint)
    if "smtputf8" not in offered:
        hint = "Readers whose address is not ASCII cannot be written to through it."
        yield Finding("addresses", "warning", "the server takes no international addresses (SMTPUTF8)", hint)


def domain_findings(settings: Settings, key: DkimKey | None, lookup: Lookup) -> Iterator[Finding]:
    """Yield what the DNS says about the domain that our mails come from: DKIM, SPF, DMARC."""
    domain = settings.mail_from.rpartition("@")[2]
    checks: dict[str, Callable[[], Finding]] = {
        "dkim": lambda: _dkim(key, lookup),
        "spf": lambda: _spf(domain, lookup),
        "dmarc": lambda: _dmarc(domain, key.domain if key else None, lookup),
    }
    for of, check in checks.items():
        try:
            yield check()
        except MailError as error:
            yield Finding(of, "warning", str(error), _to_publish(key) if of == "dkim" else error.hint)


def _dkim(key: DkimKey | None, lookup: Lookup) -> Finding:
    if key is None:
        hint = 'Set dkim_selector, for instance "coopwatch", then ask again for the DNS record to publish.'
        return Finding("dkim", "warning", "mails are not signed", hint)
    found = [record for record in lookup(key.record_name) if "p=" in record]
    publish = _to_publish(key)
    if not found:
        return Finding(
            "dkim", "failed", f"{key.record_name} has no DNS record: receivers see a bad signature", publish
        )
    if [_tags(record).get("p") for record in found] != [_tags(key.record)["p"]]:
        return Finding("dkim", "failed", f"{key.record_name} tells of another key than ours", publish)
    return Finding("dkim", "ok", f"mails are signed, and {key.record_name} holds our key")


def _to_publish(key: DkimKey | None) -> str:
    return f"Publish this TXT record at {key.record_name}: {key.record}" if key else ""


def _spf(domain: str, lookup: Lookup) -> Finding:
    found = [record for record in lookup(domain) if record.lower().split(" ")[0] == "v=spf1"]
    if not found:
        hint = f'Publish a TXT record at {domain} that names your mail server, such as "v=spf1 mx -all".'
        return Finding("spf", "warning", f"{domain} does not say who may send for it", hint)
    if len(found) > 1:
        return Finding(
            "spf", "failed", f"{domain} has {len(found)} SPF records", "Leave one (RFC 7208, 3.2)."
        )
    terms = found[0].lower().split()[1:]
    if {"all", "+all"} & set(terms):
        return Finding(
            "spf", "failed", f"{domain} lets everybody send for it", 'End the record in "-all" or "~all".'
        )
    costly = [term for term in terms if re.match(r"[+?~-]?(include|a|mx|ptr|exists)\b|redirect=", term)]
    if len(costly) > MOST_LOOKUPS:
        seen = f"{domain}'s record causes {len(costly)} look-ups, and receivers stop at {MOST_LOOKUPS}"
        return Finding("spf", "failed", seen, "Name address ranges instead of other domains.")
    return Finding("spf", "ok", found[0])


def _dmarc(domain: str, signing: str | None, lookup: Lookup) -> Finding:
    place, record = next(_policies(domain, lookup), ("", ""))
    if not record:
        hint = f'Publish a TXT record at _dmarc.{domain}, to begin with "v=DMARC1; p=none; rua=mailto:…".'
        return Finding("dmarc", "warning", f"{domain} has no DMARC policy", hint)
    tags = _tags(record)
    if removed := sorted(REMOVED_TAGS & set(tags)):
        hint = "Take them out: RFC 9989 has removed them, and receivers ignore them."
        return Finding("dmarc", "warning", f"{place} has the tags {', '.join(removed)}", hint)
    if tags.get("p", "").lower() not in {"none", "quarantine", "reject"}:
        return Finding(
            "dmarc", "failed", f"{place} says no policy: {record}", "Add p=none, quarantine or reject."
        )
    if signing is not None and not _aligned(domain, signing, strict=tags.get("adkim", "r").lower() == "s"):
        seen = f"signatures of {signing} do not count for mails from {domain}"
        return Finding(
            "dmarc", "failed", seen, "Set dkim_domain to the domain of mail_from, or leave it out."
        )
    return Finding("dmarc", "ok", f"{place}: {record}")


def _policies(domain: str, lookup: Lookup) -> Iterator[tuple[str, str]]:
    """Yield the DMARC records of a domain and of those above it, the nearest first (RFC 9989: tree walk)."""
    labels = domain.split(".")
    for start in range(max(0, len(labels) - DEEPEST_WALK), len(labels) - 1):
        place = f"_dmarc.{'.'.join(labels[start:])}"
        for record in lookup(place):
            if record.replace(" ", "").lower().startswith("v=dmarc1"):
                yield place, record


def _aligned(domain: str, signing: str, *, strict: bool) -> bool:
    """Say whether a signing domain counts for a sender's; relaxed: where one stands above the other."""
    if strict:
        return domain == signing
    return domain == signing or domain.endswith(f".{signing}") or signing.endswith(f".{domain}")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): "".join(value.split()) for name, _, value in pairs}


def _public_address(settings: Settings) -> Finding:
    address = urlsplit(settings.readers_url)
    seen = f"links in mails lead to {settings.readers_url}"
    if _is_here(address.hostname or ""):
        return Finding("public_url", "warning", f"{seen}, this very machine", "Set public_url.")
    if address.scheme != "https":
        hint = "Unsubscribing with one click needs https (RFC 8058): set public_url to an https address."
        return Finding("public_url", "failed", seen, hint)
    return Finding("public_url", "ok", seen)


def _is_an_example(settings: Settings) -> bool:
    domain = settings.mail_from.rpartition("@")[2]
    return any(domain == name or domain.endswith(f".{name}") for name in _EXAMPLES)


def _is_here(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
