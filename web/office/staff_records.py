"""What the staff did, entry by entry of the evidence log, and the accounts."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from store.kinds import StaffAction
from store.staff.accounts import StaffRole, accounts, member_names
from store.staff.deeds import deeds
from web.asked import Number
from web.office.entrance import Administrator, Auditor

ROUTES = APIRouter()

AT_ONCE = 200

SAID = {
    "sign in": "staff.action.sign_in",
    "sign out": "staff.action.sign_out",
    "note": "staff.action.note",
    "check": "staff.action.check",
    **{action: f"staff.action.{action}" for action in StaffAction},
    **{f"account: add {role}": f"staff.action.add_{role}" for role in StaffRole},
    **{
        f"subscriber: {deed}": f"staff.action.subscriber_{deed}"
        for deed in ("staff", "import", "suspend", "resume", "erase")
    },
    "account: disable": "staff.action.disable",
    "account: enable": "staff.action.enable",
    "account: password": "staff.action.password",
}
"""The words for what the log calls an action; one that a later version knows is shown as the log says it."""


@ROUTES.get("/staff/log")
def log(desk: Auditor, before: Number | None = None, member: Number | None = None) -> HTMLResponse:
    """List what was done, newest first, by one member or by all."""
    with desk.asked.house.db.reading() as session:
        found = deeds(session, AT_ONCE + 1, before=before, member=member)
        names = member_names(session)
    return desk.page(
        "log.html",
        deeds=found[:AT_ONCE],
        older=found[AT_ONCE - 1].index if len(found) > AT_ONCE else None,
        names=names,
        member=member,
        said=lambda action: desk.asked.words.text(SAID[action]) if action in SAID else action,
    )


@ROUTES.get("/staff/accounts")
def account_list(desk: Administrator) -> HTMLResponse:
    """List the accounts; they are made and changed at the command line alone."""
    with desk.asked.house.db.reading() as session:
        found = accounts(session)
    return desk.page("accounts.html", accounts=found)
