"""Addresses that get no more mail from us, why, and a page that lifts the stop on one."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from helpdesk.db import reading, writing
from helpdesk.models import Suppression
from helpdesk.models.people import Role
from helpdesk.outbound import resend
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.paging import asked_for, page_of, wanted_page
from helpdesk.web.site import site

blueprint = Blueprint("stopped", __name__)

Answer = Response | str | tuple[str, int]
SIZE = 25


@blueprint.get("/admin/outbox/stopped")
@access(Role.ADMIN)
def show() -> str:
    number, part = wanted_page(), asked_for("address")
    wanted = Suppression.address.contains(part.lower(), autoescape=True)
    with reading(site().services.sessions) as session:
        total = session.scalar(select(func.count()).select_from(Suppression).where(wanted)) or 0
        rows = session.scalars(
            select(Suppression)
            .where(wanted)
            .order_by(Suppression.id.desc())
            .offset((number - 1) * SIZE)
            .limit(SIZE + 1)
        ).all()
    return render_template(
        "admin/stopped.jinja",
        page=page_of(rows, number, SIZE, total),
        part=part,
        address=lambda page: url_for("stopped.show", address=part or None, page=page),
    )


@blueprint.get("/admin/outbox/stopped/<int:stop_id>")
@access(Role.ADMIN)
def one(stop_id: int) -> str:
    return _page(stop_id, Fields())


@blueprint.post("/admin/outbox/stopped/<int:stop_id>")
@access(Role.ADMIN)
def lift(stop_id: int) -> Answer:
    form = Fields()
    reason = form.line("reason", "Say in a few words why mail can be sent again", longest=1_000)
    if not form:
        return _page(stop_id, form), 400
    with writing(site().services.sessions) as session:
        stop = session.get(Suppression, stop_id)
        if stop is None:
            abort(404)
        address = stop.address
        resend.lift(session, address, signed_in().email, reason)
    flash(f"Mail to {address} is sent again. What was not sent meanwhile stays unsent.")
    return redirect(url_for("stopped.show"))


def _page(stop_id: int, form: Fields) -> str:
    with reading(site().services.sessions) as session:
        stop = session.get(Suppression, stop_id)
    if stop is None:
        abort(404)
    return render_template("admin/lift.jinja", stop=stop, form=form)
