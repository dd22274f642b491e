"""Staff accounts: list, add, change role and desks, switch off and on, a new password, unlock.

A password is shown once and never kept. Nobody changes the role of their own account, or switches it off.
"""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, reading, writing
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.admin import account_form
from helpdesk.web.auth import accounts, passwords
from helpdesk.web.auth.accounts import CannotChange, NewAccount
from helpdesk.web.fields import Fields
from helpdesk.web.paging import page_of, wanted_page
from helpdesk.web.shown import ROLE_NAMES
from helpdesk.web.site import site

blueprint = Blueprint("users", __name__)

Answer = Response | str | tuple[str, int]
SIZE = 50
TAKEN = "There is a user with this email address already"
OWN = "You cannot change the role of your own account. Ask another administrator."
OWN_OFF = "You cannot switch off your own account. Ask another administrator."


@blueprint.get("/admin/users")
@access(Role.ADMIN)
def show() -> str:
    number = wanted_page()
    with reading(site().services.sessions) as session:
        total = session.scalar(select(func.count()).select_from(User)) or 0
        rows = session.scalars(
            select(User).order_by(User.name, User.id).offset((number - 1) * SIZE).limit(SIZE + 1)
        ).all()
    page = page_of(rows, number, SIZE, total)
    return render_template("admin/users.jinja", page=page, at=now(), address=_address, **_desks())


@blueprint.get("/admin/users/add")
@access(Role.ADMIN)
def add() -> str:
    return _add_page(account_form.blank())


@blueprint.post("/admin/users/add")
@access(Role.ADMIN)
def add_now() -> Answer:
    form = Fields()
    account_form.take_person(form)
    role = account_form.take_role(form)
    desks = account_form.take_desks(form, site().settings.desks, None)
    if not form:
        return _add_page(form), 400
    password = passwords.new_password()
    new = NewAccount(form["email"], form["name"], role, desks, passwords.hash_password(password))
    if not _add(new):
        form.errors["email"] = TAKEN
        return _add_page(form), 400
    return _show_password(new.email, password, new=True)


@blueprint.get("/admin/users/<int:user_id>")
@access(Role.ADMIN)
def one(user_id: int) -> str:
    with reading(site().services.sessions) as session:
        return render_template("admin/user.jinja", person=_user(session, user_id), at=now(), **_desks())


@blueprint.get("/admin/users/<int:user_id>/change")
@access(Role.ADMIN)
def change(user_id: int) -> Answer:
    with reading(site().services.sessions) as session:
        person = _user(session, user_id)
    if user_id == signed_in().id:
        return _back(user_id, OWN)
    return _change_page(person, account_form.filled_from(person))


@blueprint.post("/admin/users/<int:user_id>/change")
@access(Role.ADMIN)
def change_now(user_id: int) -> Answer:
    """Another role, other desks, or both; what is as it was is not touched and not in the trail."""
    if user_id == signed_in().id:
        return _back(user_id, OWN)
    form = Fields()
    account_form.take_role(form)
    try:
        with writing(site().services.sessions) as session:
            person = _user(session, user_id)
            acts = _change(session, person, form) if form else []
            audit.record(session, *acts)
    except CannotChange as fault:
        form.errors["role"] = str(fault)
    if not form:
        return _change_page(person, form), 400
    said = f"The account of {person.name} is changed.{accounts.handed_back(acts)}"
    return _back(user_id, said if acts else "Nothing was changed.")


@blueprint.post("/admin/users/<int:user_id>/password")
@access(Role.ADMIN)
def new_password(user_id: int) -> Answer:
    """A new password, unlocked, and signed out everywhere."""
    password = passwords.new_password()
    password_hash = passwords.hash_password(password)
    with writing(site().services.sessions) as session:
        user = _user(session, user_id)
        audit.record(session, accounts.set_password(session, user, password_hash, who=signed_in().email))
    return _show_password(user.email, password, new=False)


@blueprint.post("/admin/users/<int:user_id>/disable")
@access(Role.ADMIN)
def disable(user_id: int) -> Answer:
    if user_id == signed_in().id:
        return _back(user_id, OWN_OFF)
    try:
        with writing(site().services.sessions) as session:
            user = _user(session, user_id)
            audit.record(session, accounts.disable(session, user, who=signed_in().email))
    except CannotChange as fault:
        return _back(user_id, str(fault))
    return _back(user_id, f"{user.name} can no longer sign in.")


@blueprint.post("/admin/users/<int:user_id>/enable")
@access(Role.ADMIN)
def enable(user_id: int) -> Answer:
    """Also lifts a lock-out."""
    with writing(site().services.sessions) as session:
        user = _user(session, user_id)
        audit.record(session, accounts.enable(user, who=signed_in().email))
    return _back(user_id, f"{user.name} can sign in.")


def _add(new: NewAccount) -> bool:
    try:
        with writing(site().services.sessions) as session:
            audit.record(session, accounts.add(session, new, who=signed_in().email))
    except IntegrityError:
        return False
    return True


def _change(session: Session, person: User, form: Fields) -> list[Act]:
    """What the form asks for and is not so already; nothing where something is wrong with it."""
    known, me = site().settings.desks, signed_in().email
    desks = account_form.take_desks(form, known, person.desks)
    if not form:
        return []
    acts = []
    if form["role"] != person.role:
        acts.append(accounts.set_role(session, person, form["role"], who=me))
    if desks != person.desks:
        acts += accounts.set_desks(session, person, desks, known, who=me)
    return acts


def _add_page(form: Fields) -> str:
    asks = account_form.asks_for_desks(site().settings.desks, None)
    return render_template("admin/add_user.jinja", form=form, roles=ROLE_NAMES, asks=asks, **_desks())


def _change_page(person: User, form: Fields) -> str:
    asks = account_form.asks_for_desks(site().settings.desks, person.desks)
    return render_template(
        "admin/change_user.jinja", form=form, person=person, roles=ROLE_NAMES, asks=asks, **_desks()
    )


def _desks() -> dict[str, Any]:
    """The desks of the settings by their keys, as names."""
    return {"desks": {key: desk.name for key, desk in site().settings.desks.items()}}


def _show_password(email: str, password: str, *, new: bool) -> str:
    """Answered at once and without a redirect, so that the password is in no cookie and no history."""
    return render_template("admin/password.jinja", email=email, password=password, new=new)


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        abort(404)
    return user


def _back(user_id: int, said: str) -> Response:
    flash(said)
    return redirect(url_for("users.one", user_id=user_id))


def _address(page: int) -> str:
    return url_for("users.show", page=page)
