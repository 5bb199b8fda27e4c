"""The nouns of the comparison: what the fold remembers of a source, and what one visit comes to."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal

from scraper.records import Change, Decision, Project, Snapshot, Verdict


@dataclass(frozen=True, slots=True)
class Match:
    """Project number `record` of the snapshot is the track `track`: how sure we are, and why, in words."""

    track: int
    record: int
    confidence: float
    grounds: tuple[str, ...]
    title: str | None = None
    previous_title: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """A doubtful pair for staff: is `project`, which page `url` states, the track `track`, known as `known`?

    Until it is decided the changes of these two projects alone wait. `part` is the track itself, where staff
    merged it into `track`.
    """

    url: str
    track: int
    part: int
    project: Project
    known: Project
    confidence: float
    grounds: tuple[str, ...]
    kind: Literal["pair"] = "pair"

    @property
    def key(self) -> str:
        """The same text each time that the same pair is asked about."""
        said = "\x1f".join((self.url, str(self.part), self.project.title or "", self.project.cup or ""))
        return sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one visit comes to; `withheld` are the changes that a held capture would have brought."""

    verdict: Verdict
    changes: tuple[Change, ...] = ()
    matches: tuple[Match, ...] = ()
    questions: tuple[Question, ...] = ()
    withheld: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Mention:
    """What one page states of one track."""

    track: int
    project: Project


@dataclass(frozen=True, slots=True)
class Hold:
    """The capture that an open review of kind "capture" is about: the latest held one of its page.

    `since` is when the first capture in a row was held. A `rejected` hold asks for nothing any more: it stays
    so that the same answer, seen again, opens no new review.
    """

    url: str
    at: datetime
    since: datetime
    reasons: tuple[str, ...]
    snapshot: Snapshot | None = None
    rejected: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """An outage: the page has not been believed since `since`, over `visits` visits.

    It appears in the state with the first bad visit and leaves it with the next healthy one; staff are told
    when it appears and when it leaves.
    """

    since: datetime
    decision: Decision
    reasons: tuple[str, ...]
    visits: int = 1


@dataclass(frozen=True, slots=True)
class PageMemory:
    """What is remembered of one page.

    `snapshot` is the accepted one (None before the first); `numbers` names the track of each of its projects,
    None where a question withholds it. `kept` holds what the page last said of tracks that a question
    withholds. `addresses` are those that a permanent redirect joined to `url`. `read_at` is the last healthy
    visit.
    """

    url: str
    addresses: tuple[str, ...] = ()
    snapshot: Snapshot | None = None
    numbers: tuple[int | None, ...] = ()
    kept: tuple[Mention, ...] = ()
    questions: tuple[Question, ...] = ()
    read_at: datetime | None = None
    hold: Hold | None = None
    trouble: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """One project through all snapshots of its source; `number` is given once and for ever.

    `project` is its public record, the last known one when absent. `titles`, `links` and `cups` are all that
    it ever had, oldest first. `url` is the first page that states it, or the last that did. `into` names the
    track that staff merged it into. `awaiting` lists the pages still to be read before its disappearance at
    `missing_since` is believed.
    """

    number: int
    project: Project
    first_seen: datetime
    last_seen: datetime
    present: bool = True
    url: str | None = None
    titles: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    cups: tuple[str, ...] = ()
    into: int | None = None
    missing_since: datetime | None = None
    awaiting: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """What staff decided of a pair: the record of these words is the track, or is not."""

    track: int
    title: str
    same: bool


@dataclass(frozen=True, slots=True)
class SourceState:
    """Everything the fold remembers of one source; `round` lists the pages read in this round."""

    pages: tuple[PageMemory, ...] = ()
    tracks: tuple[Track, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    round: tuple[str, ...] = ()


EMPTY_STATE = SourceState()
"""The state of a source that was never visited."""
