"""Where news comes from: the sources' titles and languages, and the addresses of pages, for letters."""

from collections.abc import Iterable

from notifier.render import Origins
from notifier.words import country_language
from scraper.sources import Source
from store.database import Session
from store.pages import pages


def origins(session: Session, sources: Iterable[Source]) -> Origins:
    """Return the titles and languages of the sources, and the addresses of all pages."""
    known = tuple(sources)
    tongues = {source.name: country_language(source.country) for source in known}
    return Origins(
        titles={source.name: source.title for source in known},
        tongues={name: tongue for name, tongue in tongues.items() if tongue is not None},
        addresses={page.id: page.address for page in pages(session)},
    )
