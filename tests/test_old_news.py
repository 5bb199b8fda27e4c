"""However much archives bring: it is history of its days, and stands nowhere among the news."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifier.digest import digest
from scraper.archived import Archived
from scraper.records import Capture
from store.database import Database
from store.evidence.attest import attest_captures
from store.imports import keep_archived
from store.ledger import entries, head, publish_retold
from store.pages import pages
from store.tracks import find_project
from tests.digest_samples import changed, reader
from tests.staffed_house import Member, StaffedHouse, furnish, staffed
from tests.watched_history import ADDRESS, days
from web.feed_routes import LOOKED_AT

NEWS = ("/", "/changes", "/feed.atom", "/feed.json", "/feed.atom?kinds=moved", "/projects/torino/1/feed.atom")


@pytest.fixture
def house(tmp_path: Path) -> Iterator[StaffedHouse]:
    """A house with staff and a year of visits of its own."""
    (tmp_path / "furnished").mkdir()
    with staffed(furnish(tmp_path / "furnished" / "house.db"), tmp_path) as house:
        yield house


def bring_old_changes(db: Database, count: int) -> None:
    """Publish so many changes of one project that an archive shows, moves and a retitling among them."""
    with db.writing() as session:
        project = find_project(session, "torino/1")
        page = pages(session)[0].id
        answer = Capture(ADDRESS, days(-1000), 200, (), b"years ago")
        archived = Archived(answer, "old.warc.gz", "0" * 64, "<urn:1>")
        number = keep_archived(session, page, archived, None, ADDRESS, days(400))
        assert number is not None
        told = [
            ("section", "Una volta", "Poi"),
            *(("title", f"Era {n}", f"Era {n + 1}") for n in range(1, count)),
        ]
        changes = [changed(*one, project=project.project, track=project.number) for one in told]
        publish_retold(session, "torino", number, changes, days(-1000))
        attest_captures(session, [number])


def shown(member: Member, address: str) -> list[str]:
    """Return the lines of a page, but for the number of visits, in which archives count."""
    return [line for line in member.get(address).text.splitlines() if "<dt>Visite</dt>" not in line]


def test_old_changes_stand_nowhere_among_the_news(house: StaffedHouse) -> None:
    """More of them than any list looks at leave first page, changes, feeds and digests as they were."""
    member = house.member("auditor")
    addresses = (*NEWS, "/staff/changes")
    before = {address: shown(member, address) for address in addresses}
    with house.db.reading() as session:
        owed = digest(reader(), entries(session))
    bring_old_changes(house.db, LOOKED_AT + 200)

    for address in addresses:
        assert shown(member, address) == before[address], address
    with house.db.reading() as session:
        assert digest(reader(), entries(session)) == owed
        assert digest(reader(cursor=head(session) - LOOKED_AT - 200), entries(session)) is None


def test_old_changes_stand_in_histories_on_their_days(house: StaffedHouse) -> None:
    """A project's life lists them after all that came later, marked as not told."""
    bring_old_changes(house.db, 3)
    page = house.member("auditor").get("/projects/torino/1").text
    *moments, _began = re.findall(r'<p class="when"><time datetime="([^"]+)">', page)

    assert moments == sorted(moments, reverse=True)
    assert moments[-1] == days(-1000).isoformat()
    assert len(set(moments)) > 1
