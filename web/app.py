"""The web pages put together: who may look, who may ask."""

from collections.abc import Iterable
from importlib import resources

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from notifier.agreement import Controller
from notifier.message import Sender
from scraper.clock import Clock
from scraper.sources import Source
from store.database import Database
from store.evidence.notes import VerifierKey
from web import (
    comparison,
    feed_routes,
    joining,
    leaving,
    lives,
    preferring,
    resuming,
    searched,
    statement,
    told,
    visits,
    watching,
    witnessing,
)
from web.asked import House
from web.office import (
    change_records,
    facsimile,
    overview,
    page_records,
    reader_records,
    remarking,
    review_queue,
    run_records,
    sent_mail,
    signing,
    staff_records,
    track_records,
    vouched,
)
from web.office.entrance import add_entrance_answers
from web.office.vouching import Provider
from web.safety import SafeHeaders
from web.troubles import add_trouble_pages

PUBLIC = (
    *(watching, visits, comparison, lives, searched, told, joining, leaving, preferring, resuming),
    *(feed_routes, statement, witnessing),
)
OFFICE = (
    signing,
    vouched,
    overview,
    page_records,
    facsimile,
    track_records,
    change_records,
    review_queue,
    remarking,
    run_records,
    sent_mail,
    reader_records,
    staff_records,
)

LARGEST_REQUEST = 65_536
"""Bytes of a request's body: the sign-up form with every box ticked needs a few thousand."""


def create_app(
    db: Database,
    clock: Clock,
    sender: Sender,
    sources: Iterable[Source],
    controller: Controller = Controller(),  # noqa: B008  (a frozen value)
    log_key: VerifierKey | None = None,
    provider: Provider | None = None,
) -> FastAPI:
    """Return the pages over this database; they start nothing and visit nobody.

    `log_key` is the public key of the evidence log, which they publish. Staff may also sign in through
    `provider`.
    """
    app = FastAPI(
        title="coopwatch", openapi_url=None, docs_url=None, redoc_url=None, max_body_size=LARGEST_REQUEST
    )
    app.state.house = House(db, clock, sender, tuple(sources), controller, log_key, provider)
    for part in (*PUBLIC, *OFFICE):
        app.include_router(part.ROUTES)
    app.mount("/static", StaticFiles(directory=str(resources.files("web").joinpath("static"))), "static")
    add_trouble_pages(app)
    add_entrance_answers(app)
    app.add_middleware(SafeHeaders)
    return app
