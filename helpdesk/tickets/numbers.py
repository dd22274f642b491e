"""The numbers that lead to a ticket: its own, those it had at other desks, those of tickets merged into it."""

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, Select, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased

from helpdesk.models import Ticket, TicketNumber
from helpdesk.tickets.wall import Sight

_MOST = 500  # of one list in a query
_other = aliased(Ticket)


def leads_to(session: Session, numbers: Iterable[str]) -> dict[str, int]:
    """{number: ticket id} of those numbers that lead to a ticket of another number."""
    wanted = sorted(set(numbers))
    if not wanted:
        return {}
    rows = select(TicketNumber.number, TicketNumber.ticket_id).where(TicketNumber.number.in_(wanted))
    return dict(session.execute(rows).tuples().all())


def is_called(number: str) -> ColumnElement[bool]:
    """Whether a ticket is the one that a number leads to now; each part of it is found by an index."""
    wanted = number.upper()
    former = select(TicketNumber.ticket_id).where(TicketNumber.number == wanted).scalar_subquery()
    own = select(_other.id).where(_other.number == wanted).scalar_subquery()
    return Ticket.id == func.coalesce(former, own)


def in_sight(session: Session, numbers: Iterable[str], sight: Sight) -> set[str]:
    """Those of the numbers that lead to a ticket in sight now: one query, for a page of a list."""
    wanted = sorted(set(numbers))
    theirs = select(TicketNumber.number).join(Ticket, Ticket.id == TicketNumber.ticket_id)
    former = theirs.where(TicketNumber.number.in_(wanted), sight.reaches(Ticket.desk))
    leads_away = select(TicketNumber.number).where(TicketNumber.number == Ticket.number).exists()
    own = select(Ticket.number).where(Ticket.number.in_(wanted), sight.reaches(Ticket.desk), ~leads_away)
    return set(session.scalars(union_all(former, own))) if wanted else set()


def all_numbers(ticket: Ticket) -> Select[tuple[str]]:
    """The numbers of a ticket, as a query to be part of another."""
    former = select(TicketNumber.number).where(TicketNumber.ticket_id == ticket.id)
    every = union_all(select(literal(ticket.number).label("number")), former).subquery()
    return select(every.c.number)


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
