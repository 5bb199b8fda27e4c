"""Old captures out of archives: the nouns of an import, and which watched page an archived address is."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from scraper.records import Capture

_PLAYBACK = re.compile(r"^https?://web\.archive\.org/web/\d{4,14}[a-z]{0,2}_?/(?P<address>.+)$", re.I)
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Archived:
    """A capture that somebody else made: `capture.url` is its address as the archive names it.

    `archive` is the name of the file it came from, `archive_sha256` the hex digest of that file, `record` its
    name in there. `repeats` is the instant of an earlier capture of the same address whose body it repeats
    and that is not in the archive (WARC 1.1, revisit records).
    """

    capture: Capture
    archive: str
    archive_sha256: str
    record: str
    repeats: datetime | None = None


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of an archive that could not be used, and why, in words."""

    archive: str
    record: str
    problem: str


def watched_pages(addresses: Iterable[str]) -> Mapping[str, str]:
    """Return the watched addresses by what is common to the ways of writing each."""
    return {_bare(address): address for address in addresses}


def watched_address(address: str, watched: Mapping[str, str]) -> str | None:
    """Return the watched address that an archived one stands for, or None.

    http and https, a host with and without "www.", a trailing slash, a fragment, the letter case of the host
    and the Internet Archive's prefix (/web/20181112000000id_/) make no difference; all else does.
    """
    return watched.get(_bare(address))


def _bare(address: str) -> str:
    played = _PLAYBACK.match(address.strip())
    text = played["address"] if played else address.strip()
    if "://" not in text:
        text = f"http://{text}"
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return text
    host = (parts.hostname or "").removeprefix("www.")
    place = host if port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f"{host}:{port}"
    query = f"?{parts.query}" if parts.query else ""
    return f"{place}{parts.path.rstrip('/')}{query}"
