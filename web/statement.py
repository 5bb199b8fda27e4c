"""The accessibility statement, for everybody."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from web.asked import Ask

ROUTES = APIRouter()


@ROUTES.get("/accessibility")
def statement(asked: Ask) -> HTMLResponse:
    """Say what the pages keep to, what they do not, and whom to tell."""
    sender = asked.house.sender
    return asked.page("accessibility.html", address=sender.reply_to or sender.address)
