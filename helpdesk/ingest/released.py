"""A mail that an officer released takes the decision table again, with the ticket's state at that time.

One that was shown before has taken it: it comes back where it stood, and nobody is written to.
"""

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.ingest import answer, keep
from helpdesk.ingest.apply import FORMS, consequences
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import decide
from helpdesk.ingest.match import match
from helpdesk.ingest.situate import situate
from helpdesk.ingest.values import Decision, Email, Match, Prepared, Record, Sender, Trust
from helpdesk.ingest.withdraw import REPORTED
from helpdesk.models import HeldMail, Message, Receipt, Ticket
from helpdesk.models.tickets import Direction, Standing
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.naming import show_name
from helpdesk.tickets.states import State

AUTOMATIC = (Record.AUTOMATIC.value, Record.DELIVERY_FAILURE.value)


def add_released(
    session: Session, services: Services, held: HeldMail, prepared: Prepared, *, redacted: bool
) -> list[Act]:
    """Put the released content where its placeholder stands. Returns what is to be audited."""
    if held.reports:
        return [_put_back(session, services, held, prepared.email, redacted=redacted)]
    receipt = session.get_one(Receipt, held.receipt_id)
    ticket = held.ticket
    prepared = _believed_then(session, services, receipt, prepared)
    matched = _match_again(session, services, prepared, ticket)
    decision = decide(situate(session, services.settings, receipt.mailbox, prepared, matched))
    arrival = Arrival(receipt, ticket.desk, prepared, matched, decision)
    _fill(session, services, arrival, ticket, redacted=redacted)
    acts = consequences(session, arrival, ticket)
    answer.write(session, services, arrival, ticket)
    return [*acts, _act(arrival, ticket, decision)]


def _put_back(session: Session, services: Services, held: HeldMail, email: Email, *, redacted: bool) -> Act:
    """Show it again as what it was: its sender, its standing and the ticket's state are as they are now."""
    message, ticket = _placeholder(session, held.receipt_id), held.ticket
    outcome = session.get_one(Receipt, held.receipt_id).outcome
    message.direction = (Direction.AUTOMATIC if outcome in AUTOMATIC else Direction.INBOUND).value
    message.flags = [one for one in message.flags if one != REPORTED]
    _show(session, services, ticket, message, email, redacted=redacted)
    return Act("mail.put_back", "receipt", held.receipt_id, detail=(("ticket", ticket.number),))


def _believed_then(session: Session, services: Services, receipt: Receipt, prepared: Prepared) -> Prepared:
    """What was found of the sender when the mail came stands: the keys in the DNS may be others by now."""
    if services.settings.checker_of(receipt.mailbox) == "gateway":
        return prepared
    trust = session.scalars(select(Message.trust).where(Message.receipt_id == receipt.id)).one()
    return replace(prepared, origin=replace(prepared.origin, trust=Trust(trust), checked=True))


def _match_again(session: Session, services: Services, prepared: Prepared, ticket: Ticket) -> Match:
    """The ticket is the one that shows the placeholder; who the sender is to it is judged anew."""
    found = match(session, prepared.email, prepared.origin, services.tokens)
    if found.ticket_id == ticket.id and not found.conflict:
        return found
    opened_it = prepared.email.from_address == ticket.requester_address
    sender = (
        Sender.PARTICIPANT if opened_it and prepared.origin.trust is not Trust.FAILED else Sender.STRANGER
    )
    return replace(
        found,
        ticket_id=ticket.id,
        ticket_number=ticket.number,
        state=State(ticket.state),
        sender=sender,
        conflict=False,  # its placeholder has a place already, which an agent may merge into another
    )


def _fill(session: Session, services: Services, arrival: Arrival, ticket: Ticket, *, redacted: bool) -> None:
    """Turn the placeholder into the message, in the form that the table gives it."""
    message = _placeholder(session, arrival.receipt.id)
    direction, standing = FORMS.get(arrival.decision.record, (Direction.INBOUND, Standing.ADDED))
    message.direction, message.standing = direction.value, standing.value
    _show(session, services, ticket, message, arrival.prepared.email, redacted=redacted)


def _placeholder(session: Session, receipt_id: int) -> Message:
    return session.scalars(select(Message).where(Message.receipt_id == receipt_id)).one()


def _show(
    session: Session, services: Services, ticket: Ticket, message: Message, email: Email, *, redacted: bool
) -> None:
    """Fill in what the mail says; from now on it is found and read."""
    message.subject, message.author_name = email.subject[:500], email.from_name[:255]
    message.text, message.html = email.text[: keep.TEXT_LIMIT], email.html[: keep.TEXT_LIMIT]
    message.redacted = redacted
    show_name(session, ticket, email.subject, email.from_name, email.from_address)
    ticket.held_messages -= 1
    actions.index_again(session, ticket, message, keep.searchable(email))
    keep.attachments(session, services.vault, message, email)


def _act(arrival: Arrival, ticket: Ticket, decision: Decision) -> Act:
    detail = (("row", decision.row), ("record", decision.record.value), ("ticket", ticket.number))
    return Act("mail.released", "receipt", arrival.receipt.id, detail=detail)
