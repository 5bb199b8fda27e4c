"""Signs that an earlier state of the database was put back: mails of ours of which it does not know."""

from datetime import datetime, timedelta

from notifier.archive import Archive
from notifier.message import Sender
from notifier.stencil import list_archive
from scraper.errors import MailError
from store.database import Database, Session
from store.deliveries import is_owed
from store.restoring import known_upto, last_restoration, mark_restored
from store.returns import is_strange
from store.run_mails import next_untouched

REPORTS_END = timedelta(days=5)
"""How long reports go on to arrive about a mail (RFC 5321, 4.5.4.1): so long is what they tell no news."""


def notice_later_mails(db: Database, now: datetime, archive: Archive, sender: Sender) -> None:
    """Let runs wait for staff where the archive holds mails of runs that this database cannot have sent.

    No run's mail is dated after the last move of a run, for that is committed before the mail leaves, and
    only runs' mails have a List-Archive. An archive that cannot be read proves nothing: no run waits for it.
    """
    with db.reading() as session:
        known = known_upto(session)
    if known is None:
        return
    try:
        later = archive.later(list_archive(sender), known)
    except MailError:
        return
    if later:
        with db.writing() as session:
            if not all(is_owed(session, one) for one in later):
                mark_restored(session, now, known)


def notice_mails_sent_before(db: Database, run_id: int, now: datetime, archive: Archive) -> bool:
    """Hold a run of which the next mail, never sent from here, lies in the archive; say whether that is so.

    Mails leave in one order, so the next one tells for all.
    """
    with db.reading() as session:
        waiting, known = next_untouched(session, run_id), known_upto(session)
    if waiting is None or known is None:
        return False
    try:
        found = archive.held({waiting})
    except MailError:
        return False
    if found:
        with db.writing() as session:
            mark_restored(session, now, known)
    return bool(found)


def notice_report(session: Session, delivery_id: int, now: datetime) -> None:
    """Let runs wait for staff where a report with our mark names a mail that was never sent from here."""
    last, known = last_restoration(session), known_upto(session)
    explained = last is not None and now - last < REPORTS_END
    if known is not None and not explained and is_strange(session, delivery_id):
        mark_restored(session, now, known)
