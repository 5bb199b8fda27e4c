"""Opening a database, its transactions, and what people are told when it cannot be used."""

import os
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.script import ScriptDirectory

from scraper.errors import (
    DatabaseError,
    DatabaseFullError,
    DatabaseMissingError,
    DatabaseNewerError,
)
from scraper.records import Project
from store import history, ledger, tracks
from store.database import Database, create_database, migrate_database, open_database
from tests.postgres import Postgres
from tests.store_processes import ROOT, finished, killed_at_its_word, python, together
from tests.store_visits import day, enrolled, record_visit

NEW_SOURCE = sa.text(
    "INSERT INTO source (name, title, since) VALUES ('new', 'New', '2026-01-01 00:00:00+00:00')"
)


def test_reading_refuses_writes(db: Database) -> None:
    """A session for reading cannot write, so that looking at a page never changes anything."""
    with pytest.raises(DatabaseError, match="read-only"), db.reading() as session:
        session.execute(NEW_SOURCE)


def test_reading_sees_one_state(db: Database) -> None:
    """What is committed while somebody reads is seen by the next reader only."""
    count = sa.text("SELECT count(*) FROM source")
    with db.reading() as reader:
        assert reader.execute(count).scalar() == 0
        with db.writing() as writer:
            writer.execute(NEW_SOURCE)

        assert reader.execute(count).scalar() == 0
    with db.reading() as reader:
        assert reader.execute(count).scalar() == 1


def test_an_error_undoes_the_whole_transaction(db: Database) -> None:
    """Nothing of a transaction stays when an exception leaves it."""
    with pytest.raises(ZeroDivisionError), db.writing() as session:
        session.execute(NEW_SOURCE)
        _ = 1 / 0

    with db.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM source")).scalar() == 0


def test_references_are_enforced(db: Database) -> None:
    """A row that points nowhere is refused."""
    with pytest.raises(sa.exc.IntegrityError), db.writing() as session:
        session.execute(
            sa.text(
                "INSERT INTO page (source, address, since) VALUES ('none', 'x', '2026-01-01 00:00:00+00:00')"
            )
        )


def test_a_missing_file_is_said_and_not_created(tmp_path: Path) -> None:
    """Opening what is not there creates nothing."""
    path = tmp_path / "none.db"

    with pytest.raises(DatabaseMissingError, match=str(path)) as raised:
        open_database(f"sqlite:///{path}")

    assert raised.value.hint
    assert not path.exists()


def test_an_empty_file_is_a_missing_database(tmp_path: Path) -> None:
    """A file of no bytes holds no database yet, and creating one there works."""
    path = tmp_path / "empty.db"
    path.touch()
    with pytest.raises(DatabaseMissingError):
        open_database(f"sqlite:///{path}")

    create_database(f"sqlite:///{path}").close()
    open_database(f"sqlite:///{path}").close()


def test_a_missing_server_database_is_said(postgres: Postgres) -> None:
    """A PostgreSQL server without that database is told apart from one that cannot be reached."""
    with pytest.raises(DatabaseMissingError):
        open_database(postgres.url("nowhere"))


def test_a_server_that_is_not_there_is_said(tmp_path: Path) -> None:
    """A PostgreSQL server that does not answer is one line, without the password."""
    with pytest.raises(DatabaseError, match="cannot be reached") as raised:
        open_database(f"postgresql://me:secret@/coopwatch?host={tmp_path}")

    assert "secret" not in str(raised.value)


def test_garbage_is_no_database(tmp_path: Path) -> None:
    """A file of something else is refused and left as it is."""
    path = tmp_path / "garbage.db"
    path.write_bytes(b"This is not a database, it is a letter. " * 100)

    for attempt in (open_database, create_database):
        with pytest.raises(DatabaseError, match="not a coopwatch database"):
            attempt(f"sqlite:///{path}")

    assert path.read_bytes().startswith(b"This is not")


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_somebody_elses_tables_are_refused(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """A database with foreign tables is not taken over."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'other.db'}"
        engine = sa.create_engine(url)
    else:
        url = request.getfixturevalue("postgres_database")()
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text("DROP SCHEMA public CASCADE"))
            connection.execute(sa.text("CREATE SCHEMA public"))
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE recipe (name TEXT)"))
    engine.dispose()

    for attempt in (open_database, create_database):
        with pytest.raises(DatabaseError, match="not a coopwatch database"):
            attempt(url)


def test_creating_twice_opens_what_is_there(db_url: str) -> None:
    """Two processes that start at once on nothing both end up with the same database."""
    first = create_database(db_url)
    with first.writing() as session:
        session.execute(NEW_SOURCE)
    first.close()

    second = create_database(db_url)
    with second.reading() as session:
        assert session.execute(sa.text("SELECT count(*) FROM source")).scalar() == 1
    second.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_three_processes_create_one_database(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Processes that create the same database at the same instant do not trip over each other."""
    if kind == "sqlite":
        url = f"sqlite:///{tmp_path / 'data' / 'new.db'}"
    else:
        url = request.getfixturevalue("postgres").url("created")
        engine = sa.create_engine(request.getfixturevalue("postgres").url("postgres"))
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("CREATE DATABASE created TEMPLATE template0"))
        engine.dispose()
    script = (
        "import sys; from store.database import *; input('ready\\n'); create_database(sys.argv[1]).close()"
    )
    together([python(script, url) for _ in range(3)])

    open_database(url).close()


def test_a_later_schema_is_said(db: Database, db_url: str) -> None:
    """A database written by a later version is neither opened nor migrated."""
    with db.writing() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

    for attempt in (open_database, create_database, migrate_database):
        with pytest.raises(DatabaseNewerError, match="9999"):
            attempt(db_url)


LATER_STEP = '''
"""Rebuild the pages."""
import time
from alembic import op
import sqlalchemy as sa
revision, down_revision, branch_labels, depends_on = "later", "HEAD", None, None
def upgrade() -> None:
    with op.batch_alter_table("page") as batch:
        batch.add_column(sa.Column("note", sa.Text(), nullable=True))
    PAUSE
'''


@pytest.fixture
def later_version(tmp_path: Path) -> Path:
    """A folder with the store of a later version, which has one more migration."""
    folder = tmp_path / "later"
    shutil.copytree(ROOT / "store", folder / "store", ignore=shutil.ignore_patterns("__pycache__"))
    write_step(folder, "pass")
    return folder


def write_step(folder: Path, pause: str) -> None:
    """Write the later version's migration, with something to do before it ends."""
    step = folder / "store" / "migrations" / "versions" / "later.py"
    head = ScriptDirectory(str(ROOT / "store" / "migrations")).get_current_head()
    step.write_text(LATER_STEP.replace("HEAD", str(head)).replace("PAUSE", pause))


def test_an_older_schema_is_said_and_migrated_only_when_asked(
    db: Database, db_url: str, later_version: Path
) -> None:
    """A later version refuses an older database until it is migrated, and then has all its rows."""
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: Project(title="Gambia")})
    db.close()
    attempt = (
        "import sys; from store.database import *; from scraper.errors import *\n"
        "try: open_database(sys.argv[1])\n"
        "except DatabaseOlderError as error: print(error, error.hint)"
    )
    said = finished(python(attempt, db_url, path=later_version))
    assert "earlier version" in said
    assert "coopwatch migrate" in said

    migrate = (
        "import sys; from store.database import *; migrate_database(sys.argv[1]); open_database(sys.argv[1])"
    )
    finished(python(migrate, db_url, path=later_version))

    with pytest.raises(DatabaseNewerError):
        open_database(db_url)
    engine = sa.create_engine(db_url)
    with engine.connect() as connection:
        counts = [
            connection.execute(sa.text(f"SELECT count(*) FROM {t}")).scalar() for t in ("page", "capture")
        ]
    engine.dispose()
    assert counts == [2, 1]


def test_a_migration_killed_half_way_leaves_the_old_database(
    db: Database, db_url: str, later_version: Path
) -> None:
    """A migration happens as a whole or not at all."""
    db.close()
    write_step(later_version, 'print("now", flush=True); time.sleep(60)')
    migrate = "import sys; from store.database import *; migrate_database(sys.argv[1])"
    killed_at_its_word(python(migrate, db_url, path=later_version))

    again = open_database(db_url)
    with again.writing() as session:
        enrolled(session)
    again.close()


FULL_MIGRATING = """
import resource, sys
from scraper.errors import DatabaseFullError
from store.database import migrate_database
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    migrate_database(sys.argv[1])
except DatabaseFullError as error:
    print(error, "|", error.hint)
"""


def test_a_migration_on_a_full_disk_leaves_the_old_database(
    sqlite_db: Database, sqlite_url: str, later_version: Path
) -> None:
    """It says so in one line, and the database is the one of before."""
    sqlite_db.close()
    filled = 'op.execute("CREATE TABLE heap (content BLOB)")\n    '
    write_step(later_version, filled + 'op.execute("INSERT INTO heap VALUES (randomblob(1000000))")')

    said = finished(python(FULL_MIGRATING, sqlite_url, path=later_version))
    assert "cannot grow" in said and said.split("|")[1].strip()
    again = open_database(sqlite_url)
    with again.writing() as session:
        enrolled(session)
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    again.close()


def test_a_migration_that_breaks_references_is_undone(
    sqlite_db: Database, sqlite_url: str, later_version: Path
) -> None:
    """Foreign keys are off while SQLite's tables are rebuilt, so they are checked before the commit."""
    with sqlite_db.writing() as session:
        record_visit(session, enrolled(session), day(1), {1: Project(title="Gambia")})
    sqlite_db.close()
    write_step(later_version, 'op.execute("DELETE FROM page")')
    migrate = (
        "import sys; from store.database import *\n"
        "try: migrate_database(sys.argv[1])\n"
        "except RuntimeError as error: print(error)"
    )

    assert "references" in finished(python(migrate, sqlite_url, path=later_version))
    open_database(sqlite_url).close()


FILL = """
import os, resource, sys
from scraper.errors import DatabaseFullError
from store.database import open_database
from tests.store_visits import day, enrolled, record_visit
db = open_database(sys.argv[1])
with db.writing() as session:
    page = enrolled(session)
    record_visit(session, page, day(0), {}, body=b"first")
size = os.path.getsize(sys.argv[2])
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 300_000, size + 300_000))
visits = 0
try:
    for visits in range(1000):
        with db.writing() as session:
            record_visit(session, page, day(visits + 1), {}, body=os.urandom(20_000))
except DatabaseFullError as error:
    print(visits, error, "|", error.hint)
"""


def test_a_full_disk_is_one_clear_error_and_loses_nothing(sqlite_url: str, tmp_path: Path) -> None:
    """When the file may not grow the visit is refused, and everything recorded before stands."""
    said = finished(python(FILL, sqlite_url, str(tmp_path / "coopwatch.db")))

    visits, message = said.split(" ", 1)
    assert "cannot grow" in message
    assert message.split("|")[1].strip()
    db = open_database(sqlite_url)
    with db.reading() as session:
        assert len(history.captures(session, 1)) == int(visits) + 1
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    db.close()


READ_ONLY = """
import os, sys
from scraper.errors import DatabaseError
from store.database import open_database
from tests.store_visits import enrolled
db = open_database(sys.argv[1])  # before the rights go: nobody may not even read a checkout under /root
db.close()
os.chmod(sys.argv[2], 0o444)
os.chmod(os.path.dirname(sys.argv[2]), int(sys.argv[3], 8))
if os.geteuid() == 0:
    os.setuid(65534)
try:
    with db.writing() as session:
        enrolled(session)
except DatabaseError as error:
    print(error, "|", error.hint)
"""


@pytest.mark.parametrize("folder_mode", ["777", "555"])
def test_a_read_only_file_is_one_clear_error(empty_sqlite: Path, tmp_path: Path, folder_mode: str) -> None:
    """A user without the right to write is told so, whether the folder or only the file is closed."""
    # Not below pytest's folder, which root closes to others.
    folder = Path(f"/tmp/coopwatch-{os.getpid()}-{tmp_path.name}-{folder_mode}")
    folder.mkdir()
    try:
        path = Path(shutil.copy(empty_sqlite, folder / "coopwatch.db"))
        said = finished(python(READ_ONLY, f"sqlite:///{path}", str(path), folder_mode))
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)

    message, hint = said.split("|")
    assert "read-only" in message or "cannot be opened" in message
    assert "write" in hint


def test_a_locked_file_is_one_clear_error(sqlite_db: Database, sqlite_url: str) -> None:
    """A writer that waits too long for another is told who stands in the way."""
    impatient = open_database(f"{sqlite_url}?timeout=0.1")

    with sqlite_db.writing() as session:
        session.execute(NEW_SOURCE)
        with pytest.raises(DatabaseError, match="locked"), impatient.writing() as other:
            other.execute(NEW_SOURCE)
    impatient.close()


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("53100", DatabaseFullError, "cannot grow"),
        ("55P03", DatabaseError, "locked"),
        ("40P01", DatabaseError, "locked"),
        ("42501", DatabaseError, "read-only"),
    ],
)
def test_a_servers_refusals_are_clear_errors(
    postgres: Postgres, code: str, kind: type[DatabaseError], words: str
) -> None:
    """What PostgreSQL says by its codes reaches people in words."""
    db = open_database(postgres.url("template1"))

    with pytest.raises(kind, match=words), db.writing() as session:
        session.execute(sa.text(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{code}'; END $$"))
    db.close()


VISITS = """
import sys
from scraper.records import Project
from store import history
from store.database import open_database
from tests.store_visits import day, present, record_visit
db, me, done = open_database(sys.argv[1]), sys.argv[2], 0
input("ready\\n")
while done < 20:
    with db.writing() as session:
        projects = present(history.held_state(session, "torino"))
        new = {len(projects) + 1: Project(title=f"{me} {done}")}
        record_visit(session, 1, day(len(projects)), {**projects, **new}, body=me.encode() * (done + 9))
    done += 1
"""


def test_two_processes_lose_no_update(db: Database, db_url: str) -> None:
    """Two processes that visit one source at the same time lose no project, change or number."""
    with db.writing() as session:
        enrolled(session)
    together([python(VISITS, db_url, name) for name in ("a", "b")])

    with db.reading() as session:
        titles = {entry.project.title for entry in tracks.projects(session)}
        numbers = [entry.pub_seq for entry in ledger.entries(session)]
        assert titles == {f"{name} {number}" for name in ("a", "b") for number in range(20)}
        assert numbers == list(range(1, 41))
        assert len(history.captures(session, 1)) == 40


HALF_A_VISIT = """
import sys, time
from scraper.records import Project
from store.database import open_database
from tests.store_visits import day, record_visit
with open_database(sys.argv[1]).writing() as session:
    record_visit(session, 1, day(2), {2: Project(title="Half")}, body=b"<p>Half</p>" * 5000)
    print("now", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_in_a_visit_leaves_nothing_of_it(db: Database, db_url: str) -> None:
    """kill -9 inside a visit's transaction loses that visit as a whole, and nothing before it."""
    projects = {1: Project(title="Gambia")}
    with db.writing() as session:
        record_visit(session, enrolled(session), day(1), projects)
    killed_at_its_word(python(HALF_A_VISIT, db_url))

    with db.writing() as session:
        assert [entry.id for entry in history.captures(session, 1)] == [1]
        assert ledger.head(session) == 1
        record_visit(session, 1, day(3), projects)
        assert session.execute(sa.text("SELECT count(*) FROM body")).scalar() == 2
