"""The settings: their names, defaults and meaning, and how they are gathered."""

import os
import tomllib
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal

from email_validator import validate_email
from pydantic import (
    AfterValidator,
    BeforeValidator,
    EmailStr,
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
)
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from scraper.errors import SettingsError
from scraper.mistakes import mistakes, shaped

FILE_NAME = "coopwatch.toml"
DEFAULT_DATA = Path("coopwatch-data")


_SECRETS = ("smtp_password", "bounces_password", "archive_password", "oidc_client_secret")


def _listed(value: object) -> object:
    """Return addresses that are written in one line, with commas between them, as a list."""
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _host(text: str) -> str:
    """Return the address to listen on; raises ValueError for what is none."""
    try:
        return text if text == "localhost" else str(ip_address(text))
    except ValueError as error:
        raise ValueError("must be an IP address of this machine, or localhost") from error


def _for_servers(address: str) -> str:
    """Return an address with its domain in ASCII."""
    found = validate_email(address, check_deliverability=False)
    return f"{found.local_part}@{found.ascii_domain}"


_LABEL = "[a-z0-9]([a-z0-9-]*[a-z0-9])?"
_LABELS = shaped(
    rf"({_LABEL}(\.{_LABEL})*)?", "labels of small letters, digits and hyphens, dots between them"
)
"""What a selector and a domain may look like (RFC 6376, 3.1), or nothing."""

_WEB = shaped(r"(https?://[^/\s]+(/[^\s]*)?)?", "a web address that begins with http:// or https://")
_CONTACT = shaped(r"([\x21-\x7e]*[@/.][\x21-\x7e]*)?", "an e-mail or web address")
_ISSUER = shaped(r"((https://|http://127\.0\.0\.1)[^\s?#]+)?", "a web address that begins with https://")
_ORIGIN = shaped(r"[^\s+]*", "without spaces and plus signs")

Mailbox = Annotated[EmailStr, AfterValidator(_for_servers)]
"""An e-mail address that mail servers are given, its domain in ASCII (RFC 5890)."""

Addresses = Annotated[tuple[EmailStr, ...], NoDecode, BeforeValidator(_listed)]
"""Several e-mail addresses."""

Networks = Annotated[tuple[IPvAnyNetwork, ...], NoDecode, BeforeValidator(_listed)]
"""Several IP addresses or networks."""


class _Location(BaseSettings):
    """Where the data folder is, when the command line does not say."""

    model_config = SettingsConfigDict(env_prefix="COOPWATCH_", extra="ignore")

    data: Path = DEFAULT_DATA


class Settings(BaseSettings):
    """What an operator can set, in `coopwatch.toml` of the data folder or as COOPWATCH_… in the environment.

    The environment wins over the file. `contact` (an e-mail or web address) goes into the User-Agent and is
    required before any page is visited. Without `shipped_sources` only the data folder's own are watched.
    `database` is an SQLAlchemy URL; empty means the SQLite file
    coopwatch.db in the data folder. `public_url` is where readers reach the web pages, if
    that is not where they listen. `trusted_proxies` are the addresses or networks of the reverse proxies
    whose X-Forwarded-For is believed; nobody else's is.
    `alerts_to` are the staff's addresses for what goes wrong. `log_origin` names the evidence log for ever,
    as an address without its scheme; empty means `log` under where readers reach the web pages.
    With a `dkim_selector` mails are signed, for `dkim_domain` (empty: the domain of `mail_from`).
    `timestamp_url` is a time-stamping authority (RFC 3161) and `timestamp_roots` the PEM file of its roots.
    A run of digests is held for staff where more than `hold_changed_percent` of a source's projects changed
    (and more than five), or more than `hold_removed` went. `canary` is an address that gets a copy of every
    run first; where it is not taken the run is held.
    `disk_alarm_mb` is how many megabytes have to be free on the data folder's disk without an alarm.
    `controller` is the body that answers for readers' data, with its postal address, its contact and its
    data protection officer's, as the privacy notice names them; the words of sent mails are kept for
    `keep_bodies_days`.
    Mail servers report to `bounces_to` with a +extension for each mail (none: to `mail_from`); `bounces_at`
    is where that mailbox is read, a maildir or imaps://user@host/folder.
    `archive_to` gets a copy of every mail, in the same transaction, and `archive_at` is where those copies
    lie (as `bounces_at`); a mail in doubt is looked for there. At most `mail_per_minute` mails leave in a
    minute (0: as many as can), and `mail_gap` seconds lie between two to the same domain.
    Staff may also sign in through the provider at `oidc_issuer` (OpenID Connect), which knows this house as
    `oidc_client_id`; the claim `oidc_claim` of its ID token is the name of the account.
    `smtp_password` comes from the environment, or from the file named by `smtp_password_file`;
    `bounces_password`, `archive_password` and `oidc_client_secret` likewise.
    """

    model_config = SettingsConfigDict(env_prefix="COOPWATCH_", extra="forbid", frozen=True)

    data: Path = DEFAULT_DATA
    contact: Annotated[str, _CONTACT] = ""
    shipped_sources: bool = True
    database: str = ""
    public_url: Annotated[str, _WEB] = ""
    web_host: Annotated[str, AfterValidator(_host)] = "127.0.0.1"
    web_port: Annotated[int, Field(ge=0, le=65535)] = 8000
    trusted_proxies: Networks = ()
    smtp_host: str = "127.0.0.1"
    smtp_port: Annotated[int, Field(ge=1, le=65535)] = 25
    smtp_security: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_password_file: Path | None = None
    mail_from: EmailStr = "coopwatch@example.org"
    mail_name: str = "coopwatch"
    reply_to: EmailStr | None = None
    dkim_selector: Annotated[str, _LABELS] = ""
    dkim_domain: Annotated[str, _LABELS] = ""
    bounces_to: Mailbox | None = None
    bounces_at: str = ""
    bounces_password: SecretStr = SecretStr("")
    bounces_password_file: Path | None = None
    archive_to: Mailbox | None = None
    archive_at: str = ""
    archive_password: SecretStr = SecretStr("")
    archive_password_file: Path | None = None
    mail_per_minute: Annotated[int, Field(ge=0)] = 0
    mail_gap: Annotated[float, Field(ge=0, le=60)] = 0
    alerts_to: Addresses = ()
    alerts_language: Literal["it", "en"] = "it"
    timestamp_url: Annotated[str, _WEB] = ""
    timestamp_roots: Path | None = None
    hold_changed_percent: Annotated[int, Field(ge=1, le=100)] = 30
    hold_removed: Annotated[int, Field(ge=0)] = 5
    canary: EmailStr | None = None
    disk_alarm_mb: Annotated[int, Field(ge=1)] = 1000
    oidc_issuer: Annotated[str, _ISSUER] = ""
    oidc_client_id: str = ""
    oidc_client_secret: SecretStr = SecretStr("")
    oidc_client_secret_file: Path | None = None
    oidc_claim: Literal["preferred_username", "email", "sub"] = "preferred_username"
    log_origin: Annotated[str, _ORIGIN] = ""
    controller: str = ""
    controller_address: str = ""
    controller_contact: str = ""
    privacy_officer: str = ""
    keep_bodies_days: Annotated[int, Field(ge=1, le=3650)] = 30

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.database or f"sqlite:///{self.data.absolute() / 'coopwatch.db'}"

    @property
    def readers_url(self) -> str:
        """The address with which links in mails begin, without a slash at its end."""
        host = f"[{self.web_host}]" if ":" in self.web_host else self.web_host
        return self.public_url.rstrip("/") or f"http://{host}:{self.web_port}"

    @property
    def log_name(self) -> str:
        """The name of the evidence log that a new signing key is made for."""
        return self.log_origin or f"{self.readers_url.partition('://')[2]}/log"

    @property
    def log_key(self) -> Path:
        """The file of the evidence log's signing key, outside the database."""
        return self.data / "keys" / "log.key"

    @property
    def signing_domain(self) -> str:
        """The domain that answers for our mails: the one that is set, or that of `mail_from`."""
        return self.dkim_domain or self.mail_from.rpartition("@")[2]

    @property
    def dkim_key(self) -> Path:
        """The file of the key that signs mails under the present selector, outside the database."""
        return self.data / "keys" / f"dkim-{self.signing_domain}-{self.dkim_selector}.pem"

    @property
    def bounces_key(self) -> Path:
        """The file of the key by which bounces are known to be genuine, outside the database."""
        return self.data / "keys" / "bounces.key"

    @property
    def sources_folder(self) -> Path:
        """The folder of the operator's own source files."""
        return self.data / "sources"

    def password(self) -> str:
        """Return the mail server's password; raises SettingsError where its file cannot be read."""
        return _secret("smtp_password", self.smtp_password, self.smtp_password_file)

    def password_for_bounces(self) -> str:
        """Return the password of the mailbox for bounces; raises SettingsError likewise."""
        return _secret("bounces_password", self.bounces_password, self.bounces_password_file)

    def password_for_archive(self) -> str:
        """Return the password of the archive's mailbox; raises SettingsError likewise."""
        return _secret("archive_password", self.archive_password, self.archive_password_file)

    def secret_for_provider(self) -> str:
        """Return the client secret of the identity provider; raises SettingsError likewise."""
        return _secret("oidc_client_secret", self.oidc_client_secret, self.oidc_client_secret_file)


def _secret(name: str, value: SecretStr, file: Path | None) -> str:
    if file is None:
        return value.get_secret_value()
    try:
        return file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{name}_file cannot be read: {error}", "Name a readable file, or set none."
        ) from error


def load_settings(data: Path | None = None) -> Settings:
    """Return the settings of the data folder `data` (None: COOPWATCH_DATA, else ./coopwatch-data).

    Raises SettingsError with everything that is wrong.
    """
    folder = data or _Location().data
    file = folder / FILE_NAME
    _refuse_secrets(file)
    try:
        return _settings_from(file)(data=folder)
    except ValidationError as error:
        wrong = mistakes(error, Settings.model_fields)
        raise SettingsError(
            "; ".join(f"{_as_set(place)} {sentence}" for place, sentence in wrong),
            f"Settings stand in {file}, those named with COOPWATCH_ in the environment.",
        ) from error


def _as_set(place: str) -> str:
    """Return the place of a mistake, with its name in the environment where it stands there."""
    variable = f"COOPWATCH_{place.partition(' ')[0].upper()}"
    return f"{place} ({variable})" if variable in os.environ else place


def _settings_from(file: Path) -> type[Settings]:
    """Return the Settings class that also looks into `file`."""

    class FileSettings(Settings):
        """Settings, the environment first, then the file."""

        @classmethod
        def settings_customise_sources(
            cls,
            settings_cls: type[BaseSettings],
            init_settings: PydanticBaseSettingsSource,
            env_settings: PydanticBaseSettingsSource,
            dotenv_settings: PydanticBaseSettingsSource,
            file_secret_settings: PydanticBaseSettingsSource,
        ) -> tuple[PydanticBaseSettingsSource, ...]:
            return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=file)

    return FileSettings


def _refuse_secrets(file: Path) -> None:
    """Raise SettingsError for a file that is no TOML or holds the password."""
    try:
        content = tomllib.loads(file.read_text("utf-8")) if file.exists() else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: {error}", "Correct the file and try again.") from error
    for name in _SECRETS:
        if name in content:
            raise SettingsError(
                f"{file}: {name} does not belong into a settings file",
                f"Set COOPWATCH_{name.upper()}, or name a file in {name}_file.",
            )
