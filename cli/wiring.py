"""The wiring: from settings to keys, the mailroom, the authority of time and who answers for all this."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.metadata import version

from cli.house import make_folder
from notifier.agreement import Controller
from notifier.archive import archive_at
from notifier.bounces.inboxes import OpenInbox, open_inbox
from notifier.bounces.mark_key import mark_key
from notifier.bounces.return_paths import ReturnPaths
from notifier.dkim import DkimKey, create_dkim_key, read_dkim_key
from notifier.holding import Caution
from notifier.mail import SmtpPost
from notifier.message import Sender
from notifier.terms import Terms, never
from schedules.jobs import Authority, Mailroom, OpenVisitor, Room
from schedules.present import Present
from scraper.errors import SettingsError
from scraper.fetch import Visitor, ask_authority, ask_provider
from settings import FILE_NAME, Settings
from store.database import Database
from store.evidence.key_file import create_key, public_path, read_key, read_verifier
from store.evidence.notes import SignerKey, VerifierKey
from store.evidence.seals import last_checkpoint
from store.evidence.stamps import Roots, read_roots
from web.office.vouching import Provider


def log_signer(settings: Settings, db: Database) -> SignerKey:
    """Return the key that signs the evidence log; made where there is none and nothing was signed yet.

    Raises SettingsError where it cannot be used, or is gone: another key would not continue the log.
    """
    with db.reading() as session:
        begun = last_checkpoint(session) is not None
    if begun or settings.log_key.exists():
        return read_key(settings.log_key)
    return create_key(settings.log_key, settings.log_name)


def log_verifier(settings: Settings) -> VerifierKey | None:
    """Return the public key of the evidence log; None before it is made."""
    place = public_path(settings.log_key)
    return read_verifier(place) if place.exists() else None


def room(settings: Settings) -> Room:
    """Return the disk that is watched, and the room that it must have."""
    return Room(settings.data, settings.disk_alarm_mb * 1_000_000)


def time_roots(settings: Settings) -> Roots:
    """Return the root certificates that time stamps are checked under; none where none are set."""
    return read_roots(settings.timestamp_roots) if settings.timestamp_roots else ()


def time_authority(settings: Settings) -> Authority | None:
    """Return the time-stamping authority that is set; raises SettingsError where its roots are not."""
    address = settings.timestamp_url
    if not address:
        return None
    if settings.timestamp_roots is None:
        raise SettingsError(
            "timestamp_url is set, but timestamp_roots is not",
            "Name the PEM file of the authority's roots: a stamp that cannot be checked proves nothing.",
        )
    agent = user_agent(settings)
    return Authority(
        lambda question: ask_authority(address, question, Present(), agent), time_roots(settings)
    )


def identity_provider(settings: Settings) -> Provider | None:
    """Return the provider through which staff may sign in; raises SettingsError where it is half set."""
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id:
        raise SettingsError(
            "oidc_issuer is set, but oidc_client_id is not",
            "Set what the provider calls this house.",
        )
    agent, secret = user_agent(settings), settings.secret_for_provider()
    return Provider(
        settings.oidc_issuer,
        settings.oidc_client_id,
        secret,
        settings.oidc_claim,
        lambda address, form, headers: ask_provider(address, form, headers, Present(), agent),
    )


def user_agent(settings: Settings) -> str:
    """Return the User-Agent of our visits; raises SettingsError where no contact is set."""
    if not settings.contact:
        raise SettingsError(
            "no contact is set, and a polite visitor says who it is",
            f'Put contact = "you@example.org" into {settings.data / FILE_NAME}, or set COOPWATCH_CONTACT.',
        )
    return f"coopwatch/{version('coopwatch')} (+{settings.contact})"


def visitors(settings: Settings) -> OpenVisitor:
    """Return what opens the visitor of a source; raises SettingsError where no contact is set."""
    agent = user_agent(settings)
    return lambda source: Visitor(source, Present(), agent)


def mail_sender(settings: Settings) -> Sender:
    """Return who our mails come from and where their links lead."""
    return Sender(
        address=settings.mail_from,
        name=settings.mail_name,
        reply_to=settings.reply_to or (settings.contact if "@" in settings.contact else None),
        public_url=settings.readers_url,
        alerts_to=settings.alerts_to,
        alerts_language=settings.alerts_language,
        dkim=mail_key(settings),
        paths=return_paths(settings) if settings.bounces_to else None,
    )


def mail_key(settings: Settings) -> DkimKey | None:
    """Return the key that signs mails, made where there is none yet; None where no selector is set.

    Raises SettingsError where it cannot be used.
    """
    if not settings.dkim_selector:
        return None
    make_folder(settings.data)
    use = read_dkim_key if settings.dkim_key.exists() else create_dkim_key
    return use(settings.dkim_key, settings.signing_domain, settings.dkim_selector)


def return_paths(settings: Settings) -> ReturnPaths:
    """Return what makes the addresses for bounces; raises SettingsError where its key cannot be used."""
    make_folder(settings.data)
    return ReturnPaths(mark_key(settings.bounces_key), settings.bounces_to)


def controller(settings: Settings) -> Controller:
    """Return who answers for what is kept of readers, and how long mails are kept."""
    return Controller(
        name=settings.controller,
        address=settings.controller_address,
        contact=settings.controller_contact,
        officer=settings.privacy_officer,
        bodies=timedelta(days=settings.keep_bodies_days),
    )


def mail_server(settings: Settings) -> SmtpPost:
    """Return the way to the mail server."""
    return SmtpPost(
        settings.smtp_host,
        settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.password(),
        archive_to=settings.archive_to,
    )


@contextmanager
def open_mailroom(settings: Settings, stopping: Callable[[], bool] = never) -> Iterator[Mailroom]:
    """Yield where mail comes in and goes out until `stopping`; raises SettingsError where a key is no use."""
    terms, caution = replace(_terms(settings), stopping=stopping), _caution(settings)
    with mail_server(settings) as post:
        yield Mailroom(mail_sender(settings), post, caution, terms, _inbox(settings))


def _caution(settings: Settings) -> Caution:
    return Caution(
        changed_percent=settings.hold_changed_percent,
        removed=settings.hold_removed,
        canary=settings.canary,
    )


def _terms(settings: Settings) -> Terms:
    if bool(settings.archive_to) != bool(settings.archive_at):
        raise SettingsError(
            "of archive_to and archive_at only one is set",
            "A copy that nobody can look for proves nothing: set both, or neither.",
        )
    place = settings.archive_at
    return Terms(
        per_minute=settings.mail_per_minute or None,
        gap=timedelta(seconds=settings.mail_gap),
        archive=archive_at(place, settings.password_for_archive()) if place else None,
        paths=return_paths(settings),
    )


def _inbox(settings: Settings) -> OpenInbox | None:
    if not settings.bounces_at:
        return None
    return partial(open_inbox, settings.bounces_at, settings.password_for_bounces())
