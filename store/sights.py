"""The visits that show something: which was the first, which the last."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from store.pages import GOOD
from store.tables import CAPTURE, VERDICT


@dataclass(frozen=True, slots=True)
class Sight:
    """A visit that shows something."""

    at: datetime
    capture_id: int


def last_sight(
    session: Session, page_id: int, upto: datetime | None = None, before: datetime | None = None
) -> Sight | None:
    """Return a page's last believed visit up to the one instant and before the other."""
    query = (
        sa.select(CAPTURE.c.at, CAPTURE.c.id)
        .join(VERDICT, VERDICT.c.capture_id == CAPTURE.c.id)
        .where(CAPTURE.c.page_id == page_id, VERDICT.c.decision.in_(GOOD))
        .order_by(CAPTURE.c.at.desc(), CAPTURE.c.id.desc())
        .limit(1)
    )
    if upto is not None:
        query = query.where(CAPTURE.c.at <= upto)
    if before is not None:
        query = query.where(CAPTURE.c.at < before)
    row = session.execute(query).first()
    return Sight(row.at, row.id) if row else None


class LastSights:
    """The last visits that showed this or that; what went together was last seen together."""

    def __init__(self, session: Session, page_id: int) -> None:
        self._session = session
        self._page_id = page_id
        self._known: dict[int | None, Sight | None] = {}

    def last(self, first: Sight, gone: Sight | None) -> Sight:
        """Return the last visit that showed what `first` showed first and `gone` no more.

        While it stands (`gone` is None) that is the last believed visit of the page that states it.
        """
        key = gone.capture_id if gone else None
        if key not in self._known:
            page_id = self._page_of(gone) if gone else self._page_id
            self._known[key] = last_sight(self._session, page_id, before=gone.at if gone else None)
        found = self._known[key]
        return found if found and found.at > first.at else first

    def _page_of(self, gone: Sight) -> int:
        query = sa.select(CAPTURE.c.page_id).where(CAPTURE.c.id == gone.capture_id)
        return int(self._session.execute(query).scalar_one())
