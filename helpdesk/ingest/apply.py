"""Write what was decided: ticket, message, quarantine, outbox and audit in the caller's one transaction."""

from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.db_rows import update_later
from helpdesk.ingest import answer, keep
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import FORGED, UNAUTHENTICATED
from helpdesk.ingest.values import Record, Sender
from helpdesk.models import Message, OutboxMail, Ticket
from helpdesk.models.mail import ReceiptState
from helpdesk.models.outbound import OutboxState
from helpdesk.models.tickets import Direction, Standing
from helpdesk.outbound.enqueue import suppress
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, State

# What each record makes of a message: which way it went and whether it counts.
FORMS: dict[Record, tuple[Direction, Standing]] = {
    Record.DELIVERY_FAILURE: (Direction.AUTOMATIC, Standing.ADDED),
    Record.AUTOMATIC: (Direction.AUTOMATIC, Standing.ADDED),
    Record.QUARANTINE: (Direction.HELD, Standing.ADDED),
    Record.NEW_TICKET: (Direction.INBOUND, Standing.ADDED),
    Record.ADDED: (Direction.INBOUND, Standing.ADDED),
    Record.ADDED_STRANGER: (Direction.INBOUND, Standing.ADDED),
    Record.ASIDE: (Direction.INBOUND, Standing.ASIDE),
    Record.KEPT: (Direction.INBOUND, Standing.KEPT),
    Record.REACTIVATED: (Direction.INBOUND, Standing.ADDED),
    Record.WAITS: (Direction.INBOUND, Standing.UNCONFIRMED),
}
WARNINGS = frozenset({FORGED, UNAUTHENTICATED})


def apply(session: Session, services: Services, arrival: Arrival) -> list[Act]:
    """Carry out the decision. Returns what is to be audited; the caller records it last."""
    record = arrival.decision.record
    acts: list[Act] = []
    if record is Record.UNMATCHED:
        return [keep.unmatched(session, arrival), _finish(session, arrival, None, None)]
    ticket = _ticket(session, services, arrival, acts)
    if record in FORMS and ticket is not None:
        _write_message(session, services, arrival, ticket, acts)
        acts += consequences(session, arrival, ticket)
    if record is Record.DELIVERY_FAILURE:
        acts += _mark_bounced(session, arrival)
    mail = answer.write(session, services, arrival, ticket)
    if record in FORMS and ticket is not None:
        keep.remember_id(session, arrival, ticket)
    acts.append(_finish(session, arrival, ticket, mail))
    return acts


def _ticket(session: Session, services: Services, arrival: Arrival, acts: list[Act]) -> Ticket | None:
    """The matched ticket, or a new one where the record needs one."""
    if arrival.match.ticket_id is not None:
        return session.get_one(Ticket, arrival.match.ticket_id)
    if arrival.decision.record not in (Record.NEW_TICKET, Record.QUARANTINE, Record.WAITS):
        return None
    email = arrival.prepared.email
    shown = {} if arrival.withheld else {"subject": email.subject, "requester_name": email.from_name}
    ticket = actions.open_ticket(
        session,
        actions.NewTicket(
            desk=arrival.desk,
            prefix=services.settings.desks[arrival.desk].prefix,
            requester_address=email.from_address,
            mailbox=arrival.receipt.mailbox,
            at=arrival.at,
            unverified=not WARNINGS.isdisjoint(arrival.decision.flags),
            **shown,
        ),
    )
    acts.append(Act("ticket.opened", "ticket", ticket.number, actor=arrival.actor))
    return ticket


def _write_message(
    session: Session, services: Services, arrival: Arrival, ticket: Ticket, acts: list[Act]
) -> Message:
    """Add the message: with its content when clear, as a placeholder with a case when held."""
    direction, standing = FORMS[arrival.decision.record]
    if arrival.withheld:
        message = keep.placeholder(arrival, standing)
        actions.add_message(session, ticket, message)
        acts.append(keep.quarantine(session, arrival, ticket))
    else:
        message = keep.clear_message(arrival, direction, standing)
        actions.add_message(session, ticket, message, searchable=keep.searchable(arrival.prepared.email))
        keep.attachments(session, services.vault, message, arrival.prepared.email)
    return message


def consequences(session: Session, arrival: Arrival, ticket: Ticket) -> list[Act]:
    """What the record does to the ticket itself."""
    match arrival.decision.record:
        case Record.ADDED:
            return _now_waits_for_agent(arrival, ticket)
        case Record.ADDED_STRANGER | Record.WAITS:
            ticket.needs_agent = True
        case Record.REACTIVATED:
            return actions.reactivate(session, ticket, actor=Actor.REQUESTER, who=arrival.actor)
    return []


def _now_waits_for_agent(arrival: Arrival, ticket: Ticket) -> list[Act]:
    if arrival.match.sender is Sender.AGENT:
        return []
    acts = []
    if ticket.state == State.WAITING_USER.value:
        acts.append(
            actions.move(ticket, State.IN_PROGRESS, Actor.REQUESTER, who=arrival.actor, reason="reply")
        )
    ticket.needs_agent = True
    return acts


def _mark_bounced(session: Session, arrival: Arrival) -> list[Act]:
    """The mail that came back is marked; a permanent failure ends mail to that address.

    The address is taken from our own row, never from the report, so that a forged
    report can at most stop mail that we had sent to the one who was told its Message-ID.
    """
    mail = session.get(OutboxMail, arrival.match.bounced_outbox_id)
    if mail is None:
        return []
    mail.state, mail.last_error = OutboxState.FAILED.value, "the recipient's server sent it back"
    if arrival.match.bounced_permanent:
        suppress(session, mail.to_address, "a mail came back as undeliverable for good")
    detail = (("permanent", arrival.match.bounced_permanent),)
    return [Act("mail.bounced", "outbox", mail.id, detail=detail)]


def _finish(session: Session, arrival: Arrival, ticket: Ticket | None, mail: OutboxMail | None) -> Act:
    """End the receipt with its outcome."""
    receipt, decision = arrival.receipt, arrival.decision
    update_later(
        session,
        receipt,
        state=ReceiptState.DONE.value,
        outcome=decision.record.value,
        ticket_id=ticket.id if ticket else None,
        first_digest=receipt.digest,
        failure="",
        failed_step="",
        ended_at=arrival.at,
    )
    detail = (
        ("row", decision.row),
        ("record", decision.record.value),
        ("answer", decision.answer.value if mail else "none"),
        ("ticket", ticket.number if ticket else ""),
        ("policy", arrival.prepared.verdict.policy_version),
    )
    return Act("mail.processed", "receipt", receipt.id, actor=arrival.actor, detail=detail)
