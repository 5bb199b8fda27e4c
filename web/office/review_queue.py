"""The reviews: what waits for an answer, what each answer would publish, and the answers."""

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, Response

from notifier.story import facts, full_title
from scraper.errors import DecisionError
from scraper.records import Change
from store.decisions import decision
from store.history import capture, captures
from store.ledger import LedgerEntry
from store.pages import page
from store.reviews import (
    Review,
    ReviewEnd,
    Signature,
    decide_pair,
    forecast,
    open_reviews,
    past_reviews,
    reject,
    release,
    review,
)
from web.asked import Number
from web.events import Event, events
from web.office.ages import age
from web.office.entrance import Auditor, Desk, Editor, TurnedAwayError
from web.visits import is_version

ROUTES = APIRouter()

_PAST = 50

Why = Annotated[str, Form(max_length=2000)]


@ROUTES.get("/staff/reviews")
def queue(desk: Auditor) -> HTMLResponse:
    """List what waits for an answer, oldest first, and what was answered lately."""
    now = desk.asked.house.clock.now()
    with desk.asked.house.db.reading() as session:
        waiting, past = open_reviews(session), past_reviews(session, limit=_PAST)
        watched = {number: page(session, number) for number in {one.page_id for one in (*waiting, *past)}}
    return desk.page(
        "reviews.html",
        waiting=waiting,
        past=past,
        pages=watched,
        age=lambda at: age(at, now, desk.asked.words),
    )


@ROUTES.get("/staff/reviews/{review_id}")
def one_review(desk: Auditor, review_id: Number) -> HTMLResponse:
    """Show what is asked, what it rests on, and what each answer would publish."""
    now, words = desk.asked.house.clock.now(), desk.asked.words
    with desk.asked.house.db.reading() as session:
        asked = review(session, review_id)
        waits = asked.ending is None
        believed = next((one for one in captures(session, asked.page_id) if is_version(one)), None)
        try:
            outlook, trouble = (forecast(session, review_id) if waits else {}), None
        except DecisionError as error:
            outlook, trouble = {ReviewEnd.REJECTED: ()}, error
        shown, watched = capture(session, asked.about), page(session, asked.page_id)
        made = decision(session, asked.decision_id) if asked.decision_id is not None else None
    pair = asked.question
    return desk.page(
        "review.html",
        review=asked,
        visit=shown,
        believed=believed,
        page=watched,
        trouble=trouble,
        decision=made,
        outlook={end: _events(desk, asked, changes) for end, changes in outlook.items()},
        pair=pair and [(full_title(one, words), facts(one, words)) for one in (pair.known, pair.project)],
        age=lambda at: age(at, now, words),
    )


@ROUTES.post("/staff/reviews/{review_id}/{answer}")
def decide_review(
    desk: Editor,
    review_id: Number,
    answer: Literal["release", "reject", "same", "different"],
    why: Why = "",
    held: Annotated[int | None, Form()] = None,
) -> Response:
    """Write the answer and publish what follows from it, all in one transaction."""
    signature = signed(desk, why)
    with desk.asked.house.db.writing() as session:
        match answer:
            case "release":
                release(session, review_id, signature, held)
            case "reject":
                reject(session, review_id, signature)
            case _:
                decide_pair(session, review_id, answer == "same", signature)
    return desk.back(f"/reviews/{review_id}", answer)


def signed(desk: Desk, why: str) -> Signature:
    """Return who decides, why and when; a decision without a reason is turned away."""
    said = why.replace("\x00", "").strip()
    if not said:
        raise TurnedAwayError(desk, "why", 422)
    return Signature(desk.account.name, said, desk.asked.house.clock.now())


def _events(desk: Desk, asked: Review, changes: Iterable[Change]) -> tuple[Event, ...]:
    """Return changes that an answer would bring, as if they were published now."""
    now = desk.asked.house.clock.now()
    coming = (
        LedgerEntry(number, now, asked.source, asked.page_id, asked.capture_id, change)
        for number, change in enumerate(changes, 1)
    )
    return events(coming, desk.asked.words, untold=True)
