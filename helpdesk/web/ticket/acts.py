"""What an agent does to a ticket with one button: assign, move, re-open, close, confirm a sender."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk.audit import Act
from helpdesk.ingest.confirm import NothingToConfirm, confirm_sender
from helpdesk.models import Message, Ticket, User
from helpdesk.models.people import Role
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, State
from helpdesk.tickets.wall import may_own
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import views
from helpdesk.web.ticket.changes import Change, ChangedMeanwhile, change

blueprint = Blueprint("acts", __name__)

Answer = Response | tuple[str, int]


@blueprint.post("/tickets/<number>/assign")
@access(Role.AGENT)
def assign(number: str) -> Answer:
    """To the agent named in the form, who sees the desk's tickets, to `me`, or to nobody."""
    to = request.form.get("owner", "")

    def act(session: Session, ticket: Ticket) -> list[Act]:
        return actions.assign(ticket, _agent(session, ticket, to), who=signed_in().email)

    return _do(number, act, "The ticket has a new owner." if to else "The ticket is back in the queue.")


@blueprint.post("/tickets/<number>/state")
@access(Role.AGENT)
def move(number: str) -> Answer:
    to = _state(request.form.get("to", ""))
    if to in (State.RESOLVED, State.CLOSED):
        abort(400)  # each has a page of its own, which asks for words or a reason

    def act(_session: Session, ticket: Ticket) -> list[Act]:
        return [actions.move(ticket, to, Actor.AGENT, who=signed_in().email)]

    return _do(number, act, f"The ticket is now: {to.label}.")


@blueprint.post("/tickets/<number>/reopen")
@access(Role.AGENT)
def reopen(number: str) -> Answer:
    """A resolved ticket comes back, and what came in meanwhile joins it."""

    def act(session: Session, ticket: Ticket) -> list[Act]:
        return actions.reactivate(session, ticket, actor=Actor.AGENT, who=signed_in().email)

    return _do(number, act, "The ticket is open again.")


@blueprint.post("/tickets/<number>/close")
@access(Role.AGENT)
def close(number: str) -> Answer:
    form = Fields()
    reason = form.line("reason", "Say in a few words why the ticket is closed", longest=1_000)
    if not form:
        return views.close_page(number, form), 400

    def act(_session: Session, ticket: Ticket) -> list[Act]:
        return [actions.move(ticket, State.CLOSED, Actor.AGENT, who=signed_in().email, reason=reason)]

    return _do(number, act, "The ticket is closed.")


@blueprint.post("/tickets/<number>/messages/<int:message_id>/confirm")
@access(Role.AGENT)
def confirm(number: str, message_id: int) -> Answer:
    """An agent knows that a mail which claims our domain is genuine: it counts like any other."""
    form = Fields()
    why = form.line("confirm", "Say in a few words how you know who sent it", longest=1_000)
    if not form:
        return views.ticket_page(number, form), 400

    def act(session: Session, ticket: Ticket) -> list[Act]:
        message = session.get(Message, message_id)
        if message is None or message.ticket_id != ticket.id:
            abort(404)
        try:
            confirm_sender(session, message_id, who=signed_in().email, reason=why)
        except NothingToConfirm as fault:
            raise ChangedMeanwhile(str(fault)) from None
        return []  # it is in the trail already

    return _do(number, act, "The sender is confirmed.")


def _do(number: str, act: Change, said: str) -> Answer:
    """Make the change and come back to the ticket; or show the ticket with what went wrong."""
    form = Fields()
    try:
        change(number, form.number("version"), act)
    except ChangedMeanwhile as fault:
        form.errors["ticket"] = str(fault)
        return views.ticket_page(number, form), 409
    flash(said)
    return redirect(url_for("ticket.show", number=number))


def _agent(session: Session, ticket: Ticket, owner: str) -> User | None:
    if not owner:
        return None
    me = signed_in()
    wanted = me.id if owner == "me" else int(owner) if owner.isascii() and owner.isdigit() else 0
    user = session.get(User, wanted)
    if user is None or not may_own(user, ticket.desk, site().settings.desks):
        abort(400)
    return user


def _state(text: str) -> State:
    if text not in list(State):
        abort(400)
    return State(text)
