"""Signing in and staying in: a try is counted, judged outside any transaction, and becomes a session."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from store.database import Session
from store.evidence.attest import attest_staff_action
from store.staff.accounts import Account, account
from store.staff.staff_tables import ACCOUNT, MEMBER, STAFF_SESSION
from store.staff.throttle import forgive, take_try

IDLE = timedelta(hours=1)
"""A session ends when nothing was asked in it for so long."""
LONGEST = timedelta(hours=12)
"""A session ends after this in any case: whoever works longer signs in again."""
BEAT = timedelta(minutes=5)
"""Only so often a session notes that it is in use: looking at pages should not write."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try to sign in that may be judged; `password` is the hash of the account meant, if it stands."""

    name: str
    address: str
    member: int | None
    password: str | None


def begin_attempt(session: Session, name: str, address: str, at: datetime) -> Attempt | None:
    """Count a try; None where its name or address has had too many lately, whatever the password."""
    if not take_try(session, name, address, at):
        return None
    query = (
        sa.select(ACCOUNT.c.member_id, ACCOUNT.c.password)
        .join(MEMBER, MEMBER.c.id == ACCOUNT.c.member_id)
        .where(MEMBER.c.name == name.strip().lower(), ACCOUNT.c.disabled_at.is_(None))
    )
    row = session.execute(query).first()
    return Attempt(name, address, *(row or (None, None)))


def begin_session(session: Session, attempt: Attempt, at: datetime, newer: str | None = None) -> str | None:
    """Return the token of a new session after the right password was given; only its hash is kept.

    `newer` is the hash to be kept from now on. None where the account was shut, or given another password,
    in the meantime.
    """
    standing = (
        (ACCOUNT.c.member_id == attempt.member)
        & (ACCOUNT.c.password == attempt.password)
        & ACCOUNT.c.disabled_at.is_(None)
    )
    row = session.execute(sa.select(ACCOUNT.c.member_id).where(standing).with_for_update()).first()
    if row is None:
        return None
    if newer is not None:
        session.execute(sa.update(ACCOUNT).where(standing).values(password=newer))
    forgive(session, attempt.name, attempt.address)
    return _begin(session, row.member_id, at)


def begin_vouched_session(session: Session, name: str, at: datetime) -> str | None:
    """Return the token of a new session for whom the identity provider vouched; None without such an account.

    Tries are not counted: nothing can be guessed here.
    """
    query = (
        sa.select(ACCOUNT.c.member_id)
        .join(MEMBER, MEMBER.c.id == ACCOUNT.c.member_id)
        .where(MEMBER.c.name == name.strip().lower(), ACCOUNT.c.disabled_at.is_(None))
    )
    member = session.execute(query.with_for_update(of=ACCOUNT)).scalar()
    return None if member is None else _begin(session, member, at)


def session_account(session: Session, token: str, at: datetime) -> Account | None:
    """Return whose session this is; None where it has ended or never was, or the account is shut."""
    here = (STAFF_SESSION.c.sha256 == _hashed(token)) & _alive(at)
    number = session.execute(sa.select(STAFF_SESSION.c.member_id).where(here)).scalar()
    found = None if number is None else account(session, number)
    return found if found is not None and found.disabled_at is None else None


def wants_beat(session: Session, token: str, at: datetime) -> bool:
    """Say whether it is time to note that a session is in use."""
    seen = sa.select(STAFF_SESSION.c.seen_at).where(STAFF_SESSION.c.sha256 == _hashed(token))
    last = session.execute(seen).scalar()
    return last is not None and last <= at - BEAT


def beat(session: Session, token: str, at: datetime) -> None:
    """Note that a session is in use."""
    here = STAFF_SESSION.c.sha256 == _hashed(token)
    session.execute(sa.update(STAFF_SESSION).where(here, _alive(at)).values(seen_at=at))


def end_session(session: Session, token: str, at: datetime) -> None:
    """End a session for good; one that has ended stays so."""
    here = STAFF_SESSION.c.sha256 == _hashed(token)
    ended = session.execute(sa.delete(STAFF_SESSION).where(here).returning(STAFF_SESSION.c.member_id)).first()
    if ended is not None:
        _log(session, at, ended.member_id, "sign out")


def _begin(session: Session, member: int, at: datetime) -> str:
    session.execute(sa.delete(STAFF_SESSION).where(~_alive(at)))
    token = secrets.token_urlsafe(32)  # 256 bits
    values = {"sha256": _hashed(token), "member_id": member, "began_at": at, "seen_at": at}
    session.execute(sa.insert(STAFF_SESSION).values(values))
    _log(session, at, member, "sign in")
    return token


def _alive(at: datetime) -> sa.ColumnElement[bool]:
    return (STAFF_SESSION.c.seen_at > at - IDLE) & (STAFF_SESSION.c.began_at > at - LONGEST)


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def _log(session: Session, at: datetime, member: int, action: str) -> None:
    attest_staff_action(session, at=at, account=member, action=action, subject=f"account {member}")
