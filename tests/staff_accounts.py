"""Accounts for tests, of each role; their passwords are hashed once, as hashing is slow on purpose."""

from functools import cache

from scraper.clock import Clock
from store.database import Database
from store.staff.accounts import Account, StaffRole, add_account
from store.staff.passwords import hashed

PASSWORD = "quattro parole che so io"


@cache
def password_hash() -> str:
    """Return a hash of PASSWORD."""
    return hashed(PASSWORD, "nessuno")


def account_of(db: Database, clock: Clock, role: StaffRole, name: str | None = None) -> Account:
    """Make an account named for its role, with PASSWORD."""
    with db.writing() as session:
        return add_account(session, name or role.value, role, password_hash(), clock.now())
