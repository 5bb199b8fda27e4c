"""Digests of every sort in three languages; `python -m tests.mail_samples` writes the golden ones."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from notifier.digest import digest
from notifier.links import Links
from notifier.message import Sender, message_id
from notifier.render import Envelope, Letter, Origins, digest_letter
from notifier.stencil import printed, stencil
from notifier.words import LANGUAGES, words
from scraper.records import ChangeKind, Project, ProjectStatus
from store.kinds import Frequency
from store.ledger import LedgerEntry
from store.subscriptions import Filters
from tests.digest_samples import GAMBIA, MC2CM, START, changed, happened, ledger, november, reader
from tests.watched_history import PLASTIC, SMART

GOLDEN = Path(__file__).parent / "golden_mails"
PAGE = "https://www.example.org/progetti"
PUBLIC = "https://coopwatch.example.org"
TOKEN = "abcdefghijklmnopqrstuv"
SENDER = Sender("avvisi@coopwatch.example.org", "Città metropolitana", PUBLIC, reply_to="persone@example.org")
ORIGINS = Origins({"torino": "Città metropolitana di Torino"}, {"torino": "it"}, {1: PAGE})
WEEKLY = Envelope(Frequency.WEEKLY, SENDER.name)
CORRECTION = replace(
    WEEKLY, corrects=date(2018, 11, 12), reason="uno stato era stato letto dalla riga sbagliata."
)
FIRST = replace(
    WEEKLY, begins=date(2018, 11, 9), checkpoint="coopwatch.example.org/log, 1234, kKpZ2bT3wbsO0xK7l2m4"
)


def one() -> list[LedgerEntry]:
    """One project has another status."""
    return ledger(changed("status", "starting", "ongoing"))


def many() -> list[LedgerEntry]:
    """Everything that can happen to projects, in two areas and in none."""
    ended = replace(SMART, status=ProjectStatus.CONCLUDED, countries=("ET", "KE"), amount=1283174.0)
    ended = replace(
        ended, currency="EUR", end="2020-07", note="Il progetto si è concluso a luglio ad Awassa."
    )
    more = ledger(
        changed("status", "suspended", "ongoing", project=ended, track=1),
        changed("status", "ongoing", "concluded", project=ended, track=1),
        changed("countries", ("ET",), ("ET", "KE"), project=ended, track=1),
        changed("amount", None, 1283174.0, project=ended, track=1),
        changed("end", "2020-07/2020-12", "2020-07", project=ended, track=1),
        changed("note", "Il progetto si concluderà a giugno ad Awassa.", ended.note, project=ended, track=1),
        happened(ChangeKind.REMOVED, PLASTIC, 2),
        happened(ChangeKind.REAPPEARED, replace(GAMBIA, title="RAGAZZI IN GIORDANIA"), 8),
        first=9,
    )
    return [*november(), *more]


def projects(count: int) -> list[LedgerEntry]:
    """So many projects, each with a change of three fields, in seven areas."""
    entries = []
    for track in range(1, count + 1):
        project = _project(track)
        entries += [
            changed("status", "starting", "ongoing", project=project, track=track),
            changed("end", None, "2021-03", project=project, track=track),
            changed("title", f"Vecchio titolo {track}", project.title, project=project, track=track),
        ]
    return ledger(*entries)


def _project(number: int) -> Project:
    title = f"Progetto {number} – rafforzamento dei servizi idrici nelle città"
    return replace(MC2CM, title=title, acronym=None, area=f"AREA {number % 7}", end="2021-03")


CASES: dict[str, tuple[list[LedgerEntry], Envelope]] = {
    "one": (one(), WEEKLY),
    "many": (many(), WEEKLY),
    "correction": (one(), CORRECTION),
    "first": (november(), FIRST),
}
"""What is told, and what the letter says beside it."""


def letter(
    entries: Sequence[LedgerEntry],
    language: str = "it",
    envelope: Envelope = WEEKLY,
    filters: Filters | None = None,
) -> Letter:
    """Return the digest of these entries, through these filters, in words."""
    owed = digest(replace(reader(language), filters=filters or Filters()), entries)
    assert owed is not None
    return digest_letter(owed, envelope, ORIGINS, Links(PUBLIC), words(language))


def entered(language: str) -> bytes:
    """Return the message to who wants projects under way alone, when one begins."""
    return message(one(), language, filters=Filters(statuses=(ProjectStatus.ONGOING,)))


def message(
    entries: Sequence[LedgerEntry],
    language: str = "it",
    envelope: Envelope = WEEKLY,
    filters: Filters | None = None,
) -> bytes:
    """Return the digest of these entries, through these filters, as the message that one reader gets."""
    answers = message_id("digest", "before", SENDER.domain) if envelope.corrects else None
    return printed(
        stencil(letter(entries, language, envelope, filters), SENDER),
        recipient="ong@example.org",
        identifier=message_id("digest", "1/8", SENDER.domain),
        at=START,
        token=TOKEN,
        answers=answers,
    )


def main() -> None:
    """Write the golden messages anew; look at what git says has changed."""
    GOLDEN.mkdir(exist_ok=True)
    for name, (entries, envelope) in CASES.items():
        for language in LANGUAGES:
            (GOLDEN / f"{name}_{language}.eml").write_bytes(message(entries, language, envelope))
    for language in LANGUAGES:
        (GOLDEN / f"entered_{language}.eml").write_bytes(entered(language))


if __name__ == "__main__":
    main()
