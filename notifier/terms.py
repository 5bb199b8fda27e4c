"""The terms on which mail leaves: how long a turn lasts, how fast we send, and where copies are kept."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from notifier.archive import Archive
from notifier.bounces.return_paths import ReturnPaths


def never() -> bool:
    """Say that nobody wants an end."""
    return False


@dataclass(frozen=True, slots=True)
class Terms:
    """How mail is sent.

    A message is under way for at most `lease`; then its sender counts as lost. Its final dot is sent only
    while more than `server_idle` of that is left: so long a server waits for a silent client, and so long a
    sender that was stopped just before the dot could still finish. Evidence for a message in doubt is looked
    for after `grace`, in which a server may still be storing it, and in the `archive` where there is one.
    `paths` make the addresses and names by which servers report about each message (DSN, RFC 3461).
    `per_minute` limits all mail together, None not at all; `gap` is the shortest time between two messages to
    the same domain. Once `stopping` says so, no other message is begun.
    """

    lease: timedelta = timedelta(minutes=15)
    server_idle: timedelta = timedelta(minutes=5)
    grace: timedelta = timedelta(minutes=10)
    per_minute: int | None = None
    gap: timedelta = timedelta(0)
    archive: Archive | None = None
    paths: ReturnPaths | None = None
    stopping: Callable[[], bool] = never
