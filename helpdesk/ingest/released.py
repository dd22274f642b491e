"""A mail that an officer released takes the decision table again, with the ticket's state at that time."""

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
from helpdesk.ingest.values import Decision, Match, Prepared, Sender, Trust
from helpdesk.models import HeldMail, Message, Receipt, Ticket
from helpdesk.models.tickets import Direction, Standing
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.states import State


def add_released(
    session: Session, services: Services, held: HeldMail, prepared: Prepared, *, redacted: bool
) -> list[Act]:
    """Put the released content where its placeholder stands. Returns what is to be audited."""
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
    """Turn the placeholder into the message."""
    email = arrival.prepared.email
    message = session.scalars(select(Message).where(Message.receipt_id == arrival.receipt.id)).one()
    direction, standing = FORMS.get(arrival.decision.record, (Direction.INBOUND, Standing.ADDED))
    message.direction, message.standing = direction.value, standing.value
    message.subject, message.author_name = email.subject[:500], email.from_name[:255]
    message.text, message.html = email.text[: keep.TEXT_LIMIT], email.html[: keep.TEXT_LIMIT]
    message.redacted = redacted
    if ticket.subject == actions.HELD_SUBJECT and ticket.requester_address == email.from_address:
        ticket.subject, ticket.requester_name = email.subject[:500] or "(no subject)", email.from_name[:255]
    ticket.held_messages -= 1
    actions.index_text(session, ticket, message, keep.searchable(email))
    keep.attachments(session, services.vault, message, email)


def _act(arrival: Arrival, ticket: Ticket, decision: Decision) -> Act:
    detail = (("row", decision.row), ("record", decision.record.value), ("ticket", ticket.number))
    return Act("mail.released", "receipt", arrival.receipt.id, detail=detail)
