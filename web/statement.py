"""The statements that every public body owes: on accessibility, and on what it keeps of its readers."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.retention import ENDED, UNCONFIRMED
from web.asked import Ask
from web.joining import consent

ROUTES = APIRouter()


@ROUTES.get("/accessibility")
def statement(asked: Ask) -> HTMLResponse:
    """Say what the pages keep to, what they do not, and whom to tell."""
    return asked.page("accessibility.html", address=asked.house.sender.answers_to)


@ROUTES.get("/privacy")
def privacy(asked: Ask) -> HTMLResponse:
    """Say who keeps what of readers, why, for how long, and what they can ask for (GDPR, art. 13)."""
    house = asked.house
    return asked.page(
        "privacy.html",
        controller=house.controller,
        body=house.controller.name or house.sender.name,
        contact=house.controller.contact or house.sender.answers_to,
        consent=consent(asked),
        days={
            "unconfirmed": UNCONFIRMED.days,
            "ended": ENDED.days,
            "bodies": house.controller.bodies.days,
        },
    )
