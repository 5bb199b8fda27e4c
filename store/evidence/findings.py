"""What a verification found: the nouns of its report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was logged; `index` is the entry that shows it, None where none does."""

    index: int | None
    subject: str
    problem: str

    def __str__(self) -> str:
        place = "not in the log" if self.index is None else f"entry {self.index}"
        return f"{place}: {self.subject} {self.problem}"


@dataclass(frozen=True, slots=True)
class Findings:
    """The outcome: faults in the order of the log, those that no entry knows last.

    `sealed` of the `entries` stand under a checkpoint whose signature holds, made at `sealed_at`; the others
    are not yet sealed. `stamped` checkpoints bear a time stamp that was checked. `removals` counts what is
    gone on purpose, as the log itself says, by what it was ("body packed": the content of a body).
    """

    entries: int
    sealed: int
    sealed_at: datetime | None
    checkpoints: int
    stamped: int
    removals: Mapping[str, int]
    faults: tuple[Fault, ...]

    @property
    def first(self) -> Fault | None:
        """The first bad entry; None where all is well."""
        return self.faults[0] if self.faults else None

    @property
    def removed(self) -> int:
        """How many things are gone on purpose."""
        return sum(self.removals.values())

    @property
    def unsealed(self) -> int:
        """How many entries came after the last checkpoint."""
        return self.entries - self.sealed
