"""Feeds of changes for who wants no mail: Atom (RFC 4287) and JSON Feed 1.1, in the digests' words."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from jinja2 import Environment, PackageLoader, StrictUndefined

from notifier.links import Links
from notifier.story import Story
from notifier.words import Words

_UNSAYABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped."""


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """What one visit brought about one project; `key` names it, `tongue` is that of the page's words.

    `address` is that of the watched page, None where that is not known.
    """

    key: str
    story: Story
    tongue: str | None
    address: str | None


@dataclass(frozen=True, slots=True)
class Feed:
    """A page of a feed, newest entry first.

    `authority` is the domain that names entries in tag: addresses (RFC 4151), `key` the feed's own name below
    it. `here` is the address of this page of the feed, `next` that of the following one (RFC 5005, 3),
    `home` that of the web page that shows the same. `links` lead to absolute addresses.
    """

    authority: str
    key: str
    title: str
    publisher: str
    here: str
    next: str | None
    home: str
    updated: datetime
    entries: tuple[FeedEntry, ...]
    links: Links
    words: Words

    @property
    def id(self) -> str:
        """The feed's own name."""
        return self._tag(self.key)

    def entry_id(self, entry: FeedEntry) -> str:
        """Return the name of an entry: the same in every feed of the language and at every time."""
        return self._tag(entry.key)

    def _tag(self, key: str) -> str:
        return f"tag:{self.authority},2026:{key}/{self.words.language}"


def atom(feed: Feed) -> bytes:
    """Return the feed as an Atom document."""
    return _UNSAYABLE.sub("", _TEMPLATES.get_template("feed.xml").render(_values(feed))).encode()


def json_feed(feed: Feed) -> bytes:
    """Return the feed as JSON Feed 1.1."""
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.home,
        "feed_url": feed.here,
        "language": feed.words.language,
        "authors": [{"name": feed.publisher}],
        **({"next_url": feed.next} if feed.next else {}),
        "items": [_item(feed, entry) for entry in feed.entries],
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "replace")


def _item(feed: Feed, entry: FeedEntry) -> Mapping[str, object]:
    news = entry.story.news
    return {
        "id": feed.entry_id(entry),
        "url": feed.links.change(news.pub_seq),
        **({"external_url": entry.address} if entry.address else {}),
        "title": entry.story.sentence,
        "content_html": _TEMPLATES.get_template("feed_entry.html").render(_values(feed), entry=entry),
        "date_published": news.at.isoformat(),
        "tags": [entry.story.label, *([news.project.area] if news.project.area else [])],
        "language": feed.words.language,
    }


def _values(feed: Feed) -> Mapping[str, object]:
    return {"feed": feed, "words": feed.words, "t": feed.words.text, "links": feed.links}


_TEMPLATES = Environment(
    loader=PackageLoader("exports"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
