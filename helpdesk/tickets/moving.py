"""A ticket goes to another desk: it takes a number of that desk, and its old number still leads to it."""

from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.db import now
from helpdesk.errors import HelpdeskError
from helpdesk.models import Ticket
from helpdesk.tickets import numbers
from helpdesk.tickets.actions import index_text, move
from helpdesk.tickets.numbering import next_number
from helpdesk.tickets.states import Actor, State


class CannotMove(HelpdeskError):
    """The ticket cannot go to that desk, with the reason."""


def check_can_move(ticket: Ticket, desk: str) -> None:
    """Raise CannotMove when the ticket may not go there."""
    state = State(ticket.state)
    if ticket.desk == desk:
        raise CannotMove(f"{ticket.number} is at this desk already.")
    if not state.is_open:
        raise CannotMove(f"{ticket.number} is {state.label.lower()}; only an open ticket can be moved.")


def move_to_desk(session: Session, ticket: Ticket, desk: str, prefix: str, *, who: str) -> list[Act]:
    """Move an open ticket, which then has no owner. Returns what is to be audited. Raises CannotMove."""
    check_can_move(ticket, desk)
    was_number, was_desk = ticket.number, ticket.desk
    ticket.number, ticket.desk = next_number(session, prefix), desk
    numbers.lead(session, was_number, ticket.id)
    index_text(session, ticket, None, ticket.number)
    acts = [] if ticket.state != State.ASSIGNED.value else [move(ticket, State.NEW, Actor.AGENT, who=who)]
    ticket.owner_id = None
    ticket.needs_agent, ticket.updated_at = True, now()
    detail = (("from", was_number), ("to", ticket.number), ("from_desk", was_desk), ("to_desk", desk))
    return [*acts, Act("ticket.moved_desk", "ticket", ticket.number, actor=who, detail=detail)]
