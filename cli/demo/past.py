"""The history that the demo replays: the versions of the watched page in order, with the history's own dates.

Facts are those that the page published: its state of summer 2018, the one after 12 November 2018, and the
end of 100% Plastica in July 2020. Markup and prose are ours; so are the titles of the linked rows, which no
record of the page has kept.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib import resources
from string import Template


@dataclass(frozen=True, slots=True)
class Version:
    """What the page served at one visit: a file of `pages/`, and the noise that no visit sees twice.

    `what` says in one English sentence what happened; `visits` is the page's own counter and `session` its
    session id. Two versions that are equal but for `at` are one answer, so the second visit gets a 304.
    """

    at: datetime
    file: str
    what: str
    visits: int
    session: str
    clock: str

    def body(self) -> bytes:
        """Return the page as it is served."""
        text = resources.files("cli.demo").joinpath("pages", self.file).read_text("utf-8")
        noise = {"visits": self.visits, "session": self.session, "clock": self.clock}
        return Template(text).substitute(noise).encode()


def _version(at: datetime, file: str, what: str, visits: int) -> Version:
    session = f"{visits * 2654435761 % 2**64:016x}"
    return Version(at, file, what, visits, session, f"{at:%d/%m/%Y %H:%M:%S}")


def _history() -> tuple[Version, ...]:
    concluded = _version(
        datetime(2020, 9, 7, 4, 30, 11, tzinfo=UTC),
        "cards_concluded.html",
        "100% Plastica is concluded",
        20655,
    )
    return (
        _version(
            datetime(2018, 8, 20, 4, 30, 5, tzinfo=UTC), "prose_and_table.html", "watching begins", 18437
        ),
        _version(
            datetime(2018, 9, 10, 4, 30, 7, tzinfo=UTC), "prose_and_table.html", "nothing changed", 18502
        ),
        _version(
            datetime(2018, 10, 8, 4, 30, 6, tzinfo=UTC), "maintenance.html", "maintenance, with status 200", 0
        ),
        _version(
            datetime(2018, 11, 19, 5, 30, 9, tzinfo=UTC),
            "table.html",
            "MC2CM starts, a project in Gambia is proposed",
            18871,
        ),
        _version(
            datetime(2019, 6, 3, 4, 30, 4, tzinfo=UTC), "cards.html", "a redesign with the same facts", 19240
        ),
        concluded,
        replace(concluded, at=datetime(2020, 9, 14, 4, 30, 8, tzinfo=UTC), what="nothing changed"),
    )


HISTORY = _history()
"""Every version, oldest first; the demo visits each once."""
