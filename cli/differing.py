"""The command that compares two versions of a page."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

import typer
from rich.markup import escape

from cli.asking import end_of
from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import instant, local, plain
from cli.whole_tables import whole_table
from notifier.line_diffs import LineStep
from notifier.story import Cell, Story
from notifier.version_pairs import VersionPair, page_pair
from notifier.word_diffs import Piece, shortened
from notifier.words import words
from scraper.errors import NotFoundError
from scraper.records import ChangeKind
from store.database import Session
from store.history import CaptureEntry
from store.pages import PageEntry, find_page
from store.sights import last_sight

app = typer.Typer()

_BEYOND = 2**31 - 1
"""No capture has this number, and databases know no larger ones."""

_SIGNS = {"same": " ", "removed": "-", "added": "+"}


@app.command(epilog="Examples: coopwatch diff 1 2018-08-20 2018-11-12 · coopwatch diff progetti 3 7")
def diff(
    what: Annotated[str, typer.Argument(metavar="PAGE", help="A page's number, address, or a part of it.")],
    older: Annotated[
        str,
        typer.Argument(metavar="FROM", help="A capture's number, or a day: what stood at its end in Rome."),
    ],
    newer: Annotated[str, typer.Argument(metavar="TO", help="The same.")],
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Compare two versions of a page: its projects, field by field, and its text, line by line."""
    house = open_house(data)
    with house.db.reading() as session:
        page = find_page(session, what)
        one, other = (_visit(session, page, named) for named in (older, newer))
        pair = page_pair(session, page.id, one, other, words("en"))
    if as_json:
        print_json(_shape(page, pair))
        return
    out.print(page.address, style="bold", markup=False, soft_wrap=True)
    out.print(f"from {_named(pair.older)} to {_named(pair.newer)}", soft_wrap=True)
    for story in pair.stories:
        _show(story)
    if not pair.stories:
        out.print("\nNo project differs.")
    out.print(f"\n{_text_heading(pair)}", style="bold")
    for line in pair.lines or ():
        out.print(_line(line), soft_wrap=True)


def _visit(session: Session, page: PageEntry, named: str) -> int:
    """Return the number of the capture that a person means; raises NotFoundError."""
    if named.isdecimal():
        return min(int(named), _BEYOND)
    try:
        day = datetime.strptime(named, "%Y-%m-%d")  # noqa: DTZ007  (a civil day, which end_of puts in Rome)
    except ValueError as error:
        raise typer.BadParameter(
            f"{named!r} is neither a capture's number nor a day such as 2018-11-12", param_hint="FROM and TO"
        ) from error
    found = last_sight(session, page.id, upto=end_of(day))
    if found is None:
        raise NotFoundError(
            f"page {page.id} had not been read by {named}",
            f"`coopwatch history {page.id}` lists its visits with their days.",
        )
    return found.capture_id


def _text_heading(pair: VersionPair) -> str:
    if pair.lines is None:
        return "The text of one of the two versions is no longer kept."
    return "The text of the page" if pair.lines else "The text of the page is the same."


def _named(entry: CaptureEntry) -> str:
    return f"capture {entry.id} of {local(entry.at)}"


def _show(story: Story) -> None:
    out.print(f"\n[bold]{story.news.source}/{story.news.number}[/]  {escape(story.sentence)}", soft_wrap=True)
    table = whole_table("field", "before", "after")
    for row in story.rows:
        table.add_row(row.label, _cell(row.before), _cell(row.after))
    gone = story.news.kind == ChangeKind.REMOVED
    for fact in story.facts:
        known = escape("\n".join(fact.lines))
        table.add_row(fact.label, *((known, "–") if gone else ("–", known)))
    out.print(table)
    for row in story.rows:
        if row.field == "note" and row.diff:
            out.print("  " + _pieces(shortened(row.diff)), soft_wrap=True)


def _cell(cell: Cell) -> str:
    return "\n".join(_pieces(item) for item in cell) or "–"


def _line(step: LineStep) -> str:
    if step.kind == "skipped":
        return f"… {step.count} {'line' if step.count == 1 else 'lines'} the same"
    if step.kind == "changed":
        return f"± {_pieces(step.pieces)}"
    return f"{_SIGNS[step.kind]} {escape(''.join(piece.text for piece in step.pieces))}"


def _pieces(pieces: Iterable[Piece]) -> str:
    """Return a text with what went in [-…-] and what came in {+…+}, as `wdiff` and git write it."""
    signs = {"same": ("", ""), "removed": ("[-", "-]"), "added": ("{+", "+}")}
    said = ""
    for piece in pieces:
        text = piece.text.rstrip()
        parted = " " if piece.kind == "added" and said.endswith("-]") else ""
        said += parted + escape(text.join(signs[piece.kind])) + piece.text[len(text) :]
    return said


def _shape(page: PageEntry, pair: VersionPair) -> dict[str, Any]:
    return {
        "page": page.address,
        "from": {"capture": pair.older.id, "at": instant(pair.older.at)},
        "to": {"capture": pair.newer.id, "at": instant(pair.newer.at)},
        "changes": [_story_shape(story) for story in pair.stories],
        "text": None
        if pair.lines is None
        else [
            {"kind": step.kind, "lines": step.count, "pieces": _piece_shapes(step.pieces)}
            for step in pair.lines
        ],
    }


def _story_shape(story: Story) -> dict[str, Any]:
    news = story.news
    diffs = {row.field: _piece_shapes(row.diff) for row in story.rows if row.diff}
    return {
        "project": f"{news.source}/{news.number}",
        "title": news.project.title,
        "kind": news.kind,
        "sentence": story.sentence,
        "fields": [
            {
                "field": line.field,
                "before": plain(line.before),
                "after": plain(line.after),
                "words": diffs.get(line.field, []),
            }
            for line in news.lines
        ],
    }


def _piece_shapes(pieces: Iterable[Piece]) -> list[dict[str, str]]:
    return [{"kind": piece.kind, "text": piece.text} for piece in pieces]
