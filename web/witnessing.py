"""The evidence log's checkpoints for everybody: as signed notes, and in words."""

from base64 import b64encode
from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import HTMLResponse, PlainTextResponse

from scraper.errors import NotFoundError
from store.evidence.notes import NoteError, parse_tree_head, verifier_text
from store.evidence.seals import Checkpoint, checkpoints, last_checkpoint
from web.asked import Ask

ROUTES = APIRouter()
LISTED = 400
"""More than a year of daily checkpoints."""


@ROUTES.get("/checkpoint")
def newest(asked: Ask) -> PlainTextResponse:
    """Return the latest checkpoint as its signed note (c2sp.org/tlog-checkpoint)."""
    with asked.house.db.reading() as session:
        last = last_checkpoint(session)
    if last is None:
        raise NotFoundError("the evidence log was not sealed yet")
    return _note(last)


@ROUTES.get("/checkpoint/{size}")
def one(asked: Ask, size: Annotated[int, Path(ge=1, le=2**31 - 1)]) -> PlainTextResponse:
    """Return the checkpoint over that many entries as its signed note."""
    with asked.house.db.reading() as session:
        found = next((each for each in checkpoints(session) if each.size == size), None)
    if found is None:
        raise NotFoundError(f"there is no checkpoint of {size} entries")
    return _note(found)


@ROUTES.get("/evidence")
def explained(asked: Ask) -> HTMLResponse:
    """Say what checkpoints are, which there are, and how anybody can check them."""
    with asked.house.db.reading() as session:
        known = checkpoints(session)[::-1]
    key = asked.house.log_key
    return asked.page(
        "evidence.html",
        listed=[(each, _root(each)) for each in known[:LISTED]],
        count=len(known),
        key=verifier_text(key) if key else None,
    )


def _note(checkpoint: Checkpoint) -> PlainTextResponse:
    return PlainTextResponse(checkpoint.note, headers={"Cache-Control": "no-cache"})


def _root(checkpoint: Checkpoint) -> str:
    """Return a checkpoint's root as its note writes it; nothing where the note is spoilt."""
    try:
        return b64encode(parse_tree_head(checkpoint.note.partition("\n\n")[0] + "\n").root).decode()
    except NoteError:
        return ""
