"""The numbers that lead to a ticket: its own, those it had at other desks, those of tickets merged into it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.models import Ticket, TicketNumber

_MOST = 500  # of one list in a query


def leads_to(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """{number: ticket id} of those numbers that lead to a ticket of another number."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = select(TicketNumber.number, TicketNumber.ticket_id).where(TicketNumber.number.in_(wanted))
    return dict(session.execute(rows).tuples().all())


def ticket_id_of(session: Session, number: str) -> int | None:
    """The id of the ticket that a number leads to now; None when there is no such number."""
    wanted = number.upper()
    found = leads_to(session, [wanted]).get(wanted)
    return found or session.scalar(select(Ticket.id).where(Ticket.number == wanted))


def former_numbers(session: Session, ticket: Ticket) -> Sequence[str]:
    """The other numbers that lead to a ticket, in order."""
    rows = select(TicketNumber.number).where(TicketNumber.ticket_id == ticket.id)
    return session.scalars(rows.order_by(TicketNumber.created_at, TicketNumber.number)).all()


def lead(session: Session, number: str, ticket_id: int) -> None:
    """From now on a number leads to that ticket."""
    session.merge(TicketNumber(number=number, ticket_id=ticket_id))
    session.flush()


def redirect(session: Session, from_id: int, to_id: int) -> list[str]:
    """What led to one ticket leads to the other. Returns the numbers."""
    rows = session.scalars(select(TicketNumber).where(TicketNumber.ticket_id == from_id)).all()
    for row in rows:
        row.ticket_id = to_id
    session.flush()
    return [row.number for row in rows]


def in_parts(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    """A long list in pieces that a query takes."""
    return (ids[start : start + _MOST] for start in range(0, len(ids), _MOST))
