"""The accounts of the staff: made, disabled and given new passwords, never deleted."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from scraper.errors import AccountError, NotFoundError
from store.database import Session, insert_new
from store.evidence.attest import attest_staff_action
from store.staff.staff_tables import ACCOUNT, MEMBER, STAFF_SESSION, StaffRole
from store.staff.throttle import forgive_name

__all__ = [
    "COMMAND_LINE",
    "Account",
    "StaffRole",
    "account",
    "accounts",
    "add_account",
    "disable_account",
    "enable_account",
    "find_account",
    "give_password",
    "member_names",
]

COMMAND_LINE = 0
"""The member's number under which the log names whoever sits at the machine itself."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class Account:
    """An account; `id` is the number by which history and the log name its holder."""

    id: int
    name: str
    role: StaffRole
    created_at: datetime
    disabled_at: datetime | None


def add_account(session: Session, name: str, role: StaffRole, password: str, at: datetime) -> Account:
    """Make an account with this hash of a password; raises AccountError where the name will not do."""
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"{name!r} is no name for an account", "Take small letters, digits, and . _ @ - after the first."
        )
    insert_new(session, MEMBER, {"name": name})
    number = int(session.execute(sa.select(MEMBER.c.id).where(MEMBER.c.name == name)).scalar_one())
    values = {"member_id": number, "role": role, "password": password, "created_at": at}
    if insert_new(session, ACCOUNT, values) is None:
        raise AccountError(f"there is an account {name!r} already", "`coopwatch staff list` shows them all.")
    _log(session, at, f"add {role}", number)
    return account(session, number)


def accounts(session: Session) -> tuple[Account, ...]:
    """Return every account, the disabled ones too, in the order of names."""
    return tuple(_account(row) for row in session.execute(_accounts().order_by(MEMBER.c.name)))


def account(session: Session, number: int) -> Account:
    """Return the account of that number; raises NotFoundError."""
    row = session.execute(_accounts().where(ACCOUNT.c.member_id == number)).first()
    if row is None:
        raise NotFoundError(f"there is no account {number}", "`coopwatch staff list` shows them all.")
    return _account(row)


def find_account(session: Session, name: str) -> Account:
    """Return the account of that name; raises NotFoundError."""
    row = session.execute(_accounts().where(MEMBER.c.name == name.strip().lower())).first()
    if row is None:
        raise NotFoundError(f"there is no account {name!r}", "`coopwatch staff list` shows them all.")
    return _account(row)


def disable_account(session: Session, number: int, at: datetime) -> None:
    """Shut an account and end its sessions."""
    session.execute(sa.update(ACCOUNT).where(ACCOUNT.c.member_id == number).values(disabled_at=at))
    _end_sessions(session, number)
    _log(session, at, "disable", number)


def enable_account(session: Session, number: int, at: datetime) -> None:
    """Open an account again."""
    session.execute(sa.update(ACCOUNT).where(ACCOUNT.c.member_id == number).values(disabled_at=None))
    _log(session, at, "enable", number)


def give_password(session: Session, number: int, password: str, at: datetime) -> None:
    """Give an account the password of this hash, and end its sessions: somebody else may sit in one."""
    session.execute(sa.update(ACCOUNT).where(ACCOUNT.c.member_id == number).values(password=password))
    _end_sessions(session, number)
    forgive_name(session, account(session, number).name)
    _log(session, at, "password", number)


def member_names(session: Session) -> dict[int, str]:
    """Return the names of all who ever had an account or decided something, by number."""
    return {row.id: row.name for row in session.execute(sa.select(MEMBER.c.id, MEMBER.c.name))}


def _end_sessions(session: Session, number: int) -> None:
    session.execute(sa.delete(STAFF_SESSION).where(STAFF_SESSION.c.member_id == number))


def _log(session: Session, at: datetime, action: str, number: int) -> None:
    attest_staff_action(
        session, at=at, account=COMMAND_LINE, action=f"account: {action}", subject=f"account {number}"
    )


def _accounts() -> sa.Select[Any]:
    dates = (ACCOUNT.c.created_at, ACCOUNT.c.disabled_at)
    query = sa.select(ACCOUNT.c.member_id, MEMBER.c.name, ACCOUNT.c.role, *dates)
    return query.join(MEMBER, MEMBER.c.id == ACCOUNT.c.member_id)


def _account(row: sa.Row[Any]) -> Account:
    return Account(row.member_id, row.name, row.role, row.created_at, row.disabled_at)
