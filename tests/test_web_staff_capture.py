"""The captured page in its frame: whatever it holds, nothing of it runs, loads, or leads anywhere."""

import re
from collections.abc import Iterator
from hashlib import sha256

import pytest

from scraper.compare import step
from scraper.read.decoding.decode import decoded
from scraper.records import Capture, PageState, Snapshot
from store.database import Session
from store.history import record
from store.moving import state
from tests.hostile_page import HOSTILE
from tests.staffed_house import Member, StaffedHouse, furnish, staffed
from tests.watched_history import ADDRESS, SOURCE
from web.office.facsimile import AS_LINKS

ITALIAN = "<!doctype html><p>La città è più vicina perché l’attività costa 5 €</p>"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StaffedHouse]:
    """A house with staff."""
    folder = tmp_path_factory.mktemp("house")
    with staffed(furnish(folder / "furnished.db"), folder) as house:
        yield house


@pytest.fixture(scope="module")
def member(house: StaffedHouse) -> Member:
    """An auditor."""
    return house.member("auditor")


def captured(house: StaffedHouse, content: bytes, content_type: str = "text/html") -> int:
    """Record a visit that brought this content, of which nothing was believed; return its number."""
    with house.db.writing() as session:
        house.clock.advance(60)
        return visit(
            session, Capture(ADDRESS, house.clock.now(), 200, (("Content-Type", content_type),), content)
        )


def visit(session: Session, capture: Capture) -> int:
    """Record a capture that was held."""
    before = state(session, SOURCE.name)
    reading = Snapshot("reader-1", PageState.EMPTY, "nothing was found")
    after, outcome = step(before, capture, reading)
    return record(session, 1, capture, reading, before, after, outcome, capture.at)


def test_nothing_in_the_frame_may_run_or_load(house: StaffedHouse, member: Member) -> None:
    """The route's own policy allows inline style and inline pictures; no other page lifts the sandbox."""
    number = captured(house, HOSTILE.encode())
    answer = member.get(f"/staff/captures/{number}/page")
    policy = answer.headers.get_list("content-security-policy")
    assert policy == [
        "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    ]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "SAMEORIGIN"
    assert answer.headers["x-dns-prefetch-control"] == "off"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


def test_elements_that_call_before_they_are_stopped_lose_their_names(
    house: StaffedHouse, member: Member
) -> None:
    """No link, frame, object or embed is left, however it is written; every other byte is as it came.

    What is added lets links look like links; the download has the bytes untouched.
    """
    number = captured(house, HOSTILE.encode())
    shown = member.get(f"/staff/captures/{number}/page").content
    assert not re.search(
        rb"(?i)</?(a|area|link|i?frame|frameset|object|embed|portal|fencedframe)[\s/>]", shown
    )
    assert shown.endswith(AS_LINKS)
    renamed = re.sub(rb"(?<=<)(/?)x-", rb"\1", shown.removesuffix(AS_LINKS))
    assert re.sub(rb"<(/?)g(?=[\s>])", rb"<\1a", renamed) == HOSTILE.encode()
    assert member.get(f"/staff/captures/{number}/bytes").content == HOSTILE.encode()


def test_the_frame_s_own_page_allows_frames_of_ours_alone(house: StaffedHouse, member: Member) -> None:
    """A link within the frame leads to no other site, and none of our pages lets itself be framed."""
    number = captured(house, HOSTILE.encode())
    answer = member.get(f"/staff/captures/{number}")
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "frame-src 'self'" in policy and "default-src 'none'" in policy and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and answer.headers["x-frame-options"] == "DENY"
    assert '<iframe class="facsimile" sandbox="" referrerpolicy="no-referrer"' in answer.text
    assert "Progetti in corso" not in answer.text  # not a word of it outside the frame
    assert "elsewhere.example" not in answer.text
    assert "frame-src" not in member.get("/staff").headers["content-security-policy"]


def test_a_download_is_no_page(house: StaffedHouse, member: Member) -> None:
    """The bytes as they came, as a file that no browser opens by itself."""
    number = captured(house, HOSTILE.encode())
    answer = member.get(f"/staff/captures/{number}/bytes")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == f'attachment; filename="capture-{number}.bin"'
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert sha256(answer.content).hexdigest() in member.get(f"/staff/captures/{number}").text


@pytest.mark.parametrize(
    ("content", "label", "shown_as"),
    [
        (ITALIAN.encode(), "text/html; charset=iso-8859-1", "utf-8"),
        (ITALIAN.encode("windows-1252"), "text/html; charset=utf-8", "windows-1252"),
        (ITALIAN.encode("iso8859-15", "replace"), "text/html; charset=iso-8859-15", "iso-8859-15"),
        (ITALIAN.encode("utf-16"), "text/html", "utf-8"),
        (b"\xef\xbb\xbf" + ITALIAN.encode(), "text/html", "utf-8"),
        (ITALIAN.encode("cp850", "replace"), "text/html; charset=cp850", "utf-8"),
        (ITALIAN.encode() + b"\xe8", "text/html", "utf-8"),
    ],
)
def test_the_page_is_shown_in_the_charset_in_which_it_was_read(
    house: StaffedHouse, member: Member, content: bytes, label: str, shown_as: str
) -> None:
    """Whatever server and page claim, staff see the letters that the reader read."""
    number = captured(house, content, label)
    answer = member.get(f"/staff/captures/{number}/page")
    assert answer.headers["content-type"] == f"text/html; charset={shown_as}"
    seen = answer.content.removesuffix(AS_LINKS).decode(shown_as, "replace").lstrip("\ufeff")
    assert seen.rstrip("\ufffd") == decoded(content, label).rstrip("è")


def test_plain_text_stays_text(house: StaffedHouse, member: Member) -> None:
    """A text file is shown as text, markup in it too."""
    number = captured(house, b"Progetti in corso\n1 < 2 <b>Gambia</b>", "text/plain")
    answer = member.get(f"/staff/captures/{number}/page")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


@pytest.mark.parametrize(
    ("content", "label"),
    [(b"%PDF-1.7 x", "text/html"), (b'<?xml version="1.0"?><svg onload="x"/>', "image/svg+xml")],
)
def test_what_is_no_page_is_not_shown(
    house: StaffedHouse, member: Member, content: bytes, label: str
) -> None:
    """A PDF or a drawing, whatever its label, can be downloaded but has no frame."""
    number = captured(house, content, label)
    assert "<iframe" not in member.get(f"/staff/captures/{number}").text
    assert member.get(f"/staff/captures/{number}/page").status_code == 404
    assert member.get(f"/staff/captures/{number}/bytes").content == content


def test_a_header_of_a_capture_is_shown_as_text(house: StaffedHouse, member: Member) -> None:
    """Headers are the site's words, too."""
    with house.db.writing() as session:
        house.clock.advance(60)
        headers = (("X-Evil", "<script>alert(1)</script>"),)
        number = visit(session, Capture(ADDRESS, house.clock.now(), 200, headers, b"<p>x"))
    page = member.get(f"/staff/captures/{number}").text
    assert "X-Evil: &lt;script&gt;" in page and "<script" not in page
