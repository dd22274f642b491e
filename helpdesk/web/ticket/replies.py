"""What an agent writes: a reply, an internal note, a resolution. Each is scanned before it is kept."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from helpdesk.audit import Act
from helpdesk.models import Message, Ticket, User
from helpdesk.models.people import Role
from helpdesk.models.tickets import Direction
from helpdesk.outbound import thread
from helpdesk.outbound.compose import compose_agent_reply, compose_resolution
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.enqueue import enqueue
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, IllegalMove, State
from helpdesk.web.access import access, signed_in
from helpdesk.web.fields import Fields
from helpdesk.web.site import site
from helpdesk.web.ticket import typed, views
from helpdesk.web.ticket.changes import ChangedMeanwhile, change
from helpdesk.web.ticket.typed import Checked

blueprint = Blueprint("replies", __name__)

Answer = Response | str | tuple[str, int]
LONGEST = 50_000


@dataclass(frozen=True)
class Kind:
    """One way of writing: its field, its words, and what keeping it does."""

    field: str
    noun: str
    button: str
    missing: str
    done: str
    keep: Callable[[Session, Ticket, str, Fields], list[Act]]
    checks_version: bool = True


@blueprint.post("/tickets/<number>/reply")
@access(Role.AGENT)
def reply(number: str) -> Answer:
    return _write(number, REPLY)


@blueprint.post("/tickets/<number>/note")
@access(Role.AGENT)
def note(number: str) -> Answer:
    return _write(number, NOTE)


@blueprint.post("/tickets/<number>/resolve")
@access(Role.AGENT)
def resolve(number: str) -> Answer:
    return _write(number, RESOLUTION)


def _write(number: str, kind: Kind) -> Answer:
    """Validate, scan, keep. The scan is outside the transaction, so that a slow one holds no lock."""
    form = Fields()
    text = form.text(kind.field, kind.missing, LONGEST)
    form.line("next_state")
    if not form:
        return _again(number, kind, form), 400
    checked = typed.check(site().pipeline, text)
    if not checked.is_clear and not typed.is_kept_knowingly(checked, form):
        return _ask(number, kind, form, checked), 422
    try:
        change(
            number, _version(form, kind), lambda session, ticket: _kept(session, ticket, kind, form, checked)
        )
    except (ChangedMeanwhile, IllegalMove) as fault:
        form.errors[kind.field] = str(fault)
        return _again(number, kind, form), 409
    flash(kind.done)
    return redirect(url_for("ticket.show", number=number, _anchor="latest"))


def _version(form: Fields, kind: Kind) -> int | None:
    return form.number("version") if kind.checks_version else None


def _kept(session: Session, ticket: Ticket, kind: Kind, form: Fields, checked: Checked) -> list[Act]:
    acts = kind.keep(session, ticket, form[kind.field], form)
    if not checked.is_clear:
        acts.append(typed.override_act(checked, ticket, form["override_reason"]))
    return acts


def _again(number: str, kind: Kind, form: Fields) -> str:
    return views.resolve_page(number, form) if kind is RESOLUTION else views.ticket_page(number, form)


def _ask(number: str, kind: Kind, form: Fields, checked: Checked) -> str:
    """Show why the text would be held, with the text still there to be changed."""
    return render_template(
        "ticket/check.jinja",
        number=number,
        kind=kind,
        form=form,
        checked=checked,
        version=form.number("version"),
        action=request.path,
    )


def _keep_reply(session: Session, ticket: Ticket, text: str, form: Fields) -> list[Act]:
    """Mail it to the requester. The first to answer a ticket that nobody owns becomes its owner."""
    state = State(ticket.state)
    if not state.is_open:
        raise IllegalMove(f"This ticket is {state.label.lower()}; re-open it before you reply.")
    me = session.get_one(User, signed_in().id)
    acts = [] if ticket.owner_id else actions.assign(ticket, me, who=me.email)
    to = form["next_state"]
    if to in (State.IN_PROGRESS, State.WAITING_USER, State.WAITING_THIRD_PARTY) and to != ticket.state:
        acts.append(actions.move(ticket, State(to), Actor.AGENT, who=me.email))
    ticket.needs_agent = False
    acts.append(_send(session, ticket, text, me, "ticket.replied", compose_agent_reply))
    return acts


def _keep_note(session: Session, ticket: Ticket, text: str, _form: Fields) -> list[Act]:
    me = session.get_one(User, signed_in().id)
    actions.add_message(session, ticket, _message(me, Direction.NOTE, text), searchable=text)
    return [Act("ticket.noted", "ticket", ticket.number, actor=me.email)]


def _keep_resolution(session: Session, ticket: Ticket, text: str, _form: Fields) -> list[Act]:
    """Moved first, since the mail says when the ticket will close."""
    me = session.get_one(User, signed_in().id)
    moved = actions.move(ticket, State.RESOLVED, Actor.AGENT, who=me.email)
    return [moved, _send(session, ticket, text, me, "ticket.resolution_sent", compose_resolution)]


def _send(
    session: Session, ticket: Ticket, text: str, me: User, action: str, compose: Callable[..., Draft]
) -> Act:
    """Queue what `compose` (an agent's reply, or a resolution) makes of the text, and keep the text."""
    services = site().services
    parent = thread.parent_on_ticket(session, ticket.id, ticket.requester_address)
    draft = compose(
        settings=services.settings,
        tokens=services.tokens,
        ticket=ticket,
        text=text,
        parent=parent,
        agent_name=me.name,
        session=session,
    )
    mail = enqueue(session, services.settings, draft)
    message = _message(me, Direction.OUTBOUND, text)
    message.outbox_id = mail.id
    actions.add_message(session, ticket, message, searchable=text)
    detail = (("outbox", mail.id), ("outbox_state", mail.state))
    return Act(action, "ticket", ticket.number, actor=me.email, detail=detail)


def _message(me: User, direction: Direction, text: str) -> Message:
    return Message(
        direction=direction.value,
        author_id=me.id,
        author_name=me.name,
        author_address=me.email,
        sender="agent",
        text=text,
    )


REPLY = Kind("reply", "reply", "Send reply", "Write your reply", "Your reply is on its way.", _keep_reply)
NOTE = Kind(
    "note", "note", "Add note", "Write the note", "The note was added.", _keep_note, checks_version=False
)
RESOLUTION = Kind(
    "resolution",
    "resolution",
    "Resolve and send",
    "Write what was done, for the requester",
    "The ticket is resolved and the requester is told.",
    _keep_resolution,
)
