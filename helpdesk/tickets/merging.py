"""One ticket becomes another's: all that was said goes along, and whatever leads to the first leads to the second.

The first stays as a closed shell under its number. What went along is noted by its ids, so that a
merge can be undone; what came in since stays where it came in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.db import Base, now
from helpdesk.db_rows import write_waiting
from helpdesk.errors import HelpdeskError
from helpdesk.models import (
    HeldMail,
    Message,
    MessageId,
    OutboxMail,
    Participant,
    Receipt,
    SearchEntry,
    Ticket,
    TicketMerge,
    TicketNumber,
)
from helpdesk.models.tickets import Standing
from helpdesk.tickets import numbers
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import Sight

# Every table whose rows belong to a ticket and go along with it.
BELONGINGS: tuple[type[Base], ...] = (Message, HeldMail, OutboxMail, Receipt, MessageId, SearchEntry)


class CannotMerge(HelpdeskError):
    """These two cannot become one, with the reason."""


@dataclass(frozen=True)
class Pair:
    """The ticket that is given up and the one that stays."""

    gone: Ticket
    stays: Ticket


def pair_of(session: Session, gone: str, stays: str, sight: Sight, *, lock: bool = False) -> Pair:
    """The two tickets by their numbers, whatever they lead to. Raises CannotMerge when they cannot be merged.

    Both must be in sight; one that is not is not there.
    """
    write_waiting(session)  # so that all of it is there to be taken along
    ids = {number: _id(session, number, sight) for number in (gone, stays)}
    if ids[gone] == ids[stays]:
        raise CannotMerge(f"{gone.upper()} and {stays.upper()} are the same ticket already.")
    wanted = select(Ticket).where(Ticket.id.in_(ids.values()), sight.reaches(Ticket.desk)).order_by(Ticket.id)
    found = {one.id: one for one in session.scalars(wanted.with_for_update() if lock else wanted)}
    for number, ticket_id in ids.items():
        if ticket_id not in found:  # moved behind the wall since
            raise _no_ticket(number)
    pair = Pair(found[ids[gone]], found[ids[stays]])
    _check(pair)
    return pair


def merge(session: Session, pair: Pair, *, who: str) -> list[Act]:
    """Carry it out in the caller's transaction, with both tickets locked. Returns what is to be audited."""
    gone, stays = pair.gone, pair.stays
    moved: dict[str, list[Any]] = {_table(kind).name: _take_along(session, kind, pair) for kind in BELONGINGS}
    moved["joined"] = _let_join(session, moved["messages"], stays)
    moved["participants"] = _add_participants(session, pair)
    moved["numbers"] = numbers.redirect(session, gone.id, stays.id)
    numbers.lead(session, gone.number, stays.id)
    session.add(
        TicketMerge(from_id=gone.id, into_id=stays.id, state_before=gone.state, moved=moved, merged_by=who)
    )
    _touch(pair)
    return _acts("merged", pair, who, len(moved["messages"]))


def unmerge(session: Session, number: str, sight: Sight, *, who: str) -> list[Act]:
    """Undo the merge of the ticket that had this number. Raises CannotMerge when there is none to undo in sight."""
    done = session.scalar(
        select(TicketMerge)
        .join(Ticket, Ticket.id == TicketMerge.from_id)
        .where(Ticket.number == number.upper(), TicketMerge.undone_at.is_(None))
        .with_for_update(of=TicketMerge)
    )
    if done is None:
        raise _not_merged(number)
    pair = Pair(session.get_one(Ticket, done.from_id), session.get_one(Ticket, done.into_id))
    if not can_undo(pair, sight):
        raise _not_merged(number)
    _still_theirs(session, pair)
    _give_back(session, pair, done.moved)
    done.undone_at = now()
    pair.gone.state, pair.gone.needs_agent = done.state_before, State(done.state_before).is_open
    pair.gone.closed_at = pair.gone.closed_at if done.state_before == State.CLOSED.value else None
    pair.stays.updated_at = now()
    return _acts("unmerged", pair, who, len(done.moved["messages"]))


def can_undo(pair: Pair, sight: Sight) -> bool:
    """Whether both tickets are in sight: who undoes a merge gives back what the one has to the other."""
    return sight.sees(pair.gone.desk) and sight.sees(pair.stays.desk)


def merged_into(session: Session, ticket: Ticket) -> Sequence[Ticket]:
    """The tickets that were merged into this one, the first first."""
    rows = (
        select(Ticket)
        .join(TicketMerge, TicketMerge.from_id == Ticket.id)
        .where(TicketMerge.into_id == ticket.id, TicketMerge.undone_at.is_(None))
        .order_by(TicketMerge.id)
    )
    return session.scalars(rows).all()


def _id(session: Session, number: str, sight: Sight) -> int:
    called = select(Ticket.id).where(numbers.is_called(number), sight.reaches(Ticket.desk))
    found = session.scalar(called)
    if found is None:
        raise _no_ticket(number)
    return found


def _no_ticket(number: str) -> CannotMerge:
    return CannotMerge(f"There is no ticket {number.upper()}; look its number up in the queue.")


def _not_merged(number: str) -> CannotMerge:
    return CannotMerge(f"{number.upper()} is not merged into another ticket.")


def _check(pair: Pair) -> None:
    state, source = State(pair.stays.state), State(pair.gone.state)
    if state is State.CLOSED:
        raise CannotMerge(f"{pair.stays.number} is closed and stays closed; nothing can be added to it.")
    if state is State.RESOLVED and source.is_open:
        raise CannotMerge(
            f"{pair.stays.number} is resolved while {pair.gone.number} is open; open it again first."
        )


def _table(kind: type[Base]) -> Table:
    table = kind.__table__
    if not isinstance(table, Table):
        raise TypeError(f"{kind.__name__} has no table of its own")
    return table


def _take_along(session: Session, kind: type[Base], pair: Pair) -> list[int]:
    """The ids of the rows of one table that now belong to the ticket that stays."""
    session.flush()
    table = _table(kind)
    ids = list(session.scalars(select(table.c.id).where(table.c.ticket_id == pair.gone.id)))
    session.execute(update(table).where(table.c.ticket_id == pair.gone.id).values(ticket_id=pair.stays.id))
    return ids


def _let_join(session: Session, messages: list[int], stays: Ticket) -> list[int]:
    """What was kept aside on a resolved ticket joins an open one, as it does when a ticket is re-activated."""
    if not State(stays.state).is_open:
        return []
    aside = select(Message.id).where(Message.ticket_id == stays.id, Message.standing == Standing.ASIDE.value)
    joined = sorted(set(session.scalars(aside)) & set(messages))
    _set_standing(session, joined, Standing.ADDED)
    return joined


def _set_standing(session: Session, messages: list[int], standing: Standing) -> None:
    for part in numbers.in_parts(messages):
        session.execute(update(Message).where(Message.id.in_(part)).values(standing=standing.value))


def _add_participants(session: Session, pair: Pair) -> list[str]:
    """Those who took part in the one take part in the other, so that their replies are theirs."""
    there = set(session.scalars(select(Participant.address).where(Participant.ticket_id == pair.stays.id)))
    came = session.scalars(select(Participant.address).where(Participant.ticket_id == pair.gone.id))
    new = sorted(set(came) - there)
    session.add_all(Participant(ticket_id=pair.stays.id, address=address) for address in new)
    session.flush()
    return new


def _touch(pair: Pair) -> None:
    gone, stays = pair.gone, pair.stays
    stays.held_messages += gone.held_messages
    gone.held_messages = 0
    stays.needs_agent = stays.needs_agent or (gone.needs_agent and State(stays.state).is_open)
    stays.updated_at = gone.updated_at = now()
    if gone.state != State.CLOSED.value:
        gone.state, gone.closed_at = State.CLOSED.value, now()
    gone.needs_agent = False


def _still_theirs(session: Session, pair: Pair) -> None:
    later = session.scalar(
        select(TicketMerge.id).where(TicketMerge.from_id == pair.stays.id, TicketMerge.undone_at.is_(None))
    )
    if later is not None:
        raise CannotMerge(f"{pair.stays.number} was merged into another ticket since; undo that merge first.")


def _give_back(session: Session, pair: Pair, moved: dict[str, list[Any]]) -> None:
    _set_standing(session, moved["joined"], Standing.ASIDE)
    for kind in BELONGINGS:
        table = _table(kind)
        for part in numbers.in_parts(moved[table.name]):
            session.execute(update(table).where(table.c.id.in_(part)).values(ticket_id=pair.gone.id))
    session.execute(
        delete(Participant).where(
            Participant.ticket_id == pair.stays.id, Participant.address.in_(moved["participants"])
        )
    )
    session.execute(delete(TicketNumber).where(TicketNumber.number == pair.gone.number))
    for number in moved["numbers"]:
        numbers.lead(session, number, pair.gone.id)
    _let_held_follow(session, pair)
    _count_held(session, pair)


def _let_held_follow(session: Session, pair: Pair) -> None:
    """A message that was reported since goes back, and its row in the quarantine with it."""
    theirs = select(Message.receipt_id).where(
        Message.ticket_id == pair.gone.id, Message.receipt_id.is_not(None)
    )
    held = update(HeldMail).where(HeldMail.ticket_id == pair.stays.id, HeldMail.receipt_id.in_(theirs))
    session.execute(held.values(ticket_id=pair.gone.id))


def _count_held(session: Session, pair: Pair) -> None:
    """Some may have been decided since, so the held are counted anew."""
    for ticket in (pair.gone, pair.stays):
        held = select(HeldMail.id).where(HeldMail.ticket_id == ticket.id, HeldMail.state == "held")
        ticket.held_messages = len(session.scalars(held).all())


def _acts(done: str, pair: Pair, who: str, messages: int) -> list[Act]:
    """One act on either ticket, so that the history of both tells of it."""
    gone, stays = pair.gone.number, pair.stays.number
    detail = (("from", gone), ("into", stays), ("messages", messages))
    return [
        Act(f"ticket.{done}_away", "ticket", gone, actor=who, detail=detail),
        Act(f"ticket.{done}", "ticket", stays, actor=who, detail=detail),
    ]
