"""The projects for staff: notes, who decided what about each, merging, splitting and taking that back."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from notifier.story import facts, full_title
from scraper.errors import NotFoundError
from store.decisions import StaffDecision, decisions
from store.pages import pages
from store.regrouping import merge, split, undo
from store.staff.accounts import member_names
from store.staff.remarks import Subject, remarks
from store.tracks import project_life, projects
from web.asked import Number
from web.office.entrance import Auditor, Desk, Editor
from web.office.review_queue import Why, signed

ROUTES = APIRouter()


@ROUTES.get("/staff/projects")
def listing(desk: Auditor) -> HTMLResponse:
    """List every project that was ever seen."""
    with desk.asked.house.db.reading() as session:
        known = projects(session)
    return desk.page("projects.html", entries=sorted(known, key=lambda entry: (entry.source, entry.number)))


@ROUTES.get("/staff/projects/{source}/{number}")
def project_record(desk: Auditor, source: str, number: Number) -> HTMLResponse:
    """Show a project, the decisions about it and the notes on it."""
    with desk.asked.house.db.reading() as session:
        lived = project_life(session, source, number)
        others = [entry for entry in projects(session, source=source) if entry.number != number]
        made = [one for one in decisions(session, source) if number in {one.track, one.other}]
        notes = remarks(session, Subject.PROJECT, f"{source}/{number}")
        names = member_names(session)
        watched = pages(session, source)
    return desk.page(
        "project.html",
        entry=lived.entry,
        title=full_title(lived.entry.project, desk.asked.words),
        facts=facts(lived.entry.project, desk.asked.words),
        others=sorted(others, key=lambda entry: entry.number),
        decisions=made,
        pages=watched,
        notes=notes,
        names=names,
    )


@ROUTES.post("/staff/projects/{source}/{number}/merge")
def merge_tracks(
    desk: Editor, source: str, number: Number, other: Annotated[Number, Form()], why: Why = ""
) -> Response:
    """Make another project a part of this one."""
    signature = signed(desk, why)
    with desk.asked.house.db.writing() as session:
        project_life(session, source, number)
        project_life(session, source, other)
        made = merge(session, source, number, other, signature)
    return _to_track(desk, made, "merge")


@ROUTES.post("/staff/projects/{source}/{number}/split")
def split_track(
    desk: Editor, source: str, number: Number, address: Annotated[str, Form()], why: Why = ""
) -> Response:
    """Make what one page states of this project a project of its own."""
    signature = signed(desk, why)
    with desk.asked.house.db.writing() as session:
        project_life(session, source, number)
        if address not in {page.address for page in pages(session, source)}:
            raise NotFoundError(f"{source} has no page {address}", "Choose one of the source's pages.")
        made = split(session, source, number, address, signature)
    return _to_track(desk, made, "split")


@ROUTES.post("/staff/decisions/{decision_id}/undo")
def undo_decision(desk: Editor, decision_id: Number, why: Why = "") -> Response:
    """Take back a merge or a split."""
    signature = signed(desk, why)
    with desk.asked.house.db.writing() as session:
        made = undo(session, decision_id, signature)
    return _to_track(desk, made, "undo")


def _to_track(desk: Desk, made: StaffDecision, done: str) -> Response:
    return desk.back(f"/projects/{made.source}/{made.track}", done)
