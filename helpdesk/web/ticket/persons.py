"""An agent's word that a sender's address is the requester's as well, and taking it back."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk.audit import Act
from helpdesk.db import reading
from helpdesk.models import Message, Ticket
from helpdesk.models.people import Role
from helpdesk.models.tickets import Direction
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.persons import CannotJoin, join, part
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import views
from helpdesk.web.ticket.changes import ChangedMeanwhile, change

blueprint = Blueprint("persons", __name__)

Answer = Response | str | tuple[str, int]


@blueprint.get("/tickets/<number>/messages/<int:message_id>/same-person")
@access(Role.AGENT)
def ask(number: str, message_id: int) -> Answer:
    return _page(number, message_id, Fields())


@blueprint.post("/tickets/<number>/messages/<int:message_id>/same-person")
@access(Role.AGENT)
def say(number: str, message_id: int) -> Answer:
    form = Fields()
    reason = form.line("reason", "Say in a few words how you know", longest=1_000)
    if not form:
        return _page(number, message_id, form), 400

    def act(session: Session, ticket: Ticket) -> list[Act]:
        message = _of_ticket(session, ticket, message_id)
        me = signed_in().email
        return join(
            session,
            message.author_address,
            ticket.requester_address,
            ticket=ticket.number,
            who=me,
            reason=reason,
        )

    try:
        change(number, None, act)
    except (CannotJoin, ChangedMeanwhile) as fault:
        form.errors["reason"] = str(fault)
        return _page(number, message_id, form), 409
    flash("The address is known as the requester's.")
    return redirect(url_for("ticket.show", number=number, _anchor="side"))


@blueprint.post("/tickets/<number>/other-addresses/remove")
@access(Role.AGENT)
def take_back(number: str) -> Answer:
    address = request.form.get("address", "")

    def act(session: Session, ticket: Ticket) -> list[Act]:
        return part(session, address, ticket.requester_address, ticket=ticket.number, who=signed_in().email)

    try:
        change(number, None, act)
    except CannotJoin as fault:
        return views.ticket_page(number, Fields(errors={"ticket": str(fault)})), 409
    flash("The address no longer counts as the requester's.")
    return redirect(url_for("ticket.show", number=number, _anchor="side"))


def _page(number: str, message_id: int, form: Fields) -> str:
    with reading(site().services.sessions) as session:
        ticket = ticket_by_number(session, number, signed_in().sight)
        if ticket is None:
            abort(404)
        message = _of_ticket(session, ticket, message_id)
        return render_template("ticket/same_person.jinja", ticket=ticket, message=message, form=form)


def _of_ticket(session: Session, ticket: Ticket, message_id: int) -> Message:
    """A mail on the ticket, from an address."""
    message = session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id or message.direction != Direction.INBOUND.value:
        abort(404)
    if not message.author_address:
        abort(404)
    return message
