"""What can be done to a ticket. Each runs in the caller's transaction and returns what is to be audited."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.audit import SYSTEM, Act
from helpdesk.db import now
from helpdesk.db_rows import insert_later, insert_now
from helpdesk.db_search import search_text
from helpdesk.models import Message, Participant, SearchEntry, Ticket, User
from helpdesk.models.tickets import Direction, Standing
from helpdesk.tickets.numbering import next_number
from helpdesk.tickets.states import Actor, IllegalMove, State, check_move
from helpdesk.tickets.wall import Sight

HELD_SUBJECT = "A message is being checked"
SEARCHED_CHARACTERS = 200_000  # of one text


@dataclass(frozen=True)
class NewTicket:
    """What a ticket starts with. `subject` and `requester_name` only when cleared."""

    desk: str
    prefix: str
    requester_address: str
    subject: str = HELD_SUBJECT
    requester_name: str = ""
    mailbox: str = ""
    unverified: bool = False
    at: datetime | None = None  # when it was opened, if not now


def open_ticket(session: Session, new: NewTicket) -> Ticket:
    """Add a ticket in state new, with its number and its requester as a participant."""
    at = new.at or now()
    ticket = Ticket(
        number=next_number(session, new.prefix),
        desk=new.desk,
        mailbox=new.mailbox,
        subject=new.subject[:500] or "(no subject)",
        state=State.NEW.value,
        requester_address=new.requester_address,
        requester_name=new.requester_name[:255],
        unverified=new.unverified,
        created_at=at,
        updated_at=at,
    )
    insert_now(session, ticket)
    insert_later(session, Participant, ticket_id=ticket.id, address=new.requester_address, requester=True)
    index_text(
        session,
        ticket,
        None,
        f"{ticket.number} {ticket.subject} {ticket.requester_name} {ticket.requester_address}",
    )
    return ticket


def move(ticket: Ticket, to: State, actor: Actor, *, who: str = SYSTEM, reason: str = "") -> Act:
    """Move a ticket. Raises IllegalMove."""
    was = State(ticket.state)
    check_move(was, to, actor)
    ticket.state = to.value
    ticket.updated_at = now()
    if to is State.RESOLVED:
        ticket.resolved_at = now()
    elif to is State.CLOSED:
        ticket.closed_at = now()
    elif was is State.RESOLVED:
        ticket.resolved_at = None
    ticket.needs_agent = to in (State.NEW, State.ASSIGNED, State.IN_PROGRESS)
    detail = (("from", was.value), ("to", to.value))
    return Act("ticket.moved", "ticket", ticket.number, actor=who, reason=reason, detail=detail)


def assign(ticket: Ticket, owner: User | None, *, who: str) -> list[Act]:
    """Give a ticket to an agent, or back to the queue."""
    acts = [
        Act(
            "ticket.assigned",
            "ticket",
            ticket.number,
            actor=who,
            detail=(("owner", owner.email if owner else ""),),
        )
    ]
    ticket.owner_id = owner.id if owner else None
    ticket.updated_at = now()
    state = State(ticket.state)
    if owner and state is State.NEW:
        acts.append(move(ticket, State.ASSIGNED, Actor.AGENT, who=who))
    elif not owner and state is State.ASSIGNED:
        acts.append(move(ticket, State.NEW, Actor.AGENT, who=who))
    return acts


def hand_back_unseen(session: Session, owner: User, sight: Sight, *, who: str) -> list[Act]:
    """Give what they own and do not see, and what can still come back, to the queue of its desk."""
    unseen = select(Ticket).where(
        Ticket.owner_id == owner.id,
        Ticket.state != State.CLOSED.value,
        ~sight.reaches(Ticket.desk),
    )
    tickets = session.scalars(unseen.order_by(Ticket.id).with_for_update()).all()
    return [act for ticket in tickets for act in assign(ticket, None, who=who)]


def reactivate(session: Session, ticket: Ticket, *, actor: Actor, who: str) -> list[Act]:
    """Re-open a resolved ticket; replies kept aside join it. Raises IllegalMove on any other state."""
    if ticket.state != State.RESOLVED.value:
        raise IllegalMove(
            f"Only a resolved ticket can be re-activated; this one is '{State(ticket.state).label}'."
        )
    acts = [move(ticket, State.IN_PROGRESS, actor, who=who)]
    joined = session.execute(
        update(Message)
        .where(Message.ticket_id == ticket.id, Message.standing == Standing.ASIDE.value)
        .values(standing=Standing.ADDED.value)
    ).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    ticket.needs_agent = True
    return [
        *acts,
        Act("ticket.reactivated", "ticket", ticket.number, actor=who, detail=(("joined", joined),)),
    ]


def add_message(session: Session, ticket: Ticket, message: Message, *, searchable: str = "") -> Message:
    """Add a message and what of it can be searched. The ticket's row is touched so that the queue sorts it up.

    The message that opens a ticket has the ticket's own time, so that the row need not be written twice.
    """
    message.ticket_id = ticket.id
    insert_now(session, message)
    if searchable:
        index_text(session, ticket, message, searchable)
    if message.direction != Direction.AUTOMATIC.value and ticket.updated_at != message.created_at:
        ticket.updated_at = message.created_at
    return message


def agents_message(agent: User, direction: Direction, text: str) -> Message:
    """What an agent says, to the requester or in a note; not yet on a ticket."""
    return Message(
        direction=direction.value,
        author_id=agent.id,
        author_name=agent.name,
        author_address=agent.email,
        sender="agent",
        text=text,
    )


def index_text(session: Session, ticket: Ticket, message: Message | None, text: str) -> None:
    """Add a searchable text of a ticket that has its id, as a row only: nobody needs it as an object."""
    message_id = message.id if message else None
    content = search_text(text[:SEARCHED_CHARACTERS])
    insert_later(session, SearchEntry, ticket_id=ticket.id, message_id=message_id, content=content)


def index_again(session: Session, ticket: Ticket, message: Message, text: str) -> None:
    """Fill in the emptied text of a message that is shown again; one that had none gets it."""
    entry = session.scalar(select(SearchEntry).where(SearchEntry.message_id == message.id))
    if entry is None:
        index_text(session, ticket, message, text)
    else:
        entry.content = search_text(text[:SEARCHED_CHARACTERS])


def close_overdue(
    session: Session, after: timedelta, *, at: datetime | None = None, limit: int = 500
) -> list[Act]:
    """Close tickets that have been resolved for longer than `after`; at most `limit` at once."""
    before = (at or now()) - after
    overdue = session.scalars(
        select(Ticket)
        .where(Ticket.state == State.RESOLVED.value, Ticket.resolved_at < before)
        .order_by(Ticket.id)
        .limit(limit)
    ).all()
    return [move(ticket, State.CLOSED, Actor.CLOCK, reason="resolved for the set time") for ticket in overdue]
