"""How fast digests are composed: 10,000 readers with 20 distinct filters, 30 changes each, before signing."""

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from secrets import token_urlsafe
from sqlite3 import connect
from time import perf_counter

import dkim
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from bench.rows import Row, milliseconds
from notifier.compose import compose
from notifier.dkim import DkimKey, create_dkim_key
from notifier.editions import Editions
from notifier.issuing import AT_A_TIME
from notifier.message import Sender, message_id
from notifier.render import Origins
from notifier.stencil import printed
from scraper.records import Project
from store.database import Database, create_database
from store.history import captures
from store.ledger import LedgerEntry, publish
from store.pages import pages
from store.subscriptions import Filters, Frequency, Subscription, confirm, request_subscription
from tests.clocks import FakeClock
from tests.digest_samples import GAMBIA, START, changed, ledger, reader
from tests.watched_history import SOURCE, days, enrolled, visited

READERS, FILTERS, CHANGES = 10_000, 20, 30
TOGETHER, EACH = f"their bytes in bare commits of {AT_A_TIME}", "their bytes in a bare commit each"
SENDER = Sender("avvisi@coopwatch.example.org", "coopwatch", "https://coopwatch.example.org")


def run() -> list[Row]:
    """Return messages per second: printed alone, signed, and owed as rows with tokens and log entries."""
    alone = _printed()
    with tempfile.TemporaryDirectory() as folder:
        key = create_dkim_key(Path(folder) / "dkim.pem", SENDER.domain, "bench")
    signed, bare = _signed(key), _bare(key)
    message = _message(Editions(SENDER, Origins(), _ledger()), _readers(1)[0], 0)
    together, each = _inserted(message, AT_A_TIME), _inserted(message, 1)
    owed = _owed()
    return [
        Row("messages composed, 20 renderings included", alone, "a second (target 2,000)"),
        Row("composed into rows with tokens and evidence", owed, "a second", TOGETHER, owed / together),
        Row("composed into rows with tokens and evidence", owed, "a second", EACH, owed / each),
        Row("messages composed and signed", signed, "a second", "bare RSA-2048 signatures", signed / bare),
        Row("signed by dkimpy", dkimpy := _by_dkimpy(key, message), "a second", "the same", dkimpy / bare),
        Row("one message", len(message) / 1000, "KB"),
    ]


def _printed() -> float:
    readers, editions = _readers(READERS), Editions(SENDER, Origins(), _ledger())
    begun = perf_counter()
    for number, one in enumerate(readers):
        _message(editions, one, number)
    return READERS / (perf_counter() - begun)


def _signed(key: DkimKey) -> float:
    (one,), editions = _readers(1), Editions(replace(SENDER, dkim=key), Origins(), _ledger())
    return 1000 / milliseconds(lambda: _message(editions, one, 0), 500)


def _bare(key: DkimKey) -> float:
    """Return how often a second the key signs a few hundred bytes and does nothing else."""
    return 1000 / milliseconds(lambda: key.private.sign(b"x" * 800, padding.PKCS1v15(), SHA256()), 500)


def _owed() -> float:
    """Return digests per second on the whole way: from changes in the ledger to rows that are committed."""
    with _house() as db:
        begun = perf_counter()
        made = compose(db, FakeClock(days(3)), SENDER, [SOURCE])
        spent = perf_counter() - begun
    assert made == READERS
    return made / spent


def _inserted(message: bytes, at_a_time: int) -> float:
    """Return how many such messages a second SQLite takes in durable commits of so many, and nothing else."""
    with tempfile.TemporaryDirectory() as folder, closing(connect(Path(folder) / "bare.db")) as db:
        db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE m (b BLOB)")

        def some() -> None:
            with db:
                db.executemany("INSERT INTO m VALUES (?)", [(message,)] * at_a_time)

        return 1000 * at_a_time / milliseconds(some, 5_000 // at_a_time)


def _by_dkimpy(key: DkimKey, message: bytes) -> float:
    """Return how often a second dkimpy signs the message; it begins anew with each."""
    pem = key.private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    names = key.selector.encode(), key.domain.encode()
    return 1000 / milliseconds(lambda: dkim.sign(message, *names, pem, canonicalize=(b"relaxed",) * 2))


def _message(editions: Editions, one: Subscription, number: int) -> bytes:
    edition = editions.edition(one, CHANGES)
    assert edition is not None
    identifier = message_id("digest", f"{number}/{CHANGES}", SENDER.domain)
    return printed(
        edition.stencil, recipient=one.address, identifier=identifier, at=START, token=token_urlsafe(16)
    )


def _projects() -> list[Project]:
    return [
        replace(GAMBIA, title=f"Progetto {number}", area=f"AREA {number % 5}") for number in range(CHANGES)
    ]


def _ledger() -> list[LedgerEntry]:
    moved = [
        changed("status", "starting", "ongoing", project=one, track=n) for n, one in enumerate(_projects(), 1)
    ]
    return ledger(*moved)


def _filters(number: int) -> Filters:
    return Filters(words=("progetto", f"parola {number % FILTERS}"))


def _readers(count: int) -> list[Subscription]:
    return [replace(reader(), address=f"ong{n}@example.org", filters=_filters(n)) for n in range(count)]


@contextmanager
def _house() -> Iterator[Database]:
    """Yield a database with all readers, whose page then gained the projects."""
    with tempfile.TemporaryDirectory() as folder:
        db = create_database(f"sqlite:///{Path(folder) / 'coopwatch.db'}")
        with db.writing() as session:
            visited(session, enrolled(session), days(0), tuple(_projects()))
            for one in _readers(READERS):
                asked = request_subscription(
                    session, one.address, "it", Frequency.AT_ONCE, one.filters, days(0)
                )
                confirm(session, asked.id, days(0))
        with db.writing() as session:
            first = captures(session, pages(session)[0].id)[0]
            publish(session, SOURCE.name, first.id, [entry.change for entry in _ledger()], days(1))
        yield db
        db.close()
