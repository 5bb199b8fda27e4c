"""Leaving: the page behind a digest's unsubscribe link, and the one click of mail programs."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.subscriptions import SubscriptionState, TokenPurpose, holder, unsubscribe
from web.asked import Ask

ROUTES = APIRouter()


@ROUTES.get("/unsubscribe/{token}")
def ask(asked: Ask, token: str) -> HTMLResponse:
    """Show the button that ends the subscription; looking changes nothing, as scanners open every link."""
    with asked.house.db.reading() as session:
        reader = holder(session, token, TokenPurpose.UNSUBSCRIBE, asked.house.clock.now())
    if reader is None:
        return asked.page("leave_unknown.html", 404)
    left = reader.state == SubscriptionState.ENDED
    return asked.page("left.html" if left else "leave.html")


@ROUTES.post("/unsubscribe/{token}")
def leave(asked: Ask, token: str) -> HTMLResponse:
    """End the subscription before answering, however often and in whatever form it is asked (RFC 8058).

    The body is not looked at: mail programs send one urlencoded or as multipart, the page's button none.
    """
    now = asked.house.clock.now()
    with asked.house.db.writing() as session:
        reader = holder(session, token, TokenPurpose.UNSUBSCRIBE, now)
        if reader is not None:
            unsubscribe(session, reader.id, now)
    if reader is None:
        return asked.page("leave_unknown.html", 404)
    return asked.page("left.html")
