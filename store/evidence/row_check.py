"""Checking the covered tables against the log: each logged row as it was, and no row beside them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from store.database import Session
from store.evidence.canonical import Plain
from store.evidence.contents import ContentError, Contents
from store.evidence.covered import (
    COVERED_TABLES,
    SETTLED,
    SETTLEMENT,
    delivery_fact,
    history_fact,
    recipient_secret,
    settlement_fact,
)
from store.evidence.findings import Fault
from store.evidence.log import Fact, batches
from store.evidence.raw_rows import RawRow, all_keys, raw_rows
from store.mail_tables import DELIVERY, MESSAGE
from store.tables import BODY

BODY_COLUMNS = {"capture": "body_sha256", "snapshot": "content_sha256"}
"""Where a row names the body that belongs to it."""

REMOVAL = "removal"
PACKED = "packed"
"""What retention takes of a body: digest and length stay."""

Removed = Mapping[str, Mapping[str, set[str]]]
"""What is gone on purpose: by table and key, the whole "row" or single columns."""


class RowCheck:
    """Holds entries against the rows that they speak of, and remembers which rows were spoken of."""

    def __init__(self, session: Session, removed: Removed) -> None:
        self._session = session
        self._removed = removed
        self._contents = Contents(session)
        self._logged: dict[str, set[str]] = defaultdict(set)
        self._settlements: dict[str, tuple[int, Fact]] = {}

    def faults(self, facts: Iterable[tuple[int, Fact]]) -> Iterator[Fault]:
        """Yield what is not as these entries say."""
        by_kind: dict[str, list[tuple[int, Fact]]] = defaultdict(list)
        for index, fact in facts:
            by_kind[fact.kind].append((index, fact))
        for kind, table in COVERED_TABLES.items():
            yield from self._history_faults(table, by_kind[kind])
        yield from self._delivery_faults(by_kind[DELIVERY.name])
        for index, fact in by_kind[SETTLEMENT]:
            self._settlements[fact.key] = (index, fact)  # a later one stands against an earlier one

    def closing_faults(self) -> Iterator[Fault]:
        """Yield, once all entries were seen, what only the whole log can tell."""
        for keys in batches(list(self._settlements)):
            rows = raw_rows(self._session, DELIVERY, keys)
            for key in keys:
                index, fact = self._settlements[key]
                # A delivery that is missing altogether was told with the entry that owed it.
                if key in rows:
                    yield from self._secret_faults(index, fact, rows[key])
        for table in (*COVERED_TABLES.values(), DELIVERY, MESSAGE, BODY):
            yield from self._unlogged(table)
        yield from self._settled_in_silence()

    def _history_faults(self, table: sa.Table, facts: list[tuple[int, Fact]]) -> Iterator[Fault]:
        for index, fact, row in self._rows(table, facts):
            subject = f"{table.name} {fact.key}"
            if isinstance(row, Fault):
                yield row
            else:
                yield from _differences(index, subject, fact, history_fact(table, row))
            name = fact.row.get(BODY_COLUMNS.get(table.name, ""))
            if isinstance(name, str):
                yield from self._body_faults(index, subject, name)

    def _delivery_faults(self, facts: list[tuple[int, Fact]]) -> Iterator[Fault]:
        self._logged[MESSAGE.name].update(fact.key for _, fact in facts)
        for index, fact, row in self._rows(DELIVERY, facts):
            if isinstance(row, Fault):
                yield row
            else:
                yield from self._secret_faults(index, fact, RawRow(row))

    def _rows(
        self, table: sa.Table, facts: list[tuple[int, Fact]]
    ) -> Iterator[tuple[int, Fact, Mapping[str, Any] | Fault]]:
        """Yield with each entry the row that it speaks of, or why there is none; skip what was removed."""
        rows = raw_rows(self._session, table, {fact.key for _, fact in facts}) if facts else {}
        for index, fact in facts:
            self._logged[table.name].add(fact.key)
            row = rows.get(fact.key)
            if row is None and "row" in self._removals(table.name, fact.key):
                continue
            if row is None or row.problem:
                problem = (row and row.problem) or "is missing"
                yield index, fact, Fault(index, f"{table.name} {fact.key}", problem)
            else:
                yield index, fact, row.values

    def _body_faults(self, index: int, subject: str, name: str) -> Iterator[Fault]:
        if name in self._logged[BODY.name]:
            return
        self._logged[BODY.name].add(name)
        if PACKED in self._removals(BODY.name, name) and self._contents.is_dropped(name):
            return
        try:
            self._contents.body(name)
        except ContentError as error:
            yield Fault(index, subject, f"has lost its content: {error}")

    def _secret_faults(self, index: int, fact: Fact, row: RawRow) -> Iterator[Fault]:
        """Hold a delivery's entry against its row; the recipient's secret says whom and what it names."""
        removed = self._removals(DELIVERY.name, fact.key)
        if "row" in removed or row.problem:
            return
        secret = recipient_secret(self._session, row.values["recipient"])
        if secret is None:
            yield Fault(index, f"delivery {fact.key}", "cannot be checked: its recipient's key is missing")
            return
        if fact.kind == SETTLEMENT:
            present = settlement_fact(row.values, secret)
        else:
            present = delivery_fact(row.values, self._message(fact.key), secret)
        yield from _differences(index, f"delivery {fact.key}", fact, present, except_for=removed)

    def _message(self, key: str) -> bytes:
        kept = raw_rows(self._session, MESSAGE, [key]).get(key)
        return b"" if kept is None or kept.problem else bytes(kept.values["content"])

    def _settled_in_silence(self) -> Iterator[Fault]:
        query = sa.select(DELIVERY.c.id).where(DELIVERY.c.state.in_(SETTLED)).order_by(DELIVERY.c.id)
        for number in self._session.execute(query).scalars():
            if str(number) not in self._settlements:
                yield Fault(None, f"delivery {number}", "ended without an entry in the log")

    def _unlogged(self, table: sa.Table) -> Iterator[Fault]:
        try:
            for key in all_keys(self._session, table):
                if key not in self._logged[table.name]:
                    yield Fault(None, f"{table.name} {key}", "was never logged")
        except sa.exc.DBAPIError:
            yield Fault(None, f"table {table.name}", "holds a key that cannot be read")

    def _removals(self, table: str, key: str) -> set[str]:
        return self._removed.get(table, {}).get(key, set())


def removals(facts: Iterable[Fact]) -> Removed:
    """Return what the log says was dropped on purpose."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for fact in facts:
        keys = fact.row["keys"]
        for key in keys if isinstance(keys, list) else ():
            found[str(fact.row["table"])][str(key)].add(str(fact.row["what"]))
    return found


def _differences(
    index: int, subject: str, logged: Fact, present: Fact, except_for: Iterable[str] = ()
) -> Iterator[Fault]:
    """Yield a fault where a logged field has another value now; columns added since are no difference."""
    missing: Plain = "\x00"
    differing = [
        name
        for name, value in logged.row.items()
        if present.row.get(name, missing) != value and name not in set(except_for)
    ]
    if differing:
        yield Fault(index, subject, f"is no longer what was logged, in {', '.join(sorted(differing))}")
