"""The commands that keep the installation well: migrate, reread and doctor."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Annotated

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.health import Finding, tried
from cli.house import House, open_house, watched_sources
from cli.mail_health import mail_findings, sent_test
from cli.name_server import Lookup, text_records
from cli.options import Data, Json
from cli.printed import counted, local
from cli.store_checks import disk, store_findings
from cli.wiring import controller, log_signer, time_authority, user_agent
from schedules.jobs import seal_daily
from schedules.present import Present
from schedules.rereading import reread as reread_job
from schedules.rereading import work
from scraper.errors import CoopwatchError, DatabaseOlderError
from scraper.sources import choose_source
from settings import Settings, load_settings
from store import pages
from store.database import migrate_database, open_database
from store.evidence.attest import adopt
from store.search.indexing import rebuild
from store.upkeep import copy_before_migration, soundness

app = typer.Typer()


@app.command(epilog="Examples: coopwatch migrate · coopwatch migrate --search-index")
def migrate(
    search_index: Annotated[
        bool, typer.Option("--search-index", help="Also make the search's index anew from history.")
    ] = False,
    data: Data = None,
) -> None:
    """Bring an older database up to this version, after keeping a copy of it."""
    settings = load_settings(data)
    try:
        open_database(settings.database_url).close()
    except DatabaseOlderError:
        copy = copy_before_migration(settings.database_url)
        migrate_database(settings.database_url)
        out.print("The database has been migrated." + (f" As it was before: {copy}" if copy else ""))
    else:
        out.print("The database is up to date.")
    _log_the_past(settings)
    if search_index:
        db = open_database(settings.database_url)
        with db.writing() as session:
            out.print(f"The search knows {counted(rebuild(session), 'text', 'texts')}.")
        db.close()


@app.command(epilog="Example: coopwatch reread torino")
def reread(
    source: Annotated[str | None, typer.Argument(help="A source's name; all where none is given.")] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Read old captures again after an update of the reader; what differs is kept, and nobody is told."""
    house = open_house(data)
    chosen = house.sources if source is None else (choose_source(house.sources, source),)
    found: Counter[str] = Counter()
    with Progress(console=err, transient=True, disable=not err.is_terminal) as progress:
        task = progress.add_task("reading again", total=work(house.db, chosen))
        for again in reread_job(house.db, chosen, Present()):
            found[again.page.address] += again.differs
            progress.advance(task)
    if as_json:
        print_json([{"url": address, "revisions": count} for address, count in found.items()])
        return
    for address, count in found.items():
        out.print(f"{address}: {count} read otherwise than before", soft_wrap=True)
    if not found:
        out.print("Nothing is kept that could be read again.")


@app.command(epilog="Example: coopwatch doctor --send-test me@example.org")
def doctor(
    send_test: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Also send a test message there.")
    ] = None,
    nameserver: Annotated[
        str, typer.Option(metavar="ADDRESS[:PORT]", help="Ask this name server, not the system's.")
    ] = "",
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say whether everything is well, from the settings and the mail's DNS to the last backup.

    Exit 1 where something needs action.
    """
    settings = load_settings(data)
    findings = list(_findings(settings, text_records(nameserver)))
    if send_test is not None:
        findings.append(tried("test message", lambda: sent_test(settings, send_test)))
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            _show(finding)
    if any(finding.state == "failed" for finding in findings):
        raise typer.Exit(1)


def _log_the_past(settings: Settings) -> None:
    """Take what is older than the evidence log into it, and seal it."""
    db, clock = open_database(settings.database_url), Present()
    with db.writing() as session:
        adopted = adopt(session, clock.now())
    if adopted:
        covered = counted(
            adopted, "row from before the evidence log is", "rows from before the evidence log are"
        )
        out.print(f"{covered} covered by it from now on.")
    seal_daily(db, clock, log_signer(settings, db))


def _findings(settings: Settings, lookup: Lookup) -> Iterator[Finding]:
    yield tried("contact", lambda: user_agent(settings))
    yield tried("sources", lambda: ", ".join(s.name for s in watched_sources(settings)))
    yield from mail_findings(settings, lookup)
    yield _notice(settings)
    try:
        db = open_database(settings.database_url)
    except CoopwatchError as error:
        yield disk(settings)
        yield Finding("database", "failed", str(error), error.hint)
        return
    state = tried("database", lambda: soundness(db))
    yield state
    if state.state == "failed":
        return
    yield from _pages(House(settings, (), db))
    if settings.timestamp_url:
        yield tried("time authority", lambda: _authority(settings))
    try:
        sources = watched_sources(settings)
    except CoopwatchError:
        sources = ()  # told above
    with db.reading() as session:
        yield from store_findings(session, settings, sources, Present().now())


def _notice(settings: Settings) -> Finding:
    answers_for = controller(settings)
    if answers_for.missing:
        names = {"name": "controller", "officer": "privacy_officer"}
        missing = ", ".join(names.get(name, f"controller_{name}") for name in answers_for.missing)
        hint = f"Set {missing}: readers must be told who answers for their data (GDPR, art. 13)."
        return Finding("privacy notice", "warning", "is incomplete", hint)
    return Finding("privacy notice", "ok", f"names {answers_for.name}")


def _authority(settings: Settings) -> str:
    time_authority(settings)
    return settings.timestamp_url


def _pages(house: House) -> Iterator[Finding]:
    with house.db.reading() as session:
        entries = pages.pages(session)
    if not entries:
        yield Finding("pages", "warning", "no page was ever visited", "coopwatch check visits now.")
    for entry in entries:
        if entry.retired_at is not None:
            yield Finding("page", "ok", f"{entry.address}: no longer watched since {local(entry.retired_at)}")
            continue
        last = entry.last_decision or "never visited"
        seen = f"{entry.address}: {last}, last good visit {local(entry.last_good_at)}"
        well = entry.last_decision in {"accepted", "unchanged"}
        yield Finding("page", "ok" if well else "warning", seen, "" if well else " ".join(entry.last_reasons))


def _show(finding: Finding) -> None:
    colour = {"ok": "green", "warning": "yellow", "failed": "red"}[finding.state]
    out.print(f"[{colour}]{finding.state:>7}[/]  [bold]{finding.of}[/]: ", end="")
    out.print(finding.seen, markup=False, soft_wrap=True)
    if finding.hint:
        out.print(f"         {finding.hint}", markup=False, soft_wrap=True)  # a DNS record stays one line
