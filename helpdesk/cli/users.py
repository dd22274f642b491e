"""`helpdesk users`: the people who sign in. A password is never an argument: those are read by other users of a machine."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.cli.output import Row, json_option, print_rows, values
from helpdesk.cli.place import Place, desk_key, operator, pass_place
from helpdesk.db import reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.web.auth import accounts
from helpdesk.web.auth.accounts import NewAccount
from helpdesk.web.auth.passwords import fault_of, hash_password

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
)
desk_option = click.option(
    "--desk",
    "desks",
    multiple=True,
    help="Only this desk's tickets, by its key in the settings; can be named several times.",
)


class UserFault(HelpdeskError):
    """What was asked for a user cannot be done."""


@click.group()
def users() -> None:
    """Add, list and change the people who sign in."""


@users.command("list")
@json_option
@pass_place
def list_users(place: Place, as_json: bool) -> None:
    """List users."""
    with reading(place.services().sessions) as session:
        rows = [_row(user) for user in session.scalars(select(User).order_by(User.email))]
    columns = ("email", "name", "role", "desks", "disabled", "locked_until", "signed_in_at")
    print_rows(rows, columns, as_json, nothing="There are no users; add one with `helpdesk users add`.")


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", type=click.Choice(values(Role)), required=True)
@desk_option
@password_stdin
@pass_place
def add(place: Place, email: str, name: str, role: str, desks: tuple[str, ...], password_stdin: bool) -> None:
    """Add a user, who can sign in at once. An agent sees the tickets of all desks, unless some are named."""
    services, email = place.services(), _checked_address(email)
    seen = [desk_key(services.settings, one) for one in desks] or None
    accounts.check_desks(role, seen)
    with reading(services.sessions) as session:
        if session.scalar(select(User.id).where(User.email == email)):
            raise UserFault(f"There is a user {email} already; change them with `helpdesk users`.")
    password = _ask_password(email, password_stdin)
    new = NewAccount(email, name, role, seen, hash_password(password))
    with writing(services.sessions) as session:
        audit.record(session, accounts.add(session, new, who=operator()))
    click.echo(f"{email} was added as {role}{_for(seen)}.")


@users.command()
@click.argument("email")
@pass_place
def disable(place: Place, email: str) -> None:
    """Let a user sign in no more, and end what they are signed in to. The only admin stays."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        audit.record(session, accounts.disable(session, user, who=operator()))
    click.echo(f"{user.email} was disabled and signed out.")


@users.command()
@click.argument("email")
@pass_place
def enable(place: Place, email: str) -> None:
    """Let a user sign in again; also ends a lock-out."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        audit.record(session, accounts.enable(user, who=operator()))
    click.echo(f"{user.email} can sign in.")


@users.command()
@click.argument("email")
@password_stdin
@pass_place
def password(place: Place, email: str, password_stdin: bool) -> None:
    """Set a user's password, and end what they are signed in to."""
    services = place.services()
    with reading(services.sessions) as session:
        email = _find(session, email).email
    new = _ask_password(email, password_stdin)
    with writing(services.sessions) as session:
        user = _find(session, email)
        audit.record(session, accounts.set_password(session, user, hash_password(new), who=operator()))
    click.echo(f"{email} has a new password.")


@users.command("role")
@click.argument("email")
@click.argument("new", metavar="ROLE", type=click.Choice(values(Role)))
@pass_place
def set_role(place: Place, email: str, new: str) -> None:
    """Give a user another role, and end what they are signed in to. The only admin stays one."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        audit.record(session, accounts.set_role(session, user, new, who=operator()))
    click.echo(f"{user.email} is now {new}{_for(user.desks if new == Role.AGENT.value else None)}.")


@users.command("desks")
@click.argument("email")
@desk_option
@click.option("--all", "all_desks", is_flag=True, help="The tickets of all desks.")
@pass_place
def set_desks(place: Place, email: str, desks: tuple[str, ...], all_desks: bool) -> None:
    """Say which desks' tickets an agent sees. What they own at other desks goes back to the queue there."""
    if bool(desks) == all_desks:
        raise click.UsageError("Say which: --desk with a key, once or more, or --all.")
    services = place.services()
    known = services.settings.desks
    seen = None if all_desks else [desk_key(services.settings, one) for one in desks]
    with writing(services.sessions) as session:
        user = _find(session, email)
        acts = accounts.set_desks(session, user, seen, known, who=operator())
        audit.record(session, *acts)
    click.echo(f"{user.email} sees the tickets of: {accounts.desks_words(seen)}.{accounts.handed_back(acts)}")


def _find(session: Session, email: str) -> User:
    user = session.scalar(select(User).where(User.email == email.lower()))
    if user is None:
        raise UserFault(f"There is no user {email}; list them with `helpdesk users list`.")
    return user


def _checked_address(email: str) -> str:
    local, _, domain = email.strip().lower().partition("@")
    if not local or not domain or any(c.isspace() for c in email.strip()):
        raise UserFault(f"{email!r} is not a mail address; write it as name@example.nhs.uk.")
    return f"{local}@{domain}"


def _ask_password(email: str, from_stdin: bool) -> str:
    """Raises UserFault when it is not a fit one."""
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = click.prompt("Password", hide_input=True, confirmation_prompt="The same again", err=True)
    if fault := fault_of(given, email):
        raise UserFault(fault)
    return str(given)


def _for(desks: list[str] | None) -> str:
    """For which desks, where it is not for all."""
    return "" if desks is None else f", for the desks {accounts.desks_words(desks)}"


def _row(user: User) -> Row:
    names = ("id", "email", "name", "role", "created_at", "disabled_at", "locked_until", "signed_in_at")
    row = {name: getattr(user, name) for name in names}
    return {**row, "desks": _desks(user), "disabled": user.disabled_at is not None}


def _desks(user: User) -> list[str] | str | None:
    """`all` or the desks of an agent; nobody else has any."""
    if user.role != Role.AGENT.value:
        return None
    return accounts.ALL_DESKS if user.desks is None else user.desks or "none"
