"""RFC 3161 time stamps on checkpoints, from a real authority on loopback."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from scraper.errors import TimestampError
from store.database import Database
from store.evidence.seals import keep_timestamp, last_checkpoint
from store.evidence.stamps import checked_timestamp, timestamp_request
from store.evidence.verification import verify
from tests.evidence_world import VERIFIERS, history
from tests.store_visits import day
from tests.time_authority import TimeAuthority, post

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

NOTE = "coopwatch.example/log\n1\nAAAA\n\n\u2014 coopwatch.example/log BBBB\n"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> TimeAuthority:
    """An authority."""
    return TimeAuthority(tmp_path_factory.mktemp("authority"))


def test_an_authority_stamps_a_checkpoint(authority: TimeAuthority, sqlite_db: Database) -> None:
    """Its answer over HTTP proves when it saw the checkpoint, and is kept beside it."""
    made = history(sqlite_db, 1, (1,))[0]
    request = timestamp_request(made.note)
    with authority.serving() as address:
        response = post(address, request.as_bytes())

    seen = checked_timestamp(response, made.note, [authority.root], request)
    assert abs(seen - datetime.now(UTC)) < timedelta(minutes=1)
    with sqlite_db.writing() as session:
        keep_timestamp(session, made.size, response, day(2))
    with sqlite_db.reading() as session:
        kept = last_checkpoint(session)
        assert verify(session, VERIFIERS).stamped == 0
        assert verify(session, VERIFIERS, authorities=[authority.root]).stamped == 1
    assert kept is not None
    assert kept.timestamp == response


def test_verification_tells_a_stamp_on_something_else(authority: TimeAuthority, sqlite_db: Database) -> None:
    """A stamp that is not about its checkpoint is a fault of that checkpoint."""
    made = history(sqlite_db, 1, (1,))[0]
    with sqlite_db.writing() as session:
        keep_timestamp(session, made.size, authority.answer(timestamp_request(NOTE).as_bytes()), day(2))

    with sqlite_db.reading() as session:
        found = verify(session, VERIFIERS, authorities=[authority.root])
    assert [fault.index for fault in found.faults] == [made.size - 1]


def test_a_stamp_on_something_else_proves_nothing(authority: TimeAuthority, tmp_path: Path) -> None:
    """Another checkpoint, another question, another root or a changed answer are refused in one line."""
    request = timestamp_request(NOTE)
    response = authority.answer(request.as_bytes())
    stranger = TimeAuthority(tmp_path)

    assert checked_timestamp(response, NOTE, [authority.root]).tzinfo is not None
    with pytest.raises(TimestampError):
        checked_timestamp(response, NOTE.replace("1", "2"), [authority.root])
    with pytest.raises(TimestampError):
        checked_timestamp(response, NOTE, [authority.root], timestamp_request(NOTE))
    with pytest.raises(TimestampError):
        checked_timestamp(response, NOTE, [stranger.root])
    with pytest.raises(TimestampError):
        checked_timestamp(response, NOTE, [])
    with pytest.raises(TimestampError):
        checked_timestamp(b"", NOTE, [authority.root])


def test_a_stamp_with_one_flipped_bit_proves_nothing(authority: TimeAuthority) -> None:
    """Wherever in the signed part of an answer a bit is flipped, it is refused."""
    response = authority.answer(timestamp_request(NOTE).as_bytes())
    for place in range(len(response) - 71, len(response) - 8, 7):  # within the ECDSA signature at its end
        spoilt = bytearray(response)
        spoilt[place] ^= 1
        with pytest.raises(TimestampError):
            checked_timestamp(bytes(spoilt), NOTE, [authority.root])
