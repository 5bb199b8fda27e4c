"""What the demo did, told from what is stored: a table of visits, a table of mails, and where to look."""

import os
import shutil
import sys
from pathlib import Path

from cli.console import out
from cli.demo.mailbox import letters
from cli.demo.past import HISTORY
from cli.printed import local
from cli.whole_tables import whole_table
from scraper.records import Change
from store import ledger
from store.database import Database
from store.history import CaptureEntry, captures
from store.pages import pages


def show_summary(db: Database, mailbox: Path) -> None:
    """Print what was visited, what came of it, and which mails arrived."""
    with db.reading() as session:
        (page,) = pages(session)
        visits = captures(session, page.id)[::-1]
        entries = ledger.entries(session)
    table = whole_table("visited (Rome)", "what the page was", "verdict", "changes", title="Visits")
    for visit, version in zip(visits, HISTORY, strict=True):
        table.add_row(local(visit.at), version.what, visit.decision, _changes(visit, entries))
    out.print(table)
    mails = whole_table("sent (Rome)", "subject", title="Digests in the mailbox")
    for letter in letters(mailbox):
        message = letter.message
        mails.add_row(local(message["Date"].datetime), str(message["Subject"]))
    out.print(mails)


def show_places(folder: Path, address: str | None) -> None:
    """Print where to look at it all."""
    out.print(f"The mailbox:     {folder / 'mailbox'}", markup=False)
    out.print(f"The database:    {_command()} projects --data {folder}", markup=False)
    if address is not None:
        out.print(f"The web pages:   [bold]{address}[/]  (Ctrl-C ends the demo)")


def _command() -> str:
    """Return how this shell reaches the command: by its name where it is on the path."""
    return "coopwatch" if shutil.which("coopwatch") else os.path.relpath(sys.argv[0])


def _changes(visit: CaptureEntry, entries: tuple[ledger.LedgerEntry, ...]) -> str:
    """Return what a visit changed, a project a line; what is in brackets is recorded and not told."""
    found = [entry.change for entry in entries if entry.capture_id == visit.id]
    titles = dict.fromkeys(change.title or "(title unknown)" for change in found)
    return "\n".join(f"{title[:40]}: {_what(found, title)}" for title in titles)


def _what(changes: list[Change], title: str) -> str:
    """Return what happened to one project, in the order in which it was found."""
    words = [
        (change.field or change.kind, change.told)
        for change in changes
        if (change.title or "(title unknown)") == title
    ]
    return ", ".join(word if told else f"({word})" for word, told in words)
