"""Questions on a history of 200 pages × 500 versions, and bytes per version against git on the same bodies.

Two pages are read, compared and recorded version by version. The others repeat their bytes: their rows are
copies under numbers of their own, which is what the store writes for such pages; only the evidence log, which
no question asks, does not grow with them.
"""

import random
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from time import process_time

import sqlalchemy as sa

from bench.changing import versions
from bench.copying import Copies
from bench.rows import Row
from notifier.version_pairs import page_pair
from notifier.words import words
from scraper.compare import step
from scraper.read import read
from scraper.records import Capture
from scraper.sources import Source, WatchedPage
from store.database import Database, Session, create_database
from store.explanations import explanation
from store.history import captures, record, state
from store.ledger import head
from store.pages import enrol, pages
from store.search.searching import search
from store.stretches import stretches
from store.tables import BODY, CAPTURE
from store.tracks import project_life, projects

ORIGINALS, PAGES, VERSIONS, GROWTH = 2, 200, 500, 3
_BEGIN = datetime(2018, 8, 20, 4, 30, tzinfo=UTC)
_ALLOWED = "100 ms"
_ASKED = 15
"""So many times each question is asked, of other pages and days each time."""


def run() -> list[Row]:
    """Return CPU milliseconds per question, their growth with three times the pages, bytes per version."""
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        bodies = [list(versions(seed, VERSIONS)) for seed in range(ORIGINALS)]
        for seed, found in enumerate(bodies):
            _record(db, seed, found)
        with db.reading() as session:
            copies = Copies(session)
            stored = session.execute(sa.select(sa.func.sum(sa.func.length(BODY.c.packed))).where(_of_pages()))
            ours = float(stored.scalar_one()) / (ORIGINALS * VERSIONS)
        _grow(db, copies, 1, PAGES // ORIGINALS)
        small = _asked(db, PAGES)
        _grow(db, copies, PAGES // ORIGINALS, GROWTH * PAGES // ORIGINALS)
        large = _asked(db, GROWTH * PAGES)
        db.close()
        pack, blobs = _git_bytes(Path(folder) / "git", bodies)
    return [
        *(Row(what, spent, "CPU ms", _ALLOWED, spent / 100) for what, spent in small.items()),
        *(
            Row(f"{what}, {GROWTH} × the pages", spent, "CPU ms", f"on {PAGES} pages", spent / small[what])
            for what, spent in large.items()
        ),
        Row(
            "bytes per version of a page of 50 KB",
            ours,
            "bytes",
            "git's pack after gc --aggressive",
            ours / pack,
        ),
        Row(
            "bytes per version of a page of 50 KB",
            ours,
            "bytes",
            "the blobs alone in that pack",
            ours / blobs,
        ),
    ]


def _record(db: Database, seed: int, bodies: list[bytes]) -> None:
    address = "https://www.example.org/progetti"
    watched = WatchedPage(address=address, title="Progetti")
    source = Source(name=f"page{seed}", title="Progetti", publisher="Comune di Prova", pages=(watched,))
    with db.writing() as session:
        enrol(session, source, _BEGIN)
        page_id = pages(session, source.name)[0].id
    for start in range(0, len(bodies), 50):
        with db.writing() as session:
            for number, body in enumerate(bodies[start : start + 50], start):
                at = _BEGIN + timedelta(days=number)
                visit = Capture(address, at, 200, (("Content-Type", "text/html; charset=utf-8"),), body)
                before, snapshot = state(session, source.name), read(visit, source)
                after, outcome = step(before, visit, snapshot)
                record(session, page_id, visit, snapshot, before, after, outcome, at)


def _of_pages() -> sa.ColumnElement[bool]:
    return BODY.c.sha256.in_(sa.select(CAPTURE.c.body_sha256))


def _grow(db: Database, copies: Copies, first: int, last: int) -> None:
    for number in range(first, last):
        with db.writing() as session:
            copies.make(session, number)


def _asked(db: Database, count: int) -> dict[str, float]:
    """Return the median CPU milliseconds of every question, each asked in a transaction of its own."""
    return {what: _cost(db, ask) for what, ask in _questions(count)}


def _cost(db: Database, ask: Callable[[Session], object]) -> float:
    spent = []
    for _ in range(_ASKED + 1):
        begun = process_time()
        with db.reading() as session:
            ask(session)
        spent.append((process_time() - begun) * 1000)
    return median(spent[1:])


def _questions(count: int) -> Iterator[tuple[str, Callable[[Session], object]]]:
    dice, said = random.Random(count), words("it")

    def some_page() -> int:
        return dice.randint(1, count)

    def day() -> datetime:
        return _BEGIN + timedelta(days=dice.uniform(0, VERSIONS))

    def source(page_id: int) -> str:
        copy, original = divmod(page_id - 1, ORIGINALS)
        return f"page{original}-{copy}" if copy else f"page{original}"

    def life(session: Session) -> None:
        found = project_life(session, source(some_page()), dice.randint(1, 12))
        stretches(session, found)

    def comparison(session: Session) -> None:
        page_id = some_page()
        copy, original = divmod(page_id - 1, ORIGINALS)
        first = copy * ORIGINALS * VERSIONS + original * VERSIONS
        one, other = dice.sample(range(1, VERSIONS + 1), 2)
        page_pair(session, page_id, first + one, first + other, said)

    yield (
        "projects of one source as of a day",
        lambda s: projects(s, source(some_page()), day(), present=True),
    )
    yield f"projects of all {PAGES} sources as of a day", lambda s: projects(s, as_of=day(), present=True)
    yield "a project's life, every value", life
    yield "two versions of a page compared, with their text", comparison
    yield "search: a rare word", lambda s: search(s, f"villaggio {dice.randint(12, 500)}")
    yield "search: a word that every project said", lambda s: search(s, "sorgenti")
    yield "search: two common words", lambda s: search(s, "acqua cooperative")
    yield "why a change was published", lambda s: explanation(s, dice.randint(1, head(s)))
    yield "a page's timeline of 400 visits", lambda s: captures(s, some_page(), limit=401)


def _git_bytes(folder: Path, bodies: list[list[bytes]]) -> tuple[float, float]:
    """Return git's bytes per version after `gc --aggressive`: those of its pack, and of the blobs in it.

    Each version is a commit; without commits and trees git could not say which version stood when.
    """
    git = ("git", "-C", str(folder))
    subprocess.run(("git", "init", "--quiet", str(folder)), check=True)
    stream = bytearray()
    for version in range(VERSIONS):
        stream += b"commit refs/heads/main\ncommitter b <b@example.org> %d +0000\ndata 0\n" % version
        for page_id, found in enumerate(bodies):
            body = found[version]
            stream += b"M 100644 inline page%d.html\ndata %d\n%b\n" % (page_id, len(body), body)
    subprocess.run((*git, "fast-import", "--quiet"), input=bytes(stream), check=True)
    subprocess.run((*git, "gc", "--aggressive", "--quiet"), check=True)
    (index,) = (folder / ".git" / "objects" / "pack").glob("*.idx")
    listed = subprocess.run(
        (*git, "verify-pack", "-v", str(index)), check=True, capture_output=True, text=True
    )
    blobs = sum(int(line.split()[3]) for line in listed.stdout.splitlines() if " blob " in line)
    count = len(bodies) * VERSIONS
    return index.with_suffix(".pack").stat().st_size / count, blobs / count
