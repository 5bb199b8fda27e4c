"""The feeds: of all changes, or of those that a subscription with the same filters would be told of."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response

from exports.feeds import Feed, FeedEntry, atom, json_feed
from notifier.links import Links
from notifier.story import full_title
from notifier.words import Words
from store.database import Session
from store.filters import Filters
from store.ledger import LedgerEntry, head, newest
from store.pages import pages
from store.tracks import project_life
from web.asked import Ask, Asked, Number
from web.asked_filters import asked_filters, filter_titles
from web.events import Event, events

ROUTES = APIRouter()

ON_A_PAGE = 50
"""Entries of one page of a feed at most; `next` leads to the rest."""

LOOKED_AT = 1000
"""Ledger entries that one request looks at: a filter that lets nothing through costs no more than another."""

LONGEST_CHANGE = 20
"""A project has fewer fields, so one visit publishes fewer entries about it."""

NEWEST = 2**31 - 1
"""A ledger number that no ledger reaches."""

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed that has no entry yet was updated."""

Form = Literal["atom", "json"]

_WRITERS = {"atom": (atom, "application/atom+xml"), "json": (json_feed, "application/feed+json")}


@ROUTES.get("/feed.{form}")
def changes_feed(request: Request, asked: Ask, form: Form, before: Number | None = None) -> Response:
    """Answer with the changes that these filters let through, newest first; no filter, every change."""
    filters = asked_filters(asked, {"lang", "before"})
    named = filter_titles(asked, filters)
    with asked.house.db.reading() as session:
        last = min(before - 1 if before else NEWEST, head(session))
        most = LOOKED_AT + LONGEST_CHANGE
        found = newest(session, last + LONGEST_CHANGE, most)
        first = found[0].pub_seq - 1 if len(found) == most else 0
        addresses = _addresses(session)
    title = ", ".join(named) or asked.words.text("nav.changes")
    part = feed_part(found, first, last, filters, asked.words)
    home = f"{asked.house.sender.public_url}/changes"
    return _answer(request, asked, form, _feed(asked, title, home, part, addresses))


@ROUTES.get("/projects/{source}/{number}/feed.{form}")
def project_feed(
    request: Request, asked: Ask, form: Form, source: str, number: Number, before: Number | None = None
) -> Response:
    """Answer with everything that changed about one project, newest first."""
    with asked.house.db.reading() as session:
        lived = project_life(session, source, number)
        addresses = _addresses(session)
    part = feed_part(lived.entries, 0, before - 1 if before else NEWEST, Filters(), asked.words)
    home = Links(asked.house.sender.public_url).project(source, number)
    title = full_title(lived.entry.project, asked.words)
    return _answer(request, asked, form, _feed(asked, title, home, part, addresses))


def _addresses(session: Session) -> dict[int, str]:
    return {page.id: page.address for page in pages(session)}


def feed_part(
    found: Sequence[LedgerEntry], first: int, last: int, filters: Filters, words: Words
) -> tuple[tuple[Event, ...], int | None]:
    """Return the newest events up to ledger number `last`, and the number before which the rest stands.

    `found` are the entries after `first`. An event at that edge may lack its beginning: it is left to the
    next part, which finds it whole.
    """
    told = [one for one in events(found, words, filters=filters) if one.story.news.pub_seq <= last]
    edge = found[0] if first > 0 and found else None
    whole = [one for one in told if edge is None or not _is_of(one, edge)]
    if len(whole) > ON_A_PAGE:
        return tuple(whole[:ON_A_PAGE]), whole[ON_A_PAGE - 1].story.news.pub_seq
    if edge is None:
        return tuple(whole), None
    cut = [one.story.news.pub_seq + 1 for one in told if _is_of(one, edge)]
    return tuple(whole), next(iter(cut), first + 1)


def _is_of(event: Event, edge: LedgerEntry) -> bool:
    news = event.story.news
    return (event.capture_id, news.at, news.source, news.number) == (
        edge.capture_id,
        edge.at,
        edge.source,
        edge.change.track,
    )


def _feed(
    asked: Asked,
    title: str,
    home: str,
    part: tuple[tuple[Event, ...], int | None],
    addresses: Mapping[int, str],
) -> Feed:
    """Return a part of a feed as its writers take it."""
    shown, before = part
    public, words = asked.house.sender.public_url, asked.words
    kept = [(key, value) for key, value in asked.query if key not in {"lang", "before"}]
    lasting = [*kept, ("lang", words.language)]
    here = [(key, value) for key, value in asked.query if key == "before"]
    address = f"{public}{asked.path}"
    return Feed(
        authority=urlsplit(public).hostname or asked.house.sender.domain,
        key=f"{asked.path.strip('/')}?{urlencode(sorted(kept))}" if kept else asked.path.strip("/"),
        title=f"{title} – {words.text('product.name')}",
        publisher=asked.house.sender.name,
        here=f"{address}?{urlencode([*lasting, *here])}",
        next=f"{address}?{urlencode([*lasting, ('before', before)])}" if before else None,
        home=f"{home}?{urlencode([('lang', words.language)])}",
        updated=max((one.story.news.at for one in shown), default=NEVER),
        entries=tuple(_entry(asked, event, addresses) for event in shown),
        links=Links(public),
        words=words,
    )


def _entry(asked: Asked, event: Event, addresses: Mapping[int, str]) -> FeedEntry:
    news = event.story.news
    return FeedEntry(
        key=f"change/{news.pub_seq}",
        story=event.story,
        tongue=asked.foreign(news.source),
        address=addresses.get(news.page_id),
    )


def _answer(request: Request, asked: Asked, form: Form, feed: Feed) -> Response:
    """Answer with a feed, or with 304 where the asker has it already (RFC 9110, 13)."""
    write, media_type = _WRITERS[form]
    body = write(feed)
    headers = {
        "ETag": f'"{sha256(body).hexdigest()[:32]}"',
        "Last-Modified": format_datetime(feed.updated, usegmt=True),
        "Cache-Control": "max-age=300",
        "Content-Language": asked.words.language,
        "Vary": "Accept-Language",
    }
    known = request.headers.get("if-none-match")
    if known is not None:
        same = headers["ETag"] in [one.strip().removeprefix("W/") for one in known.split(",")]
    else:
        same = _is_no_newer(feed.updated, request.headers.get("if-modified-since", ""))
    return Response(status_code=304, headers=headers) if same else Response(body, 200, headers, media_type)


def _is_no_newer(updated: datetime, since: str) -> bool:
    try:
        return updated.replace(microsecond=0) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
