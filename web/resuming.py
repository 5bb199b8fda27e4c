"""Coming back: the page behind the link of a notice that a subscription is suspended."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.subscriptions import SubscriptionState, TokenPurpose, holder, resume
from web.asked import Ask

ROUTES = APIRouter()


@ROUTES.get("/resume/{token}")
def ask(asked: Ask, token: str) -> HTMLResponse:
    """Show the button that resumes the subscription; looking changes nothing, as scanners open every link."""
    with asked.house.db.reading() as session:
        reader = holder(session, token, TokenPurpose.RESUME, asked.house.clock.now())
    if reader is None or reader.state == SubscriptionState.ENDED:
        return asked.page("resume_unknown.html", 404)
    rests = reader.state == SubscriptionState.SUSPENDED
    return asked.page("resume.html" if rests else "resumed.html")


@ROUTES.post("/resume/{token}")
def go_on(asked: Ask, token: str) -> HTMLResponse:
    """Resume the subscription from where it was told last, however often it is asked."""
    with asked.house.db.writing() as session:
        reader = holder(session, token, TokenPurpose.RESUME, asked.house.clock.now())
        if reader is not None:
            resume(session, reader.id)
    if reader is None or reader.state == SubscriptionState.ENDED:
        return asked.page("resume_unknown.html", 404)
    return asked.page("resumed.html")
