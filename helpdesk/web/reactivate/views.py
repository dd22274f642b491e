"""The signed link of a resolution mail. Reading it changes nothing, since mail scanners follow links; the
button does. The page says the ticket's number and no more: whoever holds the link may not be its requester.
"""

from flask import Blueprint, abort, current_app, render_template, request
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.models import Ticket
from helpdesk.tickets import actions
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.states import Actor, State
from helpdesk.tickets.wall import EVERY_DESK
from helpdesk.web.access import public
from helpdesk.web.auth.views import PACE
from helpdesk.web.site import site

blueprint = Blueprint("reactivate", __name__)

Answer = tuple[str, int]
HOLDER = "holder of a re-activation link"


@blueprint.get("/reactivate/<token>")
@public("end users have no account; the link is signed and dated")
def show(token: str) -> Answer:
    number = _number(token)
    with reading(site().services.sessions) as session:
        return _page(token, ticket_by_number(session, number, EVERY_DESK) if number else None)


@blueprint.post("/reactivate/<token>")
@public("end users have no account; the link is signed and dated")
def reactivate(token: str) -> Answer:
    if not current_app.extensions[PACE].allows(request.remote_addr or ""):
        abort(429)
    number = _number(token)
    with writing(site().services.sessions) as session:
        ticket = ticket_by_number(session, number, EVERY_DESK, lock=True) if number else None
        if ticket is None or ticket.state != State.RESOLVED.value:
            return _page(token, ticket)
        _reopen(session, ticket)
        return _page(token, ticket, done=True)


def _reopen(session: Session, ticket: Ticket) -> None:
    acts = actions.reactivate(session, ticket, actor=Actor.REQUESTER, who=HOLDER)
    audit.record(session, *acts)


def _number(token: str) -> str | None:
    days = site().settings.periods.reactivation_link_days
    return site().services.tokens.ticket_of_link(token, days * 86_400)


def _page(token: str, ticket: Ticket | None, *, done: bool = False) -> Answer:
    """Resolved: the button. Else what is the case, and how to go on."""
    state = State(ticket.state) if ticket else None
    desk = site().settings.desks.get(ticket.desk) if ticket else None
    page = render_template(
        "reactivate/page.jinja",
        token=token,
        number=ticket.number if ticket else "",
        state=state,
        done=done,
        desk=desk,
    )
    return page, 404 if ticket is None else 200
