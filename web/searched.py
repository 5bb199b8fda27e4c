"""Searching everything that projects and pages ever said."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from notifier.story import full_title, label
from notifier.word_diffs import Piece, shortened
from notifier.words import Words
from store.search.searching import Answer, Hit, search
from web.asked import Ask, Number

ROUTES = APIRouter()

_ON_A_PAGE = 20
_MOST_ASKED = 500
"""Characters of a question that are looked at."""


@dataclass(frozen=True, slots=True)
class Line:
    """One text that was found, under its field's name, around the words that were asked for ("added")."""

    label: str
    pieces: tuple[Piece, ...]
    hit: Hit


@dataclass(frozen=True, slots=True)
class Found:
    """A project or a page that said the words, by what it is called now, and where it said them."""

    title: str
    answer: Answer
    lines: tuple[Line, ...]


@ROUTES.get("/search")
def searching(asked: Ask, q: str = "", after: Number = 0) -> HTMLResponse:
    """Show who ever said these words, where, first when and last when."""
    with asked.house.db.reading() as session:
        found = search(session, q[:_MOST_ASKED], limit=_ON_A_PAGE, offset=after)
    seen = after + len(found.answers)
    return asked.page(
        "search.html",
        question=q,
        total=found.total,
        found=[_found(answer, asked.words) for answer in found.answers],
        following=seen if seen < found.total else None,
    )


def _found(answer: Answer, words: Words) -> Found:
    if answer.project is not None:
        title = full_title(answer.project.project, words)
    else:
        title = (answer.page.title or answer.page.address) if answer.page else ""
    return Found(title, answer, tuple(_line(hit, words) for hit in answer.hits))


def _line(hit: Hit, words: Words) -> Line:
    pieces = shortened(Piece("added" if is_found else "same", text) for text, is_found in hit.pieces)
    return Line(label(hit.field, words), pieces, hit)
