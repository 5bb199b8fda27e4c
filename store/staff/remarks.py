"""Notes of the staff on pages, projects and changes: written once, never overwritten."""

import re
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from scraper.errors import NotFoundError
from store.database import Session
from store.evidence.attest import attest_row, attest_staff_action
from store.evidence.canonical import digest
from store.ledger import entry
from store.pages import page
from store.staff.staff_tables import REMARK, Subject
from store.tracks import project_life

__all__ = ["LONGEST", "Remark", "Subject", "add_remark", "remarks"]

LONGEST = 5_000
"""Letters of a note."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A note, and the number of the member who wrote it."""

    id: int
    at: datetime
    member: int
    kind: Subject
    key: str
    text: str


def add_remark(session: Session, kind: Subject, key: str, text: str, member: int, at: datetime) -> Remark:
    """Write a note about something that exists; raises NotFoundError, and ValueError without a text."""
    said = text.replace("\r\n", "\n").replace("\x00", "").strip()
    if not 0 < len(said) <= LONGEST:
        raise ValueError(f"a note has 1 to {LONGEST} letters")
    known = _known(session, kind, key)
    values = {"at": at, "member": member, "kind": kind, "key": known, "text": said}
    number = int(session.execute(sa.insert(REMARK).values(values).returning(REMARK.c.id)).scalar_one())
    attest_row(session, REMARK, number)
    attest_staff_action(
        session,
        at=at,
        account=member,
        action="note",
        subject=f"{kind} {known}",
        content=digest(said.encode()),
    )
    return Remark(number, at, member, kind, known, said)


def remarks(session: Session, kind: Subject, key: str) -> tuple[Remark, ...]:
    """Return the notes about something, oldest first."""
    query = sa.select(REMARK).where(REMARK.c.kind == kind, REMARK.c.key == key).order_by(REMARK.c.id)
    return tuple(
        Remark(row.id, row.at, row.member, row.kind, row.key, row.text) for row in session.execute(query)
    )


def _known(session: Session, kind: Subject, key: str) -> str:
    """Return the key as it is kept."""
    source, _, number = key.rpartition("/")
    if not re.fullmatch(r"[0-9]{1,9}", number):
        raise NotFoundError(f"there is no {kind} {key!r}", "The pages of the staff name what there is.")
    match kind:
        case Subject.PAGE:
            return str(page(session, int(number)).id)
        case Subject.CHANGE:
            return str(entry(session, int(number)).pub_seq)
        case Subject.PROJECT:
            found = project_life(session, source, int(number)).entry
            return f"{found.source}/{found.number}"
