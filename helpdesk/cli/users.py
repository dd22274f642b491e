"""`helpdesk users`: the people who sign in. A password is never an argument: those are read by other users of a machine."""

import sys

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.cli.output import Row, json_option, print_rows, values
from helpdesk.cli.place import Place, operator, pass_place
from helpdesk.db import now, reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.web.auth.passwords import fault_of, hash_password
from helpdesk.web.auth.sessions import end_all

password_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input instead of asking."
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
    columns = ("email", "name", "role", "disabled", "locked_until", "signed_in_at")
    print_rows(rows, columns, as_json, nothing="There are no users; add one with `helpdesk users add`.")


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="As others see it.")
@click.option("--role", type=click.Choice(values(Role)), required=True)
@password_stdin
@pass_place
def add(place: Place, email: str, name: str, role: str, password_stdin: bool) -> None:
    """Add a user, who can sign in at once."""
    services, email = place.services(), _checked_address(email)
    with reading(services.sessions) as session:
        if session.scalar(select(User.id).where(User.email == email)):
            raise UserFault(f"There is a user {email} already; change them with `helpdesk users`.")
    password = _ask_password(email, password_stdin)
    with writing(services.sessions) as session:
        user = User(email=email, name=name, role=role, password_hash=hash_password(password))
        session.add(user)
        session.flush()
        _record(session, "user.added", user)
    click.echo(f"{email} was added as {role}.")


@users.command()
@click.argument("email")
@pass_place
def disable(place: Place, email: str) -> None:
    """Let a user sign in no more, and end what they are signed in to."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        user.disabled_at = user.disabled_at or now()
        end_all(session, user.id)
        _record(session, "user.disabled", user)
    click.echo(f"{user.email} was disabled and signed out.")


@users.command()
@click.argument("email")
@pass_place
def enable(place: Place, email: str) -> None:
    """Let a user sign in again; also ends a lock-out."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        user.disabled_at, user.locked_until, user.failed_sign_ins = None, None, 0
        _record(session, "user.enabled", user)
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
        user.password_hash, user.locked_until, user.failed_sign_ins = hash_password(new), None, 0
        end_all(session, user.id)
        _record(session, "user.password_reset", user)
    click.echo(f"{email} has a new password.")


@users.command("role")
@click.argument("email")
@click.argument("new", metavar="ROLE", type=click.Choice(values(Role)))
@pass_place
def set_role(place: Place, email: str, new: str) -> None:
    """Give a user another role, and end what they are signed in to."""
    with writing(place.services().sessions) as session:
        user = _find(session, email)
        was, user.role = user.role, new
        end_all(session, user.id)
        _record(session, "user.role_changed", user, was=was)
    click.echo(f"{user.email} is now {new}.")


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


def _record(session: Session, action: str, user: User, **more: str) -> None:
    detail = (("email", user.email), ("role", user.role), *more.items())
    audit.record(session, Act(action, "user", user.id, actor=operator(), detail=detail))


def _row(user: User) -> Row:
    names = ("id", "email", "name", "role", "created_at", "disabled_at", "locked_until", "signed_in_at")
    return {**{name: getattr(user, name) for name in names}, "disabled": user.disabled_at is not None}
