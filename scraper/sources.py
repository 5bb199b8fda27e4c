"""The watched sources: who publishes, which addresses are visited, and how a visit behaves there."""

import tomllib
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator

from scraper.errors import SourceError
from scraper.mistakes import mistakes, shaped


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an absolute http or https address")
    if parts.username or parts.password:
        raise ValueError("must not carry a user name or password")
    return text


class WatchedPage(BaseModel):
    """One watched address of a source and the title that people know it by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    address: Annotated[str, AfterValidator(_web_address)]
    title: str | None = None

    @property
    def host(self) -> str | None:
        """The host name of the address, in lower case."""
        return urlsplit(self.address).hostname


class Source(BaseModel):
    """A publisher's set of watched pages and how to visit them (archivists: a collection).

    `publisher` and `aliases` are the names by which the pages call their own body: they decide whose role a
    role sentence states and are left out of partners. `country` is the publisher's own (ISO 3166-1 alpha-2).
    `gap` is the least number of seconds between two requests to one host, `deadline` the most seconds that
    one visit may take, `largest` the most bytes of an inflated body that are read. `private` lists the host
    names that may lie on private or loopback addresses. `schedule` is a cron expression in Europe/Rome with
    day names. `default` makes this the source of commands that name none, as an only source is anyway.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, shaped("[a-z0-9][a-z0-9-]{0,39}", "small letters, digits and hyphens, at most 40")]
    title: str
    publisher: str
    aliases: tuple[str, ...] = ()
    country: Annotated[str, shaped("[A-Z]{2}", "a country's code of two capital letters")] = "IT"
    pages: Annotated[tuple[WatchedPage, ...], Field(min_length=1)]
    schedule: str = "30 6,12,18 * * mon-sun"
    gap: Annotated[float, Field(ge=0)] = 5.0
    deadline: Annotated[float, Field(gt=0)] = 60.0
    largest: Annotated[int, Field(gt=0)] = 10_000_000
    private: tuple[str, ...] = ()
    default: bool = False

    @field_validator("pages")
    @classmethod
    def _each_address_once(cls, pages: tuple[WatchedPage, ...]) -> tuple[WatchedPage, ...]:
        if len({page.address for page in pages}) < len(pages):
            raise ValueError("names one address twice")
        return pages

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which the pages call their own body."""
        return (self.publisher, *self.aliases)


def source_from_toml(text: str, origin: str) -> Source:
    """Return the source that a TOML text describes; `origin` names the text in errors.

    Raises SourceError with everything that is wrong.
    """
    try:
        return Source.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise SourceError(f"{origin}: not valid TOML: {error}", "Correct the file and try again.") from error
    except ValidationError as error:
        known = (*Source.model_fields, *WatchedPage.model_fields)
        wrong = "; ".join(f"{place} {sentence}" for place, sentence in mistakes(error, known))
        raise SourceError(
            f"{origin}: {wrong}", "docs/operators.md lists what a source file may say."
        ) from error


def shipped_sources() -> tuple[Source, ...]:
    """Return the sources that come with the package."""
    files = sorted(resources.files("scraper").joinpath("shipped").iterdir(), key=lambda file: file.name)
    return tuple(
        source_from_toml(file.read_text("utf-8"), file.name) for file in files if file.name.endswith(".toml")
    )


def load_sources(folder: Path, shipped: bool = True) -> tuple[Source, ...]:
    """Return the shipped sources, if wanted, and those of `folder` (*.toml); a file replaces its namesake.

    A missing folder holds no sources. Raises SourceError for a file that cannot be used.
    """
    sources = {source.name: source for source in shipped_sources()} if shipped else {}
    for path in sorted(folder.glob("*.toml")):
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise SourceError(f"{path}: cannot be read: {error}", "Source files are UTF-8 text.") from error
        own = source_from_toml(text, str(path))
        sources[own.name] = own
    return tuple(sources.values())


def choose_source(sources: Iterable[Source], name: str | None) -> Source:
    """Return the source of that name, or the default one where `name` is None; raises SourceError.

    A source that is the only one needs not say that it is the default.
    """
    known = tuple(sources)
    default = [source for source in known if source.default][-1:] or (known if len(known) == 1 else ())
    wanted = [source for source in known if source.name == name] if name else default
    if wanted:
        return wanted[0]
    hint = f"Known sources: {', '.join(sorted(source.name for source in known)) or 'none'}."
    if name:
        raise SourceError(f"no source is called {name!r}", hint)
    if known:
        hint += " Name one, as in `coopwatch check NAME`, or write `default = true` into its file."
    raise SourceError("no source is the default", hint)
