"""How often one may try to sign in: counted in the database, by the name typed and by where it came from.

A name is counted whether or not anybody has it, so that being refused says nothing about who exists.
"""

from datetime import datetime, timedelta
from hashlib import sha256

import sqlalchemy as sa

from store.database import Session, insert_new
from store.network import network_of
from store.staff.staff_tables import THROTTLE

WINDOW = timedelta(minutes=15)
TRIES_OF_NAME = 10
TRIES_FROM_ADDRESS = 30


def take_try(session: Session, name: str, address: str, at: datetime) -> bool:
    """Count one more try before it is judged; False where there were too many within the window."""
    session.execute(sa.delete(THROTTLE).where(THROTTLE.c.began_at <= at - WINDOW))
    of_name = _counted(session, _name_key(name), at)
    from_address = _counted(session, _address_key(address), at)
    return of_name <= TRIES_OF_NAME and from_address <= TRIES_FROM_ADDRESS


def forgive(session: Session, name: str, address: str) -> None:
    """Take back what a try that succeeded has cost: its name is free again, its address has the try back."""
    forgive_name(session, name)
    here = THROTTLE.c.key == _address_key(address)
    session.execute(sa.update(THROTTLE).where(here, THROTTLE.c.tries > 0).values(tries=THROTTLE.c.tries - 1))


def forgive_name(session: Session, name: str) -> None:
    """Let a name be tried again."""
    session.execute(sa.delete(THROTTLE).where(THROTTLE.c.key == _name_key(name)))


def _counted(session: Session, key: str, at: datetime) -> int:
    # The row stays locked until the commit: tries at the same instant are counted one after the other.
    insert_new(session, THROTTLE, {"key": key, "tries": 0, "began_at": at})
    one_more = sa.update(THROTTLE).where(THROTTLE.c.key == key).values(tries=THROTTLE.c.tries + 1)
    return int(session.execute(one_more.returning(THROTTLE.c.tries)).scalar_one())


def _name_key(name: str) -> str:
    # People type their password into the wrong field: what they typed is not kept.
    return "name " + sha256(name.strip().lower().encode()).hexdigest()


def _address_key(address: str) -> str:
    return f"address {network_of(address)}"
