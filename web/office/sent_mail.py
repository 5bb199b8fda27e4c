"""Who was told what, when, and with which bytes: the deliveries, and each with its headers and words."""

from dataclasses import dataclass

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from scraper.errors import NotFoundError
from store.deliveries import Delivery, DeliveryKind, DeliveryState, deliveries, delivery
from web.asked import Number
from web.office.entrance import Auditor
from web.office.facsimile import FRAMED, FRAMING, disarmed

ROUTES = APIRouter()

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Listed:
    """A delivery as the list names it."""

    delivery: Delivery
    subject: str


@ROUTES.get("/staff/deliveries")
def listing(
    desk: Auditor, to: str = "", state: str = "", kind: str = "", before: Number | None = None
) -> HTMLResponse:
    """List the deliveries, newest first: to one address, in one state, of one kind."""
    with desk.asked.house.db.reading() as session:
        found = deliveries(
            session,
            state=DeliveryState(state) if state in set(DeliveryState) else None,
            kind=DeliveryKind(kind) if kind in set(DeliveryKind) else None,
            limit=AT_ONCE + 1,
            recipient=to or None,
            before=before,
        )
    return desk.page(
        "deliveries.html",
        listed=[Listed(one, desk.mail(one).subject) for one in found[:AT_ONCE]],
        older=found[AT_ONCE - 1].id if len(found) > AT_ONCE else None,
        states=tuple(DeliveryState),
        kinds=tuple(DeliveryKind),
        asked_for={"to": to, "state": state, "kind": kind},
    )


@ROUTES.get("/staff/deliveries/{delivery_id}")
def one(desk: Auditor, delivery_id: Number) -> HTMLResponse:
    """Show one delivery's fate and its exact words; the secrets of mailed links are shown to nobody."""
    with desk.asked.house.db.reading() as session:
        chosen = delivery(session, delivery_id)
    answer = desk.page(
        "delivery.html",
        delivery=chosen,
        mail=desk.mail(chosen),
        digest=chosen.message_sha256,
    )
    answer.headers.update(FRAMING)
    return answer


@ROUTES.get("/staff/deliveries/{delivery_id}/page")
def rendered(desk: Auditor, delivery_id: Number) -> Response:
    """Return the HTML of a mail for its frame, as composed but for its links and their secrets."""
    with desk.asked.house.db.reading() as session:
        chosen = delivery(session, delivery_id)
    parts = desk.mail(chosen).parts
    page = next((part.text for part in parts if part.media_type == "text/html"), None)
    if page is None:
        raise NotFoundError(f"delivery {delivery_id} has no page", "It is text alone, or was retired.")
    return Response(disarmed(page.encode()), headers={**FRAMED, "Content-Type": "text/html; charset=utf-8"})
