"""A short way of telling a history of hand-made snapshots to the fold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from scraper.compare import EMPTY_STATE, Outcome, SourceState, step
from scraper.records import (
    Capture,
    Change,
    Failure,
    FailureKind,
    Layout,
    PageState,
    Project,
    ProjectStatus,
    Redirect,
    Snapshot,
)

LIST = "https://www.example.org/cooperazione/progetti"
START = datetime(2024, 3, 4, 5, 30, tzinfo=UTC)


def project(title: str | None, **facts: object) -> Project:
    """Return a project of a table row that is going on, with these facts."""
    usual: dict[str, object] = {
        "layout": Layout.TABLE,
        "status": ProjectStatus.ONGOING,
        "section": "In corso",
    }
    return Project(title, **{**usual, **facts})  # type: ignore[arg-type]


def snapshot(projects: Sequence[Project], state: PageState = PageState.OK, **facts: object) -> Snapshot:
    """Return the reading of a page that states these projects."""
    return Snapshot("1", state, projects=tuple(projects), **facts)  # type: ignore[arg-type]


@dataclass
class Story:
    """A source under watch: each visit takes the next day and changes the state."""

    state: SourceState = EMPTY_STATE
    day: int = 0
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        """The instant of the next visit."""
        return START + timedelta(days=self.day)

    def shows(self, *projects: Project, url: str = LIST, **facts: object) -> Outcome:
        """Visit a page that states these projects."""
        return self.sees(snapshot(projects, **facts), url)  # type: ignore[arg-type]

    def sees(
        self, seen: Snapshot | None, url: str = LIST, status: int = 200, redirects: tuple[Redirect, ...] = ()
    ) -> Outcome:
        """Visit a page that answers with this status and reads like this."""
        return self.visits(
            Capture(url, self.now, status, body=b"" if seen else None, redirects=redirects), seen
        )

    def fails(self, url: str = LIST) -> Outcome:
        """Visit a page that does not answer."""
        return self.visits(Capture(url, self.now, failure=Failure(FailureKind.NETWORK, "timed out")), None)

    def visits(self, capture: Capture, seen: Snapshot | None) -> Outcome:
        """Make any visit."""
        self.state, outcome = step(self.state, capture, seen)
        self.day += 1
        self.outcomes.append(outcome)
        return outcome


def told(changes: Sequence[Change]) -> list[tuple[object, ...]]:
    """Return the changes that subscribers hear of as (kind, title, field, before, after)."""
    return [said(change) for change in changes if change.told]


def said(change: Change) -> tuple[object, ...]:
    """Return one change as (kind, title, field, before, after)."""
    return (change.kind.value, change.title, change.field, change.before, change.after)
