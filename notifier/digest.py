"""What one subscription is owed: the fold of the ledger from its cursor, through its filters."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from notifier.news import Line, News, fold
from scraper.records import ChangeKind, Project
from store.ledger import LedgerEntry
from store.subscriptions import Filters, Subscription


@dataclass(frozen=True, slots=True)
class Digest:
    """The news that a subscription has not been told, from after `cursor` up to and with `cutoff`.

    `since` and `until` are the instants at which the first and the last entry between the two became public,
    `filters` those that let the news through.
    """

    cursor: int
    cutoff: int
    since: datetime
    until: datetime
    news: tuple[News, ...]
    filters: Filters = field(default_factory=Filters)


def digest(subscription: Subscription, entries: Iterable[LedgerEntry]) -> Digest | None:
    """Return what `entries` (oldest first) amount to for this subscription; None where that is nothing."""
    return stretch(subscription.filters, subscription.cursor, entries)


def stretch(filters: Filters, cursor: int, entries: Iterable[LedgerEntry]) -> Digest | None:
    """Return what `entries` (oldest first) amount to after a ledger number and through filters, if anything.

    The entries up to the cursor are the past of the projects concerned. The law: take what was public at the
    cursor, and put the digest's news upon it; that is what was public at the last entry, for every project
    within the filters then. A value that the page silently stopped stating (its change is not told) counts as
    public still, and keeps its project within the filters.

    - A project within the filters at both ends is told by its fields that differ, each once.
    - One that only came into them (`entered`), or came altogether, is told with its whole record.
    - One that only left them, or went altogether, is told with what took it out.
    - Any other is not mentioned, nor is one whose steps came to nothing.
    - A filter of kinds takes away lines and projects of other kinds, and nothing else.

    So digests add up however the ledger is cut, over switches of filters (from there on the law holds for
    what the new ones let through) and of frequency.
    """
    known = tuple(entries)
    unread = [entry for entry in known if entry.pub_seq > cursor and not entry.retold]
    past = (entry for entry in known if entry.pub_seq <= cursor)
    chosen = through(filters, fold(unread, past=past))
    if not chosen:
        return None
    return Digest(
        cursor=cursor,
        cutoff=unread[-1].pub_seq,
        since=unread[0].at,
        until=unread[-1].at,
        news=chosen,
        filters=filters,
    )


def through(filters: Filters, news: Iterable[News]) -> tuple[News, ...]:
    """Return what filters let through, of each piece of news the part that concerns them."""
    return tuple(part for one in news if (part := _chosen(one, filters)) is not None)


def _chosen(news: News, filters: Filters) -> News | None:
    """Return the part of the news that the filters let through: the reader follows what was or is theirs."""
    was = news.previous is not None and lets_through(filters, news.source, news.previous)
    stays = news.kind != ChangeKind.REMOVED and lets_through(filters, news.source, news.known or news.project)
    if not (was or stays):
        return None
    entered = stays and not was and news.previous is not None
    lines = tuple(line for line in news.lines if not filters.kinds or _kind((line,)) in filters.kinds)
    if news.lines and lines:
        newest = max(number for line in lines for number in line.entries)
        return replace(news, lines=lines, kind=_kind(lines), entered=entered, pub_seq=newest)
    if news.lines:
        return None
    return news if not filters.kinds or news.kind in filters.kinds else None


def _kind(lines: Iterable[Line]) -> ChangeKind:
    fields = {line.field for line in lines}
    if fields == {"section"}:
        return ChangeKind.MOVED
    return ChangeKind.RETITLED if "title" in fields else ChangeKind.CHANGED


def lets_through(filters: Filters, source: str, project: Project) -> bool:
    """Say whether a project, as it stands in this record, is one that the filters let through."""
    return (
        (not filters.sources or source in filters.sources)
        and (not filters.areas or _same(project.area, filters.areas))
        and (not filters.countries or bool(set(project.countries) & set(filters.countries)))
        and (not filters.programmes or _says(project.programmes, filters.programmes))
        and (not filters.statuses or project.status in filters.statuses)
        and (not filters.roles or project.role in filters.roles)
        and (not filters.words or _says(prose(project), filters.words))
    )


def _same(text: str | None, wanted: Iterable[str]) -> bool:
    return text is not None and text.casefold() in {word.casefold() for word in wanted}


def _says(texts: Iterable[str], wanted: Iterable[str]) -> bool:
    said = "\n".join(texts).casefold()
    return any(word.casefold() in said for word in wanted)


def prose(project: Project) -> tuple[str, ...]:
    """Return the texts of a record in which words are looked for."""
    single = (project.title, project.acronym, project.area, project.note)
    return (*(text for text in single if text), *project.programmes, *project.partners)
