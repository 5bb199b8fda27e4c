"""Copying the rows of whole sources under numbers of their own, as if other pages had brought the bytes."""

import re
from typing import Any

import sqlalchemy as sa

from store.database import Session
from store.ledger import head
from store.review_tables import GROUNDS
from store.search.indexing import first_words
from store.search.search_tables import SAID
from store.search.word_index import add_words
from store.tables import (
    CAPTURE,
    LEDGER,
    LEDGER_HEAD,
    PAGE,
    SNAPSHOT,
    SOURCE,
    TRACK,
    VERDICT,
    VERSION,
)

_NUMBERS = {
    (PAGE, "id"): PAGE.c.id,
    (CAPTURE, "id"): CAPTURE.c.id,
    (CAPTURE, "page_id"): PAGE.c.id,
    (SNAPSHOT, "id"): SNAPSHOT.c.id,
    (SNAPSHOT, "capture_id"): CAPTURE.c.id,
    (VERDICT, "id"): VERDICT.c.id,
    (VERDICT, "capture_id"): CAPTURE.c.id,
    (VERDICT, "page_id"): PAGE.c.id,
    (TRACK, "capture_id"): CAPTURE.c.id,
    (VERSION, "id"): VERSION.c.id,
    (VERSION, "capture_id"): CAPTURE.c.id,
    (LEDGER, "pub_seq"): LEDGER.c.pub_seq,
    (LEDGER, "capture_id"): CAPTURE.c.id,
    (SAID, "id"): SAID.c.id,
    (SAID, "page_id"): PAGE.c.id,
    (SAID, "first_capture_id"): CAPTURE.c.id,
    (SAID, "gone_capture_id"): CAPTURE.c.id,
}
"""The columns that hold numbers, and whose."""

_NAMES = {"source", "name"}
_COPIED = (SOURCE, PAGE, CAPTURE, SNAPSHOT, VERDICT, TRACK, VERSION, LEDGER, SAID)
_CAPTURE_IN_GROUNDS = re.compile(r'("capture_(?:before|after|id)":)(\d+)')


class Copies:
    """The rows that a database holds now, ready to be copied."""

    def __init__(self, session: Session) -> None:
        whose = set(_NUMBERS.values())
        self._most = {key: session.execute(sa.select(sa.func.max(key))).scalar_one() for key in whose}
        self._grounds = session.execute(sa.select(GROUNDS)).all()
        self._words = first_words(session)

    def make(self, session: Session, number: int) -> None:
        """Write copy `number`, which is 1 or more: the very rows, with other numbers and names."""
        for table in _COPIED:
            columns = [self._column(table, column, number) for column in table.columns]
            own = sa.select(*columns).where(self._original(table))
            session.execute(sa.insert(table).from_select(list(table.columns), own))
        shift = number * self._most[CAPTURE.c.id]
        session.execute(
            sa.insert(GROUNDS),
            [
                {
                    "pub_seq": row.pub_seq + number * self._most[LEDGER.c.pub_seq],
                    "grounds": _CAPTURE_IN_GROUNDS.sub(
                        lambda found: f"{found[1]}{int(found[2]) + shift}", row.grounds
                    ),
                }
                for row in self._grounds
            ],
        )
        add_words(session, ((own + number * self._most[SAID.c.id], words) for own, words in self._words))
        last = head(session) + self._most[LEDGER.c.pub_seq]
        session.execute(sa.update(LEDGER_HEAD).values(pub_seq=last))

    def _column(self, table: sa.Table, column: sa.Column[Any], number: int) -> sa.ColumnElement[Any]:
        whose = _NUMBERS.get((table, column.name))
        if whose is not None:
            shifted: sa.ColumnElement[Any] = column + number * self._most[whose]
            return shifted
        return column + f"-{number}" if column.name in _NAMES else column

    def _original(self, table: sa.Table) -> sa.ColumnElement[bool]:
        if table in {SOURCE, TRACK}:
            return ~table.columns.values()[0].contains("-")
        key = table.primary_key.columns.values()[0]
        original: sa.ColumnElement[bool] = key <= self._most[key]
        return original
