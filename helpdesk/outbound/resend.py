"""What a person does with a mail that failed, or of which nobody knows whether it went out."""

from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now
from helpdesk.errors import HelpdeskError
from helpdesk.models import OutboxMail, Ticket
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound import suppression

GIVEN_UP = "A person has given it up."


class NotStopped(HelpdeskError):
    """The mail is not one that waits for a person."""


def retry(session: Session, outbox_id: int, who: str) -> OutboxMail:
    """Send it at the next run, with the same Message-ID, so that a second copy is seen as one.

    For a failed or an uncertain mail, or one that waits for its next try; else NotStopped. Appends to the audit trail: call it
    last in a transaction.
    """
    mail = _stopped(session, outbox_id, OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.QUEUED)
    was = mail.state
    mail.state, mail.tries, mail.last_error = OutboxState.QUEUED.value, 0, ""
    mail.claimed_at = mail.data_started_at = None
    mail.next_try_at = now()
    audit.record(session, _act(session, "mail.retried", mail, who, was))
    return mail


def give_up(session: Session, outbox_id: int, who: str) -> OutboxMail:
    """Leave it unsent, and off the lists of what waits for a person: state suppressed, with that reason.

    For the same mails as `retry`, else NotStopped; audited likewise.
    """
    mail = _stopped(session, outbox_id, OutboxState.FAILED, OutboxState.UNCERTAIN, OutboxState.QUEUED)
    was, mail.state, mail.last_error = mail.state, OutboxState.SUPPRESSED.value, GIVEN_UP
    audit.record(session, _act(session, "mail.given_up", mail, who, was))
    return mail


def lift(session: Session, address: str, who: str, reason: str = "") -> None:
    """Send to a stopped address again, from the next mail on. Raises NotStopped. Audited likewise."""
    if not suppression.lift(session, address):
        raise NotStopped(f"Mail to {address} is not stopped; `helpdesk outbox stopped` lists the addresses.")
    audit.record(session, Act("mail.lifted", "address", address.lower(), actor=who, reason=reason))


def _stopped(session: Session, outbox_id: int, *states: OutboxState) -> OutboxMail:
    mail = session.get(OutboxMail, outbox_id, with_for_update=True)
    if mail is None:
        raise NotStopped(f"There is no outgoing mail {outbox_id}; look at the list again.")
    if mail.state not in states:
        wanted = " or ".join(state.value for state in states)
        raise NotStopped(
            f"Outgoing mail {outbox_id} is {mail.state}; this can be done to one that is {wanted}."
        )
    return mail


def _act(session: Session, action: str, mail: OutboxMail, who: str, was: str) -> Act:
    ticket = session.get(Ticket, mail.ticket_id) if mail.ticket_id else None
    detail = (("ticket", ticket.number if ticket else ""), ("was", was))
    return Act(action, "outbox", mail.id, actor=who, detail=detail)
