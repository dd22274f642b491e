"""What stopped or changed outgoing mails, and certificates that end: a page, and a banner on every page of an admin."""

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from helpdesk.db import reading, writing
from helpdesk.models.people import Role
from helpdesk.outbound import alarms
from helpdesk.outbound.signing import signers
from helpdesk.web.access import access, signed_in
from helpdesk.web.site import site

blueprint = Blueprint("alarms", __name__)


@blueprint.get("/admin/alarms")
@access(Role.ADMIN)
def show() -> str:
    settings = site().settings
    with reading(site().services.sessions) as session:
        rows = alarms.active(session, settings)
    return render_template(
        "admin/alarms.jinja",
        rows=rows,
        warnings=signers.warnings(settings),
        hours=settings.outbound.alarm_hours,
    )


@blueprint.post("/admin/alarms/<int:alarm_id>/acknowledge")
@access(Role.ADMIN)
def acknowledge(alarm_id: int) -> Response:
    try:
        with writing(site().services.sessions) as session:
            alarms.acknowledge(session, site().settings, alarm_id, signed_in().email)
    except alarms.NoAlarm:
        abort(409)
    flash("The alarm is acknowledged.")
    return redirect(url_for("alarms.show"))


@blueprint.app_context_processor
def banner() -> dict[str, int]:
    """How many things an admin should look at; the layout tells them on every page."""
    user = g.get("user")
    if user is None or user.role is not Role.ADMIN:
        return {}
    try:
        with reading(site().services.sessions) as session:
            stored = len(alarms.active(session, site().settings))
    except SQLAlchemyError:  # the page may be the one that says that the database is gone
        return {}
    return {"alarms_now": stored + len(signers.warnings(site().settings))}
