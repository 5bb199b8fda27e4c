"""What people see of a dropped body: on pages, in packages, in archives, on the command line."""

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator  # type: ignore[import-untyped]

from exports.warc import write_warc
from store import history
from store.database import Database, create_database
from store.dropping import drop_bodies
from store.evidence.seals import seal
from tests.commands import coopwatch, coopwatch_process
from tests.evidence_world import SIGNER
from tests.export_world import archive_history
from tests.staffed_house import NOW, StaffedHouse, furnish, staffed
from tests.store_visits import day
from tests.test_exports_package import KEY, exhibits_of, forged, package, summed, verified
from tests.watched_history import days


@pytest.fixture
def dropped(sqlite_db: Database) -> Database:
    """A sealed history of which the bodies of the first seven days were dropped, sealed again."""
    archive_history(sqlite_db)
    with sqlite_db.writing() as session:
        assert len(drop_bodies(session, day(7.5), None, day(30), "schedule").names) == 3
        seal(session, SIGNER, day(31))
    return sqlite_db


def test_a_package_says_what_is_no_longer_kept_and_verifies(dropped: Database, tmp_path: Path) -> None:
    """The outsider's script takes the log's word for the gap and says how many bodies that concerns."""
    files = package(dropped)
    status, words = verified(tmp_path, files, "--key", KEY)

    assert status == 0, words
    assert "3 bodies: as the log says they are no longer kept" in words
    assert "non più conservato" in files["report.it.html"].decode()
    assert "no longer kept" in files["report.en.html"].decode()


def test_a_body_cannot_be_left_out_as_if_it_had_been_dropped(dropped: Database, tmp_path: Path) -> None:
    """Without the sealed entry that says so a missing body is a fault of its capture."""
    files = package(dropped)
    removals = [told for told in exhibits_of(files) if json.loads(told["entry"])["kind"] == "removal"]
    assert len(removals) == 1

    def without(evidence: dict[str, list[object]]) -> None:
        evidence["exhibits"] = [told for told in evidence["exhibits"] if told not in removals]

    status, words = verified(tmp_path, forged(files, without), path=str(tmp_path))
    assert status == 1
    assert "its body is not in the archive" in words
    another = package_with_everything(tmp_path)
    status, words = verified(
        tmp_path, summed({**another, "captures.warc.gz": files["captures.warc.gz"]}), path=str(tmp_path)
    )
    assert status == 1
    assert "its body is not in the archive" in words


def package_with_everything(folder: Path) -> dict[str, bytes]:
    """A package of the same history before anything was dropped."""
    db = create_database(f"sqlite:///{folder / 'whole.db'}")
    archive_history(db)
    files = package(db)
    db.close()
    return files


def test_an_archive_says_so_too(dropped: Database) -> None:
    """The record has the headers, the digest and length of what was dropped, and no body."""
    out = BytesIO()
    with dropped.reading() as session:
        visits = history.captures(session, 1)[::-1]
        write_warc(session, out, visits, origin="x.example/log", software="s", title="t", at=day(40))
    records = list(ArchiveIterator(BytesIO(out.getvalue()), check_digests=True))
    gone = [one for one in records if one.rec_headers.get_header("Coopwatch-Dropped-Digest")]

    assert len(gone) == 3
    assert {one.rec_headers.get_header("WARC-Truncated") for one in gone} <= {"unspecified", "length"}
    assert all(int(one.rec_headers.get_header("Coopwatch-Dropped-Length")) > 0 for one in gone)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedHouse]:
    """A house of whose captures the old bodies were dropped."""
    folder = tmp_path_factory.mktemp("house")
    with staffed(furnish(folder / "furnished.db"), folder) as house:
        with house.db.writing() as session:
            assert drop_bodies(session, days(90), None, NOW, "schedule").names
        yield house


def test_pages_say_that_a_body_is_no_longer_kept(house: StaffedHouse) -> None:
    """Digest and words in the reader's language; no frame, no download; the bytes are not found."""
    with house.db.reading() as session:
        gone = next(visit.id for visit in history.captures(session, 1) if visit.sha256 and not visit.kept)
        digest = history.capture(session, gone).sha256
    member = house.member("auditor")

    shown = member.get(f"/staff/captures/{gone}").text
    assert digest is not None
    assert digest in shown
    assert "non è più conservato" in shown
    assert "<iframe" not in shown
    assert "/bytes" not in shown
    assert member.get(f"/staff/captures/{gone}/bytes").status_code == 404
    assert member.get(f"/staff/captures/{gone}/page").status_code == 404
    for tongue, words in (("it", "non è più"), ("en", "no longer kept"), ("fr", "est plus conservé")):
        page = house.client.get(f"/captures/{gone}?lang={tongue}", follow_redirects=True)
        assert page.status_code == 200
        assert words in page.text


def test_the_command_only_says_unless_it_is_told_to_drop(tmp_path: Path) -> None:
    """A dry run changes nothing, dropping asks for a reason, verification then counts the removals."""
    db = create_database(f"sqlite:///{tmp_path / 'coopwatch.db'}")
    archive_history(db)
    db.close()
    old = ("--bodies-older-than", "1", "--data", tmp_path)

    said = coopwatch("retention", *old)
    assert "would be dropped" in said.stdout
    assert "Nothing was changed" in said.stdout
    assert coopwatch("retention", *old, "--drop").returncode == 1
    assert coopwatch("retention", "--data", tmp_path).returncode == 2
    done = coopwatch_process("retention", *old, "--drop", "--why", "schedule", "--json")
    assert json.loads(done.stdout)["dropped"] is True
    again = json.loads(coopwatch("retention", *old, "--json").stdout)
    assert again["names"] == []
