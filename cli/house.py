"""What most commands stand on: the settings, the watched sources and the open database."""

from dataclasses import dataclass
from pathlib import Path

from schedules.slots import slots
from scraper.errors import DatabaseMissingError, SettingsError, SourceError
from scraper.sources import Source, load_sources
from settings import Settings, load_settings
from store.database import Database, create_database, open_database


@dataclass(frozen=True, slots=True)
class House:
    """What most commands stand on: the settings, the watched sources and the open database."""

    settings: Settings
    sources: tuple[Source, ...]
    db: Database


def open_house(data: Path | None, create: bool = False) -> House:
    """Return the house of that data folder; with `create`, a missing database is made.

    Raises the SettingsError, SourceError or DatabaseError that stands in the way.
    """
    settings = load_settings(data)
    sources = watched_sources(settings)
    try:
        db = open_database(settings.database_url)
    except DatabaseMissingError:
        if not create:
            raise
        make_folder(settings.data)
        db = create_database(settings.database_url)
    return House(settings, sources, db)


def watched_sources(settings: Settings) -> tuple[Source, ...]:
    """Return the sources, each with a schedule that can be kept; raises SourceError."""
    sources = load_sources(settings.sources_folder, settings.shipped_sources)
    for source in sources:
        try:
            slots(source.schedule)
        except SourceError as error:
            raise SourceError(f"source {source.name}: {error}", error.hint) from error
    return sources


def make_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner alone; raises SettingsError where that cannot be done."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"{folder}: {error.strerror}", "Name a folder that can be written: --data DIR."
        ) from error
