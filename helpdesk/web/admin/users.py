"""Users: list, add, disable and enable, a new password, unlock. A password is shown once and never kept."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.db import now, reading, writing
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.auth import accounts, passwords, sessions
from helpdesk.web.fields import Fields
from helpdesk.web.paging import page_of, wanted_page
from helpdesk.web.shown import ROLE_NAMES
from helpdesk.web.site import site

blueprint = Blueprint("users", __name__)

Answer = Response | str | tuple[str, int]
SIZE = 50
TAKEN = "There is a user with this email address already"


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
    return render_template("admin/users.jinja", page=page, at=now(), address=_address)


@blueprint.get("/admin/users/add")
@access(Role.ADMIN)
def add() -> str:
    return render_template("admin/add_user.jinja", form=Fields(), roles=ROLE_NAMES)


@blueprint.post("/admin/users/add")
@access(Role.ADMIN)
def add_now() -> Answer:
    form = _filled()
    password = passwords.new_password()
    if form and not _add(form, passwords.hash_password(password)):
        form.errors["email"] = TAKEN
    if not form:
        return render_template("admin/add_user.jinja", form=form, roles=ROLE_NAMES), 400
    return _show_password(form["email"], password, new=True)


@blueprint.get("/admin/users/<int:user_id>")
@access(Role.ADMIN)
def one(user_id: int) -> str:
    with reading(site().services.sessions) as session:
        return render_template("admin/user.jinja", person=_user(session, user_id), at=now())


@blueprint.post("/admin/users/<int:user_id>/password")
@access(Role.ADMIN)
def new_password(user_id: int) -> Answer:
    """A new password, unlocked, and signed out everywhere."""
    password = passwords.new_password()
    password_hash = passwords.hash_password(password)
    with writing(site().services.sessions) as session:
        user = _user(session, user_id)
        user.password_hash, user.failed_sign_ins, user.locked_until = password_hash, 0, None
        sessions.end_all(session, user.id)
        _audit(session, "user.password_reset", user)
    return _show_password(user.email, password, new=False)


@blueprint.post("/admin/users/<int:user_id>/disable")
@access(Role.ADMIN)
def disable(user_id: int) -> Answer:
    if user_id == signed_in().id:
        flash("You cannot disable your own account. Ask another administrator.")
        return redirect(url_for("users.one", user_id=user_id))
    with writing(site().services.sessions) as session:
        user = _user(session, user_id)
        user.disabled_at = user.disabled_at or now()
        sessions.end_all(session, user.id)
        _audit(session, "user.disabled", user)
    flash(f"{user.name} can no longer sign in.")
    return redirect(url_for("users.one", user_id=user_id))


@blueprint.post("/admin/users/<int:user_id>/enable")
@access(Role.ADMIN)
def enable(user_id: int) -> Answer:
    """Also lifts a lock-out."""
    with writing(site().services.sessions) as session:
        user = _user(session, user_id)
        user.disabled_at, user.locked_until, user.failed_sign_ins = None, None, 0
        _audit(session, "user.enabled", user)
    flash(f"{user.name} can sign in.")
    return redirect(url_for("users.one", user_id=user_id))


def _filled() -> Fields:
    form = Fields()
    form.line("name", "Enter the person's full name", 255)
    email = form.line("email", "Enter an email address", 255).lower()
    form.values["email"] = email
    if email and (email.count("@") != 1 or " " in email or email.strip("@") != email):
        form.errors["email"] = "Enter an email address in the form name@example.nhs.uk"
    if form.line("role", "Choose a role") not in list(Role):
        form.errors["role"] = "Choose a role"
    return form


def _add(form: Fields, password_hash: str) -> bool:
    try:
        with writing(site().services.sessions) as session:
            user = User(
                email=form["email"], name=form["name"], role=form["role"], password_hash=password_hash
            )
            session.add(user)
            session.flush()
            _audit(session, "user.added", user)
    except IntegrityError:
        return False
    return True


def _show_password(email: str, password: str, *, new: bool) -> str:
    """Answered at once and without a redirect, so that the password is in no cookie and no history."""
    return render_template("admin/password.jinja", email=email, password=password, new=new)


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        abort(404)
    return user


def _audit(session: Session, action: str, user: User) -> None:
    audit.record(session, accounts.act(action, user, signed_in().email))


def _address(page: int) -> str:
    return url_for("users.show", page=page)
