"""Keeping what an agent wrote, its files and the mail of it: in the transaction of the change, so all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.models import Message, Ticket, User
from helpdesk.models.tickets import Direction
from helpdesk.outbound import files, thread
from helpdesk.outbound.compose import compose_agent_reply, compose_resolution
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.files import File
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, IllegalMove, State
from helpdesk.web.access import signed_in
from helpdesk.web.site import site


@dataclass(frozen=True)
class Written:
    """What an agent sent off, checked. Its repr shows no content."""

    text: str = field(repr=False)
    files: list[File] = field(repr=False)
    next_state: str = ""


def keep_reply(session: Session, ticket: Ticket, written: Written) -> list[Act]:
    """Mail it to the requester. The first to answer a ticket that nobody owns becomes its owner."""
    state = State(ticket.state)
    if not state.is_open:
        raise IllegalMove(f"This ticket is {state.label.lower()}; re-open it before you reply.")
    me = session.get_one(User, signed_in().id)
    acts = [] if ticket.owner_id else actions.assign(ticket, me, who=me.email)
    to = written.next_state
    if to in (State.IN_PROGRESS, State.WAITING_USER, State.WAITING_THIRD_PARTY) and to != ticket.state:
        acts.append(actions.move(ticket, State(to), Actor.AGENT, who=me.email))
    ticket.needs_agent = False
    return [*acts, *_send(session, ticket, written, me, "ticket.replied", compose_agent_reply)]


def keep_note(session: Session, ticket: Ticket, written: Written) -> list[Act]:
    me = session.get_one(User, signed_in().id)
    message = actions.agents_message(me, Direction.NOTE, written.text)
    return [
        Act("ticket.noted", "ticket", ticket.number, actor=me.email),
        *_add(session, ticket, message, written, me),
    ]


def keep_resolution(session: Session, ticket: Ticket, written: Written) -> list[Act]:
    """Moved first, since the mail says when the ticket will close."""
    me = session.get_one(User, signed_in().id)
    moved = actions.move(ticket, State.RESOLVED, Actor.AGENT, who=me.email)
    return [moved, *_send(session, ticket, written, me, "ticket.resolution_sent", compose_resolution)]


def _send(
    session: Session, ticket: Ticket, written: Written, me: User, action: str, compose: Callable[..., Draft]
) -> list[Act]:
    """Queue what `compose` (an agent's reply, or a resolution) makes of the text, and keep the text and the files."""
    services = site().services
    parent = thread.parent_on_ticket(session, ticket.id, ticket.requester_address)
    draft = compose(
        settings=services.settings,
        tokens=services.tokens,
        ticket=ticket,
        text=written.text,
        parent=parent,
        agent_name=me.name,
        session=session,
    )
    mail = enqueue(session, services.settings, draft)
    message = actions.agents_message(me, Direction.OUTBOUND, written.text)
    message.outbox_id = mail.id
    detail = (("outbox", mail.id), ("outbox_state", mail.state))
    sent = Act(action, "ticket", ticket.number, actor=me.email, detail=detail)
    return [sent, *_add(session, ticket, message, written, me)]


def _add(session: Session, ticket: Ticket, message: Message, written: Written, me: User) -> list[Act]:
    """Add the message with its files, each found by its words. Returns what is to be audited of the files."""
    searchable = " ".join([*(one.name for one in written.files), written.text])
    actions.add_message(session, ticket, message, searchable=searchable)
    if not written.files:
        return []
    files.attach(session, site().services.vault, message, written.files)
    return [files.attached_act(ticket, message, written.files, me.email)]
