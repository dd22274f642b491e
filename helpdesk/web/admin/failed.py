"""Mails that could not be taken to their end: where and why each stopped, and a button to try again. No content."""

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from helpdesk.db import reading, writing
from helpdesk.ingest import failures
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.models.people import Role
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.paging import page_of, wanted_page
from helpdesk.web.site import site

blueprint = Blueprint("failed", __name__)
SIZE = 25


@blueprint.get("/admin/failed")
@access(Role.ADMIN)
def show() -> str:
    number = wanted_page()
    with reading(site().services.sessions) as session:
        total = failures.failed_count(session)
        rows = session.scalars(
            select(Receipt)
            .where(Receipt.state == ReceiptState.FAILED.value)
            .order_by(Receipt.id.desc())
            .offset((number - 1) * SIZE)
            .limit(SIZE + 1)
        ).all()
    return render_template("admin/failed.jinja", page=page_of(rows, number, SIZE, total), address=_address)


@blueprint.post("/admin/failed/replay")
@access(Role.ADMIN)
def replay() -> Response:
    """One mail, or all of them when the form names none."""
    number = Fields().number("receipt")
    try:
        with writing(site().services.sessions) as session:
            put_back = failures.replay(session, [number] if number else None, who=signed_in().email)
    except failures.NothingToReplay:
        put_back = []
    if put_back:
        flash(f"{len(put_back)} {'mail' if len(put_back) == 1 else 'mails'} put back to be taken in again.")
    else:
        flash("There was nothing to try again: somebody did so already.")
    return redirect(url_for("failed.show"))


def _address(page: int) -> str:
    return url_for("failed.show", page=page)
