"""The nouns of the upper row: what a visit brought, what it says, and what changed, as frozen values."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class PageState(StrEnum):
    """What kind of answer a page gave (EDGI calls this the effective status)."""

    OK = "ok"
    EMPTY = "empty"
    MAINTENANCE = "maintenance"
    BLOCKED = "blocked"
    NOT_FOUND = "not_found"
    MOVED = "moved"
    TRUNCATED = "truncated"
    NOT_HTML = "not_html"
    TOO_LARGE = "too_large"


class FailureKind(StrEnum):
    """Why a visit brought no answer at all."""

    NETWORK = "network"
    TLS = "tls"
    ROBOTS = "robots"
    DEADLINE = "deadline"
    ADDRESS = "address"  # a private or malformed address, or one outside the source
    REDIRECTS = "redirects"
    ENCODING = "encoding"  # a content-encoding that we refuse to unpack
    FAULT = "fault"  # of our own, while reading an answer that came


@dataclass(frozen=True, slots=True)
class Failure:
    """A visit without an answer: its kind and one English sentence for people."""

    kind: FailureKind
    message: str


@dataclass(frozen=True, slots=True)
class Redirect:
    """One hop on the way to the answer: the status that sent us on, and the absolute address it named."""

    status: int
    location: str


@dataclass(frozen=True, slots=True)
class Capture:
    """One visit's answer, or its failure; 304s and failures are captures too.

    `url` is the watched address that was asked for; `at` the UTC instant at which the answer's head arrived
    (or the failure was known). `body` is content-decoded; it is None where none came (304, failures).
    `cut` says that reading stopped at our size cap, so that `body` is only the beginning.
    `coded_sha256` (hex) and `coded_length` describe the body as it travelled, before Content-Encoding
    was undone; they differ from `body` only for compressed answers.
    """

    url: str
    at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None
    failure: Failure | None = None
    redirects: tuple[Redirect, ...] = ()
    cut: bool = False
    coded_sha256: str | None = None
    coded_length: int | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name, whatever its case, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


class ProjectStatus(StrEnum):
    """Where in its life the page says a project stands."""

    EVALUATION = "evaluation"
    STARTING = "starting"
    ONGOING = "ongoing"
    CONCLUDED = "concluded"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What the body whose page it is does in a project."""

    LEAD = "lead"
    PARTNER = "partner"
    STAKEHOLDER = "stakeholder"
    FUNDER = "funder"


class Layout(StrEnum):
    """In what shape a page states a project."""

    TABLE = "table"
    SHEET = "sheet"
    PROSE = "prose"
    LIST = "list"
    CARDS = "cards"


@dataclass(frozen=True, slots=True)
class Span:
    """Where a value stands: characters `start` to `end` of block `block` of the snapshot's outline.

    `quote` is the text found there. Spans hold for the outline of one reader version.
    """

    field: str
    block: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Project:
    """One cooperation project as a page states it (IATI: activity); what it does not state is None or ().

    `area` and `section` are the page's own words. `countries` are ISO 3166-1 alpha-2. `start` and `end`
    are EDTF dates (ISO 8601-2), as precise as the page and no more. `amount` is the project's total in
    `currency` (ISO 4217). `link` is absolute. `layout` and `spans` say how and where the page states it
    and never take part in a comparison.
    """

    title: str | None = None
    acronym: str | None = None
    area: str | None = None
    programmes: tuple[str, ...] = ()
    status: ProjectStatus | None = None
    role: Role | None = None
    countries: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    start: str | None = None
    end: str | None = None
    amount: float | None = None
    currency: str | None = None
    link: str | None = None
    note: str | None = None
    cup: str | None = None
    section: str | None = None
    layout: Layout = field(default=Layout.PROSE, compare=False)
    spans: tuple[Span, ...] = field(default=(), compare=False, repr=False)


Value = str | float | tuple[str, ...] | None
"""What one field of a Project can hold."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The structured reading of one capture by one reader version.

    `reason` says in words why the state is not ok. `unread` is visible text of the content area that is in no
    project and under no named ignore rule. `fingerprint` is equal for two captures of the same
    reader version exactly where nothing that the reader looks at differs. `states_none` is true where the
    page says in words that there are no projects.
    """

    reader_version: str
    page_state: PageState
    reason: str | None = None
    projects: tuple[Project, ...] = ()
    unread: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    fingerprint: str = ""
    states_none: bool = False


class Decision(StrEnum):
    """What we think of a capture."""

    ACCEPTED = "accepted"
    UNCHANGED = "unchanged"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on one capture, with its reasons in English sentences."""

    decision: Decision
    reasons: tuple[str, ...] = ()


class ChangeKind(StrEnum):
    """What can happen to a project between two accepted states."""

    ADDED = "added"
    CHANGED = "changed"
    RETITLED = "retitled"
    MOVED = "moved"
    REMOVED = "removed"
    REAPPEARED = "reappeared"


@dataclass(frozen=True, slots=True)
class Change:
    """One project's change between two accepted states; a project that changes in two fields makes two.

    `track` is the project's permanent number within its source. `field` is None for added, removed and
    reappeared, "title" for retitled, "section" for moved. `project` is the present record, or the last known
    one when removed. `told` is false for what is recorded and shown but never put into a digest
    (moves, and values no longer stated because the layout changed).
    """

    kind: ChangeKind
    track: int
    project: Project
    field: str | None = None
    before: Value = None
    after: Value = None
    previous_title: str | None = None
    told: bool = True

    @property
    def title(self) -> str | None:
        """The project's present title (the last known one when removed)."""
        return self.project.title
