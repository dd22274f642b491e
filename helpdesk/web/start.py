"""The front door: each role is sent to its own first page."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from helpdesk.models.people import Role
from helpdesk.web.access import everyone_signed_in, signed_in

blueprint = Blueprint("start", __name__)

FIRST_PAGES = {
    Role.AGENT: "queue.show",
    Role.IG_OFFICER: "quarantine.show",
    Role.ADMIN: "mailboxes.show",
}


@blueprint.get("/")
@everyone_signed_in
def show() -> Response:
    return redirect(url_for(FIRST_PAGES[signed_in().role]))
