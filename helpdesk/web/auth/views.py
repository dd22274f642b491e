"""Sign in, sign out, change one's own password."""

from flask import Blueprint, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, writing
from helpdesk.models import User
from helpdesk.web.access import everyone_signed_in, public, signed_in
from helpdesk.web.auth import passwords, sessions, signin
from helpdesk.web.fields import Fields
from helpdesk.web.shown import is_ours
from helpdesk.web.site import site

PACE = "helpdesk_pace"
REFUSED = (
    "The email address or password is not right, or the account is locked for a while "
    "after too many tries. Check both and try again."
)

blueprint = Blueprint("auth", __name__)

Page = str | Response | tuple[str, int]


@blueprint.get("/sign-in")
@public("it is where people sign in")
def sign_in() -> Page:
    if g.user:
        return redirect(_wanted())
    return render_template("auth/sign_in.jinja", form=Fields(), wanted=request.args.get("next", ""))


@blueprint.post("/sign-in")
@public("it is where people sign in")
def sign_in_now() -> Page:
    if not current_app.extensions[PACE].allows(request.remote_addr or ""):
        abort(429)
    form = Fields()
    email = form.line("email", "Enter your email address")
    password = form.secret("password", "Enter your password")
    token = signin.sign_in(site(), email, password) if form else None
    if token is None:
        if form:
            form.errors["email"] = REFUSED
        return render_template("auth/sign_in.jinja", form=form, wanted=request.form.get("next", "")), 400
    _replace_cookie(token)
    return redirect(_wanted())


@blueprint.post("/sign-out")
@everyone_signed_in
def sign_out() -> Page:
    user = signed_in()
    with writing(site().services.sessions) as session:
        sessions.end(session, user.session_id)
        audit.record(session, Act("sign_out.done", "user", user.id, actor=user.email))
    cookie.clear()
    flash("You have signed out.")
    return redirect(url_for("auth.sign_in"))


@blueprint.get("/account/password")
@everyone_signed_in
def password() -> Page:
    return render_template("auth/password.jinja", form=Fields())


@blueprint.post("/account/password")
@everyone_signed_in
def change_password() -> Page:
    user, form = signed_in(), Fields()
    current = form.secret("current", "Enter your current password")
    new = form.secret("new", "Enter a new password")
    if new and (fault := passwords.fault_of(new, user.email)):
        form.errors["new"] = fault
    if form and not _store_password(current, new):
        form.errors["current"] = "This is not your current password"
    if not form:
        return render_template("auth/password.jinja", form=form), 400
    flash("Your password has been changed. Other devices have been signed out.")
    return redirect(url_for("auth.password"))


def _store_password(current: str, new: str) -> bool:
    """Change it, and end the person's other sessions. A wrong current password counts as a failed sign-in."""
    user = signed_in()
    one = signin.check(site(), user.email, current)
    new_hash = passwords.hash_password(new) if one.fits else ""
    with writing(site().services.sessions) as session:
        row = session.get_one(User, user.id, with_for_update=True)
        if signin.is_locked(row, now()):
            return False
        if not one.fits:
            audit.record(session, *signin.count_failure(site().settings, row))
            return False
        row.password_hash, row.failed_sign_ins = new_hash, 0
        sessions.end_all(session, user.id, but=user.session_id)
        audit.record(session, Act("password.changed", "user", user.id, actor=user.email))
    return True


def _replace_cookie(token: str) -> None:
    """Nothing of the cookie before signing in stays, so a planted one is worth nothing."""
    cookie.clear()
    cookie.permanent = True
    cookie[sessions.TOKEN_KEY] = token


def _wanted() -> str:
    wanted = request.values.get("next", "")
    return wanted if is_ours(wanted) else url_for("start.show")
