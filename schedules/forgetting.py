"""The daily job that drops what is personal and was kept long enough."""

import logging
from datetime import timedelta

from scraper.clock import Clock
from store.database import Database
from store.retention import Expired, expire

KEEP_BODIES = timedelta(days=30)
"""How long the bodies of sent mails are kept, unless the settings say otherwise."""

_log = logging.getLogger("coopwatch")


def forget_old(db: Database, clock: Clock, bodies: timedelta = KEEP_BODIES) -> Expired:
    """Drop what is due, and let it vanish from the database's files, too."""
    with db.writing() as session:
        gone = expire(session, clock.now(), bodies)
    if gone != Expired():
        db.scrub()
        _log.info(
            "kept long enough: %d sign-ups, %d mail bodies, %d addresses, %d links dropped",
            *(gone.sign_ups, gone.bodies, gone.addresses, gone.links),
        )
    return gone
