"""Whatever is altered in what the log covers, verification names the first bad entry."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from store.database import Database, Session
from store.evidence.covered import COVERED_TABLES
from store.evidence.findings import Findings
from store.evidence.log_tables import LOG_ENTRY
from store.evidence.verification import verify
from store.tables import Row
from tests.evidence_tampering import drop, exchange, flips, key_names, put, rows, tampering
from tests.evidence_world import VERIFIERS, history

COVERED = (*COVERED_TABLES, "delivery", "message")
GUIDE = Path(__file__).parent.parent / "docs" / "evidence.md"
EVERY_BIT = bool(os.environ.get("COOPWATCH_SOAK"))

SETTLING = {"state", "attempts", "next_at", "settled_at", "response", "refusal", "doubted_at", "resends"}
"""What changes while a mail is on its way: covered once it has settled, by an entry of its own."""


def checked(session: Session) -> Findings:
    """Verify in the midst of a transaction."""
    return verify(session, VERIFIERS)


def first_index(session: Session) -> int | None:
    """Return the first bad entry."""
    first = checked(session).first
    return first.index if first else -1


def entry_of(session: Session, name: str, row: dict[str, Any]) -> int:
    """Return the entry that speaks first of a row, or of what belongs to it."""
    if name == "log_entry":
        return int(row["leaf_index"])
    if name == "checkpoint":
        return int(row["size"]) - 1
    entry, kind, key = LOG_ENTRY.c.entry, LOG_ENTRY.c.kind, LOG_ENTRY.c.key
    if name == "body":
        told = entry.contains(f'sha256":"{row["sha256"]}')
    elif name == "recipient_key":
        told = kind == "delivery"
    else:
        spoken = "delivery" if name == "message" else name  # a delivery's entry speaks of its bytes, too
        told = (kind == spoken) & (key == "/".join(str(row[part]) for part in key_names(name)))
    found = session.execute(sa.select(sa.func.min(LOG_ENTRY.c.leaf_index)).where(told)).scalar()
    assert found is not None
    return int(found)


def has_contents(name: str) -> bool:
    """Say whether rows hold more than their key, so that there is something to exchange."""
    return len(Row.metadata.tables[name].columns) > len(key_names(name))


def told(db: Database, name: str) -> None:
    """Fill a database so that the table has several rows, the secrets none but those of mailed readers."""
    history(db, wide=name != "recipient_key")


def middle(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a row that is neither the first nor the last, where there are that many."""
    return found[len(found) // 2]


def test_an_untouched_history_verifies(db: Database) -> None:
    """Nothing is wrong with what nobody touched; what came after the last checkpoint is not yet sealed."""
    made = history(db, wide=True)

    with db.reading() as session:
        found = verify(session, VERIFIERS)
    assert found.faults == ()
    assert (found.sealed, found.sealed_at, found.checkpoints) == (made[-1].size, made[-1].at, 2)
    assert found.unsealed == found.entries - made[-1].size > 0


def test_the_guide_names_every_table() -> None:
    """The guide says of each table whether the log covers it: of the covered ones in its table."""
    text = GUIDE.read_text("utf-8")
    listed, other = text.split("Not covered:")[0], text.split("Not covered:")[1].split("\n\n")[0]
    covered = {
        name for line in re.findall(r"^\| (`.*?) \|", listed, re.M) for name in re.findall("`(.+?)`", line)
    }
    left_out = set(re.findall("`(.+?)`", other))

    assert covered == {*COVERED, "body", "log_entry", "checkpoint"}
    assert covered | left_out >= set(Row.metadata.tables)
    assert not covered & left_out


@pytest.mark.parametrize("name", [*COVERED, "body", "log_entry", "checkpoint", "recipient_key"])
def test_one_flipped_bit_is_named(sqlite_db: Database, name: str) -> None:
    """A flipped bit in any column of any covered table names the entry that speaks of the row."""
    told(sqlite_db, name)
    with sqlite_db.reading() as session:
        row = middle(rows(session, name))
        spoken_of = entry_of(session, name, row)
    tried = 0
    for column, value in row.items():
        # A state that is no word makes the whole row unreadable, which the first entry about it tells.
        expected = {spoken_of + 1, spoken_of} if name == "delivery" and column in SETTLING else {spoken_of}
        for spoilt in flips(value, EVERY_BIT):
            with tampering(sqlite_db) as session:
                if put(session, name, row, column, spoilt):
                    assert first_index(session) in expected, (column, value, spoilt)
                    tried += 1
    assert tried >= min(6, 2 * len(row))


@pytest.mark.parametrize("name", [*COVERED, "body", "log_entry", "checkpoint", "recipient_key"])
def test_a_dropped_row_is_named(db: Database, name: str) -> None:
    """A missing row names the entry that speaks of it: the first, a middle one, and the last of a table."""
    told(db, name)
    with db.reading() as session:
        found = rows(session, name)
        expected = [entry_of(session, name, row) for row in found]
    for place in {0, len(found) // 2, len(found) - 1}:
        with tampering(db) as session:
            drop(session, name, found[place])
            assert first_index(session) == expected[place]


@pytest.mark.parametrize("name", [*filter(has_contents, COVERED), "body", "log_entry", "checkpoint"])
def test_two_rows_with_exchanged_contents_are_named(db: Database, name: str) -> None:
    """Rows that swap their contents name the entry of the first of the two."""
    told(db, name)
    with db.reading() as session:
        found = rows(session, name)
        one, other = found[0], found[-1]
        expected = min(entry_of(session, name, one), entry_of(session, name, other))
    with tampering(db) as session:
        exchange(session, name, one, other)
        assert first_index(session) == expected


@pytest.mark.parametrize("name", [*COVERED, "body"])
def test_a_row_that_was_never_logged_is_named(db: Database, name: str) -> None:
    """A row slipped in beside the log is told, though no entry speaks of it."""
    told(db, name)
    with tampering(db) as session:
        row = rows(session, name)[-1]
        copy = {**row, **{key: copied_key(row[key]) for key in key_names(name)}}
        if name == "delivery":
            copy |= {"message_id": "<other>", "subscription_id": None}
        if name == "snapshot":
            copy |= {"reader_version": "other"}
        if name == "body":
            copy |= {"sha256": "0" * 64}
        put_in(session, name, copy)
        faults = checked(session).faults
        assert [fault.index for fault in faults] == [None] * len(faults)
        assert faults[0].subject == f"{name} {'/'.join(str(copy[key]) for key in key_names(name))}"


def copied_key(value: Any) -> Any:
    """Return a key that is not taken."""
    return value + 1000 if isinstance(value, int) else value


def put_in(session: Session, name: str, row: dict[str, Any]) -> None:
    """Insert a row."""
    columns = ", ".join(row)
    places = ", ".join(f":{column}" for column in row)
    session.execute(sa.text(f"INSERT INTO {name} ({columns}) VALUES ({places})"), row)
