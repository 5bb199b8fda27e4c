"""The office for `make pictures`: five months of three visits a day, seen by a browser that is signed in."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from starlette.types import ASGIApp, Receive, Scope, Send

from cli.demo.past import HISTORY
from scraper.compare import step
from scraper.records import PageState, Project, Snapshot
from store.database import Database, Session, create_database
from store.history import record
from store.moving import state
from store.staff.accounts import StaffRole
from store.staff.remarks import Subject, add_remark
from store.staff.sign_in import begin_attempt, begin_session
from tests.browsing import browsing
from tests.clocks import FakeClock
from tests.staff_accounts import account_of
from tests.staffed_house import SENDER
from tests.watched_history import FIRST, SECOND, SOURCE, THIRD, answered, days, enrolled, failed, visited
from web.app import create_app
from web.office.entrance import COOKIE

OFFICE = {
    "overview": ("/staff?lang=it", 1100, 1050),
    "review": ("/staff/reviews/2?lang=it", 1100, 1350),
    "capture": ("/staff/captures/1?lang=it", 1100, 1500),
}
"""What is photographed: the page's path, and the size of the window in pixels."""

END = 161


class SignedIn:
    """Lets every request come from the browser of one member of staff."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._cookie = (b"cookie", f"{COOKIE}={token}".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on with the session's cookie."""
        if scope["type"] == "http":
            scope = {**scope, "headers": [*scope["headers"], self._cookie]}
        await self._app(scope, receive, send)


@contextmanager
def office() -> Iterator[str]:
    """Serve such an office and yield its address."""
    with tempfile.TemporaryDirectory() as folder:
        db, clock = create_database(f"sqlite:///{Path(folder) / 'house.db'}"), FakeClock(days(0))
        for role in StaffRole:
            account_of(db, clock, role)
        with db.writing() as session:
            _visit_for_months(session)
        clock.at = days(END + 2)
        app = create_app(db, clock, SENDER, [SOURCE])
        app.add_middleware(SignedIn, token=_token(db, clock))
        with browsing(app) as client:
            yield str(client.base_url).rstrip("/")
        db.close()


def _token(db: Database, clock: FakeClock) -> str:
    with db.writing() as session:
        attempt = begin_attempt(session, "editor", "127.0.0.1", clock.now())
        token = attempt and begin_session(session, attempt, clock.now())
    assert token
    return token


def _visit_for_months(session: Session) -> None:
    """Visit three times a day, with failures, a maintenance, four silent days, and half a page at the end."""
    page_id = enrolled(session)
    _found(session, page_id, 0, FIRST, HISTORY[0].body())
    for third in range(1, 3 * END):
        day = third / 3
        if 96 <= day < 100:
            continue
        if third in {251, 402}:
            failed(session, page_id, days(day))
        else:
            found = FIRST if day < 85 else SECOND if day < 150 else THIRD
            visited(session, page_id, days(day), None if 110 <= day < 111 else found)
    note = "La manutenzione dell’8 dicembre era annunciata: sentito l’ufficio."
    add_remark(session, Subject.PAGE, str(page_id), note, 2, days(END))
    _found(session, page_id, END, THIRD[:1], HISTORY[1].body())


def _found(session: Session, page_id: int, day: float, projects: tuple[Project, ...], body: bytes) -> None:
    """Record a visit that brought this body."""
    capture = replace(answered(days(day), ""), body=body)
    reading = Snapshot("reader-1", PageState.OK, projects=projects, fingerprint=repr(projects))
    before = state(session, SOURCE.name)
    after, outcome = step(before, capture, reading)
    record(session, page_id, capture, reading, before, after, outcome, capture.at)
