"""The one automatic answer to a mail, as a row of the outbox in the same transaction."""

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.values import Answer, OriginKind, Record, Sender
from helpdesk.models import OutboxMail, Ticket
from helpdesk.models.mail import ReceiptState
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.enqueue import enqueue
from helpdesk.services import Services
from helpdesk.tickets.states import State

QUIET = "import-quiet"  # the mailbox of mail that is taken in without a word to its senders


def write(session: Session, services: Services, arrival: Arrival, ticket: Ticket | None) -> OutboxMail | None:
    """Write the answer that was decided, unless this mail has had one. None when there is none."""
    if not _is_due(session, arrival):
        return None
    email, told = arrival.prepared.email, _ticket_told(arrival, ticket)
    draft = compose_answer(
        arrival.decision.answer.value,
        settings=services.settings,
        tokens=services.tokens,
        desk_key=ticket.desk if ticket else arrival.desk,
        to_address=email.from_address,
        in_reply_to=email.message_id,
        references=email.references,
        ticket=told,
        state=State(told.state) if told else None,
        aside=arrival.decision.record is Record.ASIDE,
        # None: looked up among the participants, who may have written without evidence
        known=True if arrival.match.sender is not Sender.STRANGER else None,
        session=session,
    )
    return enqueue(session, services.settings, draft, receipt_id=arrival.receipt.id)


def _is_due(session: Session, arrival: Arrival) -> bool:
    """RFC 3834 section 2: never to automatic mail; and at most one for each mail taken in."""
    if arrival.decision.answer is Answer.NONE or not arrival.prepared.email.from_address:
        return False
    if arrival.prepared.origin.kind is not OriginKind.PERSON or arrival.receipt.mailbox == QUIET:
        return False
    if arrival.receipt.state == ReceiptState.RECEIVED.value:
        return True  # the transaction that ends a receipt writes its answer, so it has none before that
    answered = exists().where(OutboxMail.receipt_id == arrival.receipt.id)
    return not session.scalar(select(answered))


def _ticket_told(arrival: Arrival, ticket: Ticket | None) -> Ticket | None:
    """A stranger is told nothing of a ticket, but that it is closed: they named its number themselves."""
    matched = arrival.match.ticket_id is not None
    if matched and arrival.match.sender is Sender.STRANGER and arrival.decision.record is not Record.KEPT:
        return None
    return ticket
