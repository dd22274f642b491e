"""A ticket bears the subject and the sender's name of the mail that opened it: until that mail is held, and when it is back.

Tickets that were merged into another keep theirs, for when the merge is undone.
"""

import re

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpdesk.db_search import search_text
from helpdesk.models import Message, SearchEntry, Ticket, TicketMerge
from helpdesk.models.tickets import Direction
from helpdesk.tickets.actions import HELD_SUBJECT

GONE_SUBJECT = "A message was removed"
NO_SUBJECT = "(no subject)"


def hide_name(session: Session, ticket: Ticket, message: Message) -> bool:
    """Those that are named after this mail, its ticket or one merged into it, say that it is checked.

    Returns whether there was one. Where another mail that is shown has the same subject, they are named after that.
    """
    if not message.subject or _has_twin(session, message):
        return False
    named = [one for one in _family(session, ticket) if one.subject == message.subject]
    for one in named:
        _forget(session, ticket, one)
        one.subject, one.requester_name = HELD_SUBJECT, ""
    return bool(named)


def show_name(session: Session, ticket: Ticket, subject: str, name: str, address: str) -> None:
    """Those that waited for a mail of their requester's are named after it."""
    for one in _family(session, ticket):
        if one.subject == HELD_SUBJECT and one.requester_address == address:
            one.subject, one.requester_name = subject[:500] or NO_SUBJECT, name[:255]


def drop_name(session: Session, ticket: Ticket) -> None:
    """Those that waited for a mail say that it is gone."""
    for one in _family(session, ticket):
        if one.subject == HELD_SUBJECT:
            one.subject = GONE_SUBJECT


def _has_twin(session: Session, message: Message) -> bool:
    twin = exists().where(
        Message.ticket_id == message.ticket_id,
        Message.id != message.id,
        Message.subject == message.subject,
        Message.direction != Direction.HELD.value,
    )
    return bool(session.scalar(select(twin)))


def _family(session: Session, ticket: Ticket) -> list[Ticket]:
    """The ticket and all that were merged into it, or into one of those."""
    found, into = [ticket], [ticket.id]
    while into:
        came = select(Ticket).join(TicketMerge, TicketMerge.from_id == Ticket.id)
        merged = session.scalars(came.where(TicketMerge.into_id.in_(into), TicketMerge.undone_at.is_(None)))
        more = [one for one in merged if one not in found]
        found += more
        into = [one.id for one in more]
    return found


def _forget(session: Session, holder: Ticket, named: Ticket) -> None:
    """What a search finds the ticket by is its number, name and addresses, in a text of `actions.open_ticket`."""
    theirs = re.compile(rf"(\S+ \d+) {re.escape(search_text(named.subject))}(?: |$)")
    texts = select(SearchEntry).where(SearchEntry.ticket_id == holder.id, SearchEntry.message_id.is_(None))
    for entry in session.scalars(texts):
        if begins := theirs.match(entry.content):
            entry.content = search_text(f"{begins[1]} {HELD_SUBJECT} {named.requester_address}")
