"""A long history, exported whole: 10,000 captures where the full count is asked for."""

import os
import random
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from exports.warc import write_warc
from scraper.records import Decision, Project
from store import history
from store.database import Database
from store.evidence.seals import seal
from store.evidence.verification import verify
from tests.evidence_world import SIGNER, VERIFIERS, visit
from tests.store_visits import day, enrolled

COUNT = 10_000 if os.environ.get("COOPWATCH_SOAK") else 60


def body(number: int, chance: random.Random) -> bytes:
    """Return a page's body: mostly the one before with a word changed, at times no text at all."""
    if number % 50 == 49:
        return chance.randbytes(chance.randrange(5000))
    words = [f"parola{(place * 7919) % 997}" for place in range(400)]
    for _ in range(number % 7):
        words[chance.randrange(400)] = f"nuova{number // 3}"
    return f"<html><p>{' '.join(words)}</p></html>\r\n".encode()


@pytest.mark.soak
def test_every_body_of_a_long_history_comes_out_bit_for_bit(sqlite_db: Database, tmp_path: Path) -> None:
    """From the store, and from a WARC that `warcio check` accepts; the log over all of it verifies."""
    chance, wanted = random.Random(5), []
    with sqlite_db.writing() as session:
        page = enrolled(session)
    for start in range(0, COUNT, 100):
        with sqlite_db.writing() as session:
            for number in range(start, min(start + 100, COUNT)):
                content = body(number, chance)
                projects = {1: Project(title=f"Gambia {number // 20}")}
                visit(session, page, number / 24, projects, Decision.ACCEPTED, content)
                wanted.append(content)
    with sqlite_db.writing() as session:
        seal(session, SIGNER, day(COUNT))
    path = tmp_path / "long.warc.gz"
    with sqlite_db.reading() as session, path.open("wb") as out:
        visits = history.captures(session, page)[::-1]
        assert [history.body(session, visit.id) for visit in visits] == wanted
        about = {"origin": SIGNER.name, "software": "coopwatch 0", "title": "Torino"}
        assert write_warc(session, out, visits, **about, at=day(COUNT)) == COUNT + 1
        found = verify(session, VERIFIERS)
    assert (found.faults, found.unsealed) == ((), 0)

    command = [sys.executable, "-W", "ignore", "-m", "warcio.cli", "check", str(path)]
    assert subprocess.run(command, check=False).returncode == 0
    assert archived(path) == [sha256(content).hexdigest() for content in wanted]


def archived(path: Path) -> list[str]:
    """Return the digests of the bodies of an archive, those of revisits as their record points to them."""
    found, by_name = [], {}
    with path.open("rb") as stream:
        for record in ArchiveIterator(stream):
            headers = record.rec_headers
            if record.rec_type == "response":
                digest = sha256(record.content_stream().read()).hexdigest()
                by_name[headers.get_header("WARC-Record-ID")] = digest
                found.append(digest)
            elif record.rec_type == "revisit":
                found.append(by_name[headers.get_header("WARC-Refers-To")])
    return found
