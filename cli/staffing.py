"""The commands about staff accounts; a password is asked for or read from input, never an argument."""

import getpass
import sys
from typing import Annotated, Any

import typer

from cli.console import out, print_json
from cli.house import open_house
from cli.options import Data, Json
from cli.printed import instant, local
from cli.whole_tables import whole_table
from schedules.present import Present
from scraper.errors import AccountError
from store.staff import accounts as kept
from store.staff.accounts import Account, StaffRole
from store.staff.passwords import hashed

app = typer.Typer()
staff = typer.Typer(no_args_is_help=True, help="The accounts of the staff, for the audit pages.")
app.add_typer(staff, name="staff")

Name = Annotated[str, typer.Argument(help="The name with which somebody signs in.")]


@staff.command(epilog="Example: coopwatch staff add maria.rossi --role editor")
def add(
    name: Name,
    role: Annotated[
        StaffRole,
        typer.Option(
            help="auditor: looks at everything · editor: decides reviews, writes notes, asks for visits · "
            "administrator: sees the accounts, too"
        ),
    ],
    data: Data = None,
) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    house = open_house(data, create=True)
    password = hashed(_new_password(), name)
    with house.db.writing() as session:
        made = kept.add_account(session, name, role, password, Present().now())
    out.print(f"{made.name} can sign in as {made.role}.")


@staff.command("list", epilog="Example: coopwatch staff list --json")
def list_accounts(data: Data = None, as_json: Json = False) -> None:
    """List the accounts, the disabled ones too."""
    house = open_house(data)
    with house.db.reading() as session:
        found = kept.accounts(session)
    if as_json:
        print_json([_shape(account) for account in found])
        return
    table = whole_table("name", "role", "since", "disabled")
    for account in found:
        disabled = local(account.disabled_at) if account.disabled_at else ""
        table.add_row(account.name, account.role, local(account.created_at), disabled)
    out.print(table if found else "There is no account yet: coopwatch staff add NAME --role ROLE makes one.")


@staff.command(epilog="Example: coopwatch staff disable maria.rossi")
def disable(name: Name, data: Data = None) -> None:
    """Shut an account and end its sessions at once; what it did stays on record."""
    house = open_house(data)
    with house.db.writing() as session:
        found = kept.find_account(session, name)
        kept.disable_account(session, found.id, Present().now())
    out.print(f"{found.name} can no longer sign in.")


@staff.command(epilog="Example: coopwatch staff enable maria.rossi")
def enable(name: Name, data: Data = None) -> None:
    """Open a disabled account again, with the password that it had."""
    house = open_house(data)
    with house.db.writing() as session:
        found = kept.find_account(session, name)
        kept.enable_account(session, found.id, Present().now())
    out.print(f"{found.name} can sign in again.")


@staff.command(epilog="Example: coopwatch staff password maria.rossi < password.txt")
def password(name: Name, data: Data = None) -> None:
    """Give an account another password, end its sessions, and let it be tried again at once."""
    house = open_house(data)
    with house.db.reading() as session:
        found = kept.find_account(session, name)
    new = hashed(_new_password(), found.name)
    with house.db.writing() as session:
        kept.give_password(session, found.id, new, Present().now())
    out.print(f"{found.name} has another password.")


def _new_password() -> str:
    """Return what is typed twice at a terminal, or the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    typed = getpass.getpass("New password: ")
    if getpass.getpass("Once more: ") != typed:
        raise AccountError("the two passwords differ", "Type the same one twice.")
    return typed


def _shape(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "role": account.role.value,
        "since": instant(account.created_at),
        "disabled": instant(account.disabled_at),
    }
