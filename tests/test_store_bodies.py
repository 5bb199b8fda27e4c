"""Bodies come back bit for bit, through short chains, in little space."""

import random

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from scraper.errors import CoopwatchError, DatabaseError
from store.bodies import body_content, chain_length, keep_body
from store.database import Database
from store.tables import BODY, CHAIN


@st.composite
def edits(draw: st.DrawFn) -> list[bytes]:
    """A page's bodies, each made from one before it: cut, grown, replaced, emptied, or as it was long ago."""
    bodies = [draw(st.binary(max_size=400))]
    for _ in range(draw(st.integers(0, 70))):
        old = draw(st.sampled_from(bodies)) if draw(st.booleans()) else bodies[-1]
        start = draw(st.integers(0, len(old)))
        end = draw(st.integers(start, len(old)))
        piece = draw(st.binary(max_size=20)) * draw(st.sampled_from((0, 1, 1, 200)))
        bodies.append(old[:start] + piece + old[end:])
    return bodies


@pytest.mark.soak
@given(edits())
def test_every_body_comes_back_bit_for_bit(db: Database, bodies: list[bytes]) -> None:
    """Whatever a page's history, each body is read as it was kept, through at most 50 unpackings."""
    with db.writing() as session:
        names: list[str] = []
        for content in bodies:
            names.append(keep_body(session, content, names[-1] if names else None))

        assert [body_content(session, name) for name in names] == bodies
        assert max(chain_length(session, name) for name in names) <= CHAIN


def page(version: int) -> bytes:
    """A page of 38 KB of which some words differ in each version."""
    words = random.Random(1).choices([f"{number:x}" for number in range(256, 1_256)], k=9_500)
    words[version % 9_000 : version % 9_000 + 3] = f"version {version} of today".split()
    return " ".join(words).encode()


def test_a_long_history_is_short_chains_in_little_space(sqlite_db: Database) -> None:
    """A whole body stands at least every 50 versions; the others cost less than a hundredth of the page."""
    with sqlite_db.writing() as session:
        names: list[str] = []
        for version in range(CHAIN * 2 + 20):
            names.append(keep_body(session, page(version), names[-1] if names else None))

        lengths = [chain_length(session, name) for name in names]
        assert lengths == [version % CHAIN + 1 for version in range(len(names))]
        deltas = sa.select(sa.func.avg(sa.func.length(BODY.c.packed))).where(BODY.c.depth > 0)
        assert session.execute(deltas).scalar_one() < len(page(0)) / 100


def test_the_same_body_is_kept_once(db: Database) -> None:
    """A page that goes back to an old body costs nothing."""
    with db.writing() as session:
        first = keep_body(session, b"one", None)
        second = keep_body(session, b"two", first)

        assert keep_body(session, b"one", second) == first
        assert session.execute(sa.select(sa.func.count()).select_from(BODY)).scalar_one() == 2


def test_a_body_far_larger_than_its_window_is_read(sqlite_db: Database) -> None:
    """The far end of a page of megabytes still finds its like in the version before."""
    content = random.Random(2).randbytes(3_000_000)
    with sqlite_db.writing() as session:
        first = keep_body(session, content, None)
        second = keep_body(session, b"new head " + content, first)

        assert body_content(session, second) == b"new head " + content
        size = sa.select(sa.func.length(BODY.c.packed)).where(BODY.c.sha256 == second)
        assert session.execute(size).scalar_one() < 10_000


@pytest.mark.parametrize(("damage", "said"), [(b"garbage", "damaged"), (b"", "no longer kept")])
def test_a_damaged_body_is_said(sqlite_db: Database, damage: bytes, said: str) -> None:
    """What does not make the body that it is named for is never handed out, nor what rests on it.

    One that is empty looks as if it had been dropped on purpose; verification tells where it was not.
    """
    with sqlite_db.writing() as session:
        first = keep_body(session, b"whole body " * 50, None)
        second = keep_body(session, b"whole body " * 50 + b"!", first)
        session.execute(sa.text("DROP TRIGGER body_no_update"))
        session.execute(sa.update(BODY).where(BODY.c.sha256 == first).values(packed=damage))

    with sqlite_db.reading() as session:
        with pytest.raises(CoopwatchError, match=said):
            body_content(session, first)
        with pytest.raises(DatabaseError, match="damaged"):
            body_content(session, second)


def test_exchanged_bodies_are_said(sqlite_db: Database) -> None:
    """A sound body under another's name is damage too."""
    with sqlite_db.writing() as session:
        first, second = keep_body(session, b"one", None), keep_body(session, b"two", None)
        packed = sa.select(BODY.c.packed).where(BODY.c.sha256 == second).scalar_subquery()
        session.execute(sa.text("DROP TRIGGER body_no_update"))
        session.execute(sa.update(BODY).where(BODY.c.sha256 == first).values(packed=packed))

        with pytest.raises(DatabaseError, match="damaged"):
            body_content(session, first)
