"""Which tickets an agent's list shows: filters, order, pages, each answered from an index.

A page costs a bounded number of queries and never reads all tickets: the ids of the page
are found first, on indexed columns alone, and only their rows are loaded; counting stops
at `COUNT_TO`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, Subquery, exists, func, select
from sqlalchemy.orm import Session, joinedload

from helpdesk.db_search import beside_words, has_words, search_words
from helpdesk.models import Ticket, TicketNumber
from helpdesk.tickets.states import OPEN_STATES, State
from helpdesk.tickets.wall import Sight

T = TypeVar("T")

PAGE_SIZE = 25
COUNT_TO = 10_000


class Owner(StrEnum):
    """Whose tickets."""

    ANYONE = "anyone"
    MINE = "mine"
    UNASSIGNED = "unassigned"


class Order(StrEnum):
    """What the list is sorted by; each has its index."""

    UPDATED = "updated"
    NUMBER = "number"
    STATE = "state"
    REQUESTER = "requester"


_KEYS: dict[Order, tuple[ColumnElement[Any], ...]] = {
    Order.UPDATED: (Ticket.updated_at.expression, Ticket.id.expression),
    Order.NUMBER: (Ticket.id.expression,),
    Order.STATE: (Ticket.state.expression, Ticket.updated_at.expression, Ticket.id.expression),
    Order.REQUESTER: (Ticket.requester_address.expression, Ticket.id.expression),
}


@dataclass(frozen=True)
class Filters:
    """What the agent asked for, of the tickets in sight. Without states, all open ones are meant."""

    agent_id: int
    sight: Sight
    states: tuple[State, ...] = OPEN_STATES
    owner: Owner = Owner.ANYONE
    desk: str = ""
    needs_agent: bool = False
    words: str = ""
    order: Order = Order.UPDATED
    descending: bool = True
    page: int = 1


@dataclass(frozen=True)
class Found:
    """One page of tickets. `total` stops at COUNT_TO, and `capped` says that it did."""

    tickets: Sequence[Ticket]
    total: int
    capped: bool
    more: bool


# Its own number leads to another ticket: it is a shell, closed, and everything of it is there.
_MERGED_AWAY = exists().where(TicketNumber.number == Ticket.number)


def find(session: Session, filters: Filters, size: int = PAGE_SIZE) -> Found:
    """The tickets of one page, with their owners, and how many there are: three queries, four with words."""
    wanted = conditions(session, filters)
    page = session.scalars(page_ids(wanted, filters, size)).all()
    counted = session.scalar(select(func.count()).select_from(_first(wanted))) or 0
    return Found(
        _load(session, page[:size], filters),
        min(counted, COUNT_TO),
        counted > COUNT_TO,
        len(page) > size,
    )


def page_ids(wanted: list[ColumnElement[bool]], filters: Filters, size: int) -> Select[tuple[int]]:
    """The ids of a page in their order, and one more when there is a next page."""
    ids = _ordered(select(Ticket.id).where(*wanted), filters)
    return ids.offset((filters.page - 1) * size).limit(size + 1)


def conditions(session: Session, filters: Filters) -> list[ColumnElement[bool]]:
    """What a ticket has to be to be shown."""
    words = search_words(filters.words)
    desk = Ticket.desk.expression
    desk = beside_words(session, desk) if words else desk
    wanted = [filters.sight.within(filters.desk).reaches(desk)]
    if len(filters.states) < len(State):
        wanted.append(Ticket.state.in_([state.value for state in filters.states]))
    if State.CLOSED in filters.states:
        wanted.append(~_MERGED_AWAY)
    if filters.owner is Owner.MINE:
        wanted.append(Ticket.owner_id == filters.agent_id)
    elif filters.owner is Owner.UNASSIGNED:
        wanted.append(Ticket.owner_id.is_(None))
    if filters.needs_agent:
        wanted.append(Ticket.needs_agent.is_(True))
    if words:
        wanted.append(has_words(session, filters.words, Ticket.id.expression))
    return wanted


def _first(wanted: list[ColumnElement[bool]]) -> Subquery:
    return select(Ticket.id).where(*wanted).limit(COUNT_TO + 1).subquery()


def _load(session: Session, ids: Sequence[int], filters: Filters) -> Sequence[Ticket]:
    if not ids:
        return []
    rows = select(Ticket).options(joinedload(Ticket.owner)).where(Ticket.id.in_(ids))
    return session.scalars(_ordered(rows, filters)).all()


def _ordered(rows: Select[tuple[T]], filters: Filters) -> Select[tuple[T]]:
    return rows.order_by(*(key.desc() if filters.descending else key.asc() for key in _KEYS[filters.order]))
