"""Writing a note on a page, a project or a change."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import Response

from store.staff.remarks import Subject, add_remark
from web.office.entrance import Editor

ROUTES = APIRouter()

_RECORDS = {Subject.PAGE: "/pages/", Subject.PROJECT: "/projects/", Subject.CHANGE: "/changes/"}
"""Where the record of a subject begins."""


@ROUTES.post("/staff/notes")
def write(
    desk: Editor,
    kind: Annotated[Subject, Form()],
    subject: Annotated[str, Form(max_length=300)],
    text: Annotated[str, Form()] = "",
) -> Response:
    """Keep a note and go back to what it is about; one without words, or too long, comes back."""
    try:
        with desk.asked.house.db.writing() as session:
            kept = add_remark(session, kind, subject, text, desk.account.id, desk.asked.house.clock.now())
    except ValueError:
        return desk.page("note_again.html", 422, kind=kind, subject=subject, text=text)
    return desk.back(_RECORDS[kind] + kept.key, "note")
