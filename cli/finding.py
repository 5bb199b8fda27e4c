"""The command that searches everything ever said."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import local, sight_shape
from notifier.word_diffs import Piece, shortened
from store.search.searching import Answer, Found, Hit, search
from store.search.stemming import index_words
from store.sights import Sight

app = typer.Typer()


@app.command("search", epilog="Example: coopwatch search acqua Gambella")
def find(
    words: Annotated[list[str], typer.Argument(help="Words that were all said once; endings do not count.")],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="So many projects and pages at most.")] = 20,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Say who ever said these words, when they first appeared and when they were last seen."""
    asked = " ".join(words)
    if not index_words(asked):
        raise typer.BadParameter(f"there is no word in {asked!r}", param_hint="what to search for")
    house = open_house(data)
    with house.db.reading() as session:
        found = search(session, asked, limit=limit)
    if as_json:
        print_json({"total": found.total, "answers": [_answer_shape(answer) for answer in found.answers]})
        return
    for answer in found.answers:
        _show(answer)
    _show_total(found)


def _answer_shape(answer: Answer) -> dict[str, Any]:
    project, page = answer.project, answer.page
    return {
        "project": None if project is None else f"{project.source}/{project.number}",
        "title": None if project is None else project.project.title,
        "page": None if page is None else page.address,
        "first_appeared": sight_shape(answer.first),
        "last_seen": sight_shape(answer.last),
        "stands": answer.stands,
        "texts": [
            {
                "field": hit.field,
                "text": "".join(piece for piece, _ in hit.pieces),
                "found": list(dict.fromkeys(piece.rstrip() for piece, is_found in hit.pieces if is_found)),
                "first_appeared": sight_shape(hit.first),
                "last_seen": sight_shape(hit.last),
                "stands": hit.stands,
            }
            for hit in answer.hits
        ],
        "more_texts": answer.more,
    }


def _show(answer: Answer) -> None:
    project, page = answer.project, answer.page
    if project is not None:
        name = f"{project.source}/{project.number}  {project.project.title or '(title unknown)'}"
    else:
        name = f"page {page.id}  {page.address}" if page else ""
    out.print(name, style="bold", markup=False, soft_wrap=True)
    out.print(f"  first appeared {_sight(answer.first)}, last seen {_sight(answer.last)}", soft_wrap=True)
    for hit in answer.hits:
        out.print(_line(hit), soft_wrap=True)
    if answer.more:
        out.print(f"  and {answer.more} more texts")


def _line(hit: Hit) -> str:
    pieces = shortened(Piece("added" if found else "same", text) for text, found in hit.pieces)
    marked = "".join(map(_piece, pieces))
    until = "still stands" if hit.stands else f"last seen {_sight(hit.last)}"
    return f"  {hit.field}: {marked}  (since {_sight(hit.first)}, {until})"


def _piece(piece: Piece) -> str:
    if piece.kind != "added":
        return escape(piece.text)
    word = piece.text.rstrip()
    return f"[bold]«{escape(word)}»[/]{piece.text[len(word) :]}"


def _sight(sight: Sight) -> str:
    return f"{local(sight.at)} (capture {sight.capture_id})"


def _show_total(found: Found) -> None:
    if not found.total:
        out.print("Nobody ever said that.")
    elif len(found.answers) < found.total:
        out.print(f"{len(found.answers)} of {found.total}; --limit shows more.")
