"""The commands that prove: verify everything against the evidence log, and take evidence along."""

from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.progress import Progress

from cli.console import err, out, print_json
from cli.house import House, open_house
from cli.options import Data, Json
from cli.printed import counted, local
from cli.wiring import time_roots
from exports.dossier import Dossier, page_dossier, project_dossier
from exports.evidence_package import write_package
from exports.warc import write_warc
from schedules.present import Present
from scraper.errors import CoopwatchError, NotFoundError, UnreadableError
from scraper.sources import choose_source
from settings import Settings
from store.database import Session
from store.evidence.findings import Findings
from store.evidence.keepsakes import agreement, kept_head
from store.evidence.key_file import public_path, read_verifier
from store.evidence.log import log_size
from store.evidence.notes import NoteError, VerifierKey
from store.evidence.verification import verify as findings_of
from store.history import CaptureEntry, captures
from store.pages import find_page, pages
from store.tracks import find_project

app = typer.Typer()
export = typer.Typer(
    no_args_is_help=True,
    help="Take evidence and archives along.",
    epilog="Example: coopwatch export evidence torino/3 --to gambia.zip",
)
app.add_typer(export, name="export")

To = Annotated[
    Path, typer.Option("--to", metavar="FILE", help="The file to write; replaced where it exists.")
]
SHOWN = 20
"""As many faults as are listed one by one."""

ENTRIES = ("entry", "entries")


@app.command(epilog="Examples: coopwatch verify · coopwatch verify --checkpoint my-digest.eml")
def verify(
    kept: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="A checkpoint that was kept elsewhere; may be given again."),
    ] = None,
    checkpoint: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Only prove that the log continues this one: a note or a mail."),
    ] = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Check the whole history against the signed evidence log; name the first bad entry."""
    house = open_house(data)
    if checkpoint is not None:
        _prove_continuity(house, checkpoint, as_json)
        return
    verifier, witnessed = _verifier(house.settings), [_text(file) for file in kept or ()]
    with house.db.reading() as session, _progress() as progress:
        task = progress.add_task("verifying", total=log_size(session))
        found = findings_of(
            session,
            [verifier],
            witnessed,
            time_roots(house.settings),
            advance=lambda n: progress.advance(task, n),
        )
    if as_json:
        print_json(_shape(found))
    else:
        _show(found)
    if found.faults:
        raise typer.Exit(1)


@export.command(epilog="Example: coopwatch export evidence torino/3 --to gambia.zip")
def evidence(
    what: Annotated[
        str, typer.Argument(metavar="PAGE|PROJECT", help="A page's number or address, or a project's id.")
    ],
    to: To,
    data: Data = None,
) -> None:
    """Write one zip about a page or project that outsiders can verify with docs/verify_package.py."""
    house = open_house(data)
    verifier = _verifier(house.settings)
    with house.db.reading() as session, _progress() as progress, _new_file(to) as file:
        progress.add_task("packing the evidence", total=None)
        dossier = _dossier(session, what)
        try:
            unsealed = write_package(
                session, file, dossier, verifier=verifier, software=_software(), at=Present().now()
            )
        except NoteError as error:
            raise CoopwatchError(
                f"the last checkpoint does not hold: {error}",
                "Run `coopwatch verify` to see what was altered.",
            ) from error
    packed = counted(len(dossier.captures), "visit", "visits")
    out.print(f"{to}: {dossier.name}, {packed}", markup=False, soft_wrap=True)
    if unsealed:
        waiting = counted(unsealed, "of its entries is", "of its entries are")
        out.print(f"{waiting} not yet sealed: export again after the next daily checkpoint.")


@export.command(epilog="Example: coopwatch export warc torino --to torino.warc.gz")
def warc(source: Annotated[str, typer.Argument(help="A source's name.")], to: To, data: Data = None) -> None:
    """Write every visit of a source into one WARC 1.1 archive."""
    house = open_house(data)
    chosen = choose_source(house.sources, source)
    origin = _verifier(house.settings).name
    with house.db.reading() as session, _progress() as progress, _new_file(to) as file:
        visits = [visit for page in pages(session, chosen.name) for visit in captures(session, page.id)[::-1]]
        shown: Iterable[CaptureEntry] = progress.track(visits, description="writing")
        now = Present().now()
        records = write_warc(
            session, file, shown, origin=origin, software=_software(), title=chosen.title, at=now
        )
    written = f"{counted(len(visits), 'visit', 'visits')}, {counted(records, 'record', 'records')}"
    out.print(f"{to}: {written}", markup=False, soft_wrap=True)


def _prove_continuity(house: House, file: Path, as_json: bool) -> None:
    verifier = _verifier(house.settings)
    try:
        kept = kept_head(file.read_bytes(), [verifier], verifier.name)
    except OSError as error:
        raise UnreadableError(f"{file} cannot be read: {error.strerror}", "Name a file.") from error
    with house.db.reading() as session:
        found = agreement(session, kept, [verifier])
    if as_json:
        proof = [b64encode(value).decode() for value in found.proof]
        print_json({"kept": kept.size, "entries": found.size, "at": found.at.isoformat(), "proof": proof})
        return
    out.print(
        f"The log of {local(found.at)} ({counted(found.size, *ENTRIES)}) continues the kept checkpoint of"
        f" {counted(kept.size, *ENTRIES)}: nothing under it was changed, removed or added since."
        f" Proof: {counted(len(found.proof), 'hash', 'hashes')}.",
        soft_wrap=True,
    )


def _dossier(session: Session, what: str) -> Dossier:
    try:
        page = find_page(session, what)
    except NotFoundError:
        return project_dossier(session, find_project(session, what))
    return page_dossier(session, page)


def _verifier(settings: Settings) -> VerifierKey:
    return read_verifier(public_path(settings.log_key))


def _software() -> str:
    return f"coopwatch {version('coopwatch')}"


def _progress() -> Progress:
    return Progress(console=err, transient=True, disable=not err.is_terminal)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(
            f"{file} cannot be read: {error}", "Name a file that holds one checkpoint."
        ) from error


@contextmanager
def _new_file(place: Path) -> Iterator[BinaryIO]:
    """Yield a file that stands at its place only once it is whole; raises CoopwatchError."""
    part = place.with_name(f"{place.name}.part")
    try:
        with part.open("wb") as file:
            yield file
        part.replace(place)
    except OSError as error:
        raise CoopwatchError(
            f"{place} cannot be written: {error.strerror}", "Name a file in a folder with room: --to FILE."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _show(found: Findings) -> None:
    if found.first is None:
        out.print("All is well: the history is as it was logged.")
    else:
        out.print(f"First bad: {found.first}", markup=False, soft_wrap=True)
        for fault in found.faults[1:SHOWN]:
            out.print(f"  {fault}", markup=False, soft_wrap=True)
        if len(found.faults) > SHOWN:
            out.print(f"  … {len(found.faults)} faults in all")
    last = local(found.sealed_at)
    sealed = counted(found.checkpoints, "checkpoint that holds", "checkpoints that hold")
    out.print(f"{counted(found.entries, *ENTRIES)}, {sealed}, the last: {last}.")
    out.print(f"{counted(found.unsealed, 'entry is', 'entries are')} not yet sealed.")
    if found.stamped:
        out.print(f"{counted(found.stamped, 'time stamp holds', 'time stamps hold')}.")
    if found.removed:
        removed = counted(found.removed, "thing was", "things were")
        out.print(f"{removed} removed on purpose, as the log says:", highlight=False)
        for subject, count in found.removals.items():
            out.print(f"  {subject}: {count}", markup=False)


def _shape(found: Findings) -> dict[str, object]:
    return {
        "entries": found.entries,
        "sealed": found.sealed,
        "sealed_at": found.sealed_at and found.sealed_at.isoformat(),
        "not_yet_sealed": found.unsealed,
        "checkpoints": found.checkpoints,
        "stamped": found.stamped,
        "removed": found.removed,
        "removals": dict(found.removals),
        "faults": [
            {"entry": fault.index, "subject": fault.subject, "problem": fault.problem}
            for fault in found.faults
        ],
    }
