"""A person hands a message that is shown to information governance: from then on it is held like any other mail.

One transaction: the message is emptied, the quarantine has it, the trail says so. What the scanner finds in it
is added afterwards, so that nobody waits for a scan before the message is hidden.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.config import Settings
from helpdesk.db import empty_log, now, reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.governance.quarantine import get_held, raw_of
from helpdesk.ingest import keep
from helpdesk.ingest.failures import raws_of
from helpdesk.ingest.withdraw import REPORTED, withdraw
from helpdesk.ingest.workers import Crashed
from helpdesk.models import HeldMail, IgCase, MailReport, Message, Ticket
from helpdesk.models.governance import HeldState
from helpdesk.models.tickets import Direction
from helpdesk.pii.policy import load_policy
from helpdesk.pii.values import Severity, Verdict
from helpdesk.services import Services
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.numbering import next_number
from helpdesk.tickets.wall import Sight

RULE = "reported as personal data"
NOT_SURE = "not yet known"  # as the review form has it
SHOWN = (Direction.INBOUND.value, Direction.AUTOMATIC.value)


class NothingToReport(HelpdeskError):
    """There is no such message on the ticket, or it is none that came in and is shown."""


class ReportedAlready(HelpdeskError):
    """Somebody was first; the message is hidden already."""


class NotKept(HelpdeskError):
    """The raw mail is not there, or no key opens it."""


class ScansAgain(Protocol):
    """What looks into a mail once more; `ingest.pipeline.Pipeline` does."""

    def scan_again(self, raw: bytes) -> Verdict | None: ...


@dataclass(frozen=True)
class Said:
    """Who reports, and what they say of the message. Its repr does not show the note."""

    who_id: int
    who: str
    category: str
    severity: Severity
    note: str = field(default="", repr=False)


def kinds_of_data(settings: Settings) -> Mapping[str, Severity]:
    """The policy's categories in its order, each with the highest severity of its rules; and that one is not sure."""
    kinds: dict[str, Severity] = {}
    for rule in load_policy(settings.pii.policy).rules:
        kinds[rule.category] = Severity.gravest([kinds.get(rule.category, Severity.NONE), rule.severity])
    return {**kinds, NOT_SURE: Severity.MODERATE}


def shown_message(session: Session, ticket: Ticket, message_id: int) -> Message:
    """The message, if it can be reported. Raises NothingToReport, ReportedAlready."""
    message = session.get(Message, message_id)
    if message is None or message.ticket_id != ticket.id or message.receipt_id is None:
        raise NothingToReport("There is no message of a sender with that number on this ticket.")
    if message.direction == Direction.HELD.value and REPORTED in message.flags:
        raise ReportedAlready("This message was reported already and is with information governance.")
    if message.direction not in SHOWN:
        raise NothingToReport("This message is not shown, so there is nothing to report.")
    return message


def report(services: Services, number: str, message_id: int, said: Said, sight: Sight) -> int:
    """Hide the message, of a ticket in sight, and hold its mail. Returns the held mail's id.

    Raises NothingToReport, ReportedAlready.
    """
    with writing(services.sessions) as session:
        reference = _reference(session, message_id)
        ticket = ticket_by_number(session, number, sight, lock=True)
        if ticket is None:
            raise NothingToReport(f"There is no ticket {number.upper()}.")
        message = shown_message(session, ticket, message_id)
        _check_kept(session, services, message)
        held = _held(session, ticket, message, said, reference)
        _add_report(services, held, said)
        act = keep.hold(session, held, ticket, actor=said.who)
        withdraw(session, ticket, message)
        audit.record(session, act, _act(ticket, message, held, said))
    empty_log(services.engine)  # what the message said is in SQLite's log until then
    return held.id


def note_findings(services: Services, road: ScansAgain, held_id: int) -> None:
    """Add what the scanner finds in a reported mail; where that cannot be had, it says so by having no policy."""
    with reading(services.sessions) as session:
        raw = raw_of(session, services, get_held(session, held_id))
    verdict = road.scan_again(raw)
    if verdict is None:
        return
    with writing(services.sessions) as session:
        held = get_held(session, held_id)
        if held.state == HeldState.HELD.value and not held.policy_version:
            columns = keep.verdict_columns(verdict)
            columns["reasons"] = [*held.reasons, *columns["reasons"]]
            columns["severity"] = Severity.gravest([Severity(held.severity), verdict.severity]).value
            for name, value in columns.items():
                setattr(held, name, value)


def _check_kept(session: Session, services: Services, message: Message) -> None:
    """What is emptied now must be there to come back."""
    (raw,) = raws_of(session, services.vault, [message.receipt_id or 0]).values()
    if isinstance(raw, Crashed):
        raise NotKept(
            f"The mail of this message cannot be opened ({raw.kind}), so it was not hidden: nothing could bring it "
            "back. Tell your IG officer the ticket's number, and ask your administrator to look at the keys."
        )


def _reference(session: Session, message_id: int) -> str:
    """A case's number, where the mail has none. Taken before the ticket is locked, as the road does: nobody waits in a circle."""
    known = (
        select(HeldMail.id)
        .join(Message, Message.receipt_id == HeldMail.receipt_id)
        .where(Message.id == message_id)
    )
    return "" if session.scalar(known) else next_number(session, keep.CASE_PREFIX)


def _held(session: Session, ticket: Ticket, message: Message, said: Said, reference: str) -> HeldMail:
    """The row of the mail in quarantine: a new one, or the one of before, its decision noted in the report."""
    held = session.scalar(select(HeldMail).where(HeldMail.receipt_id == message.receipt_id))
    if held is None:
        held = HeldMail(receipt_id=message.receipt_id, ticket_id=ticket.id, reports=[])
        held.sender_address = message.author_address
        held.case = IgCase(reference=reference)
    held.ticket = ticket
    held.severity, held.reasons = said.severity.value, [_reason(said)]
    held.findings, held.unscannable, held.policy_version = [], [], ""
    return held


def _reason(said: Said) -> dict[str, Any]:
    return {"rule": RULE, "category": said.category, "severity": said.severity.value, "parts": []}


def _add_report(services: Services, held: HeldMail, said: Said) -> None:
    """Note who says what, and start the clock: we are aware from now on."""
    sealed = services.vault.seal(said.note.encode()) if said.note else None
    held.reports.append(
        MailReport(
            reported_by=said.who_id,
            category=said.category,
            wrapped_key=sealed.wrapped_key if sealed else None,
            note=sealed.content if sealed else b"",
            before=_decision_of_before(held),
        )
    )
    held.state, held.decision_reason, held.decided_at, held.decided_by = HeldState.HELD.value, "", None, None
    held.held_at = held.case.aware_at = now()
    held.case.state, held.case.outcome, held.case.closed_at = "open", "", None


def _decision_of_before(held: HeldMail) -> dict[str, Any]:
    if held.decided_at is None:
        return {}
    return {
        "state": held.state,
        "decided_at": held.decided_at.isoformat(timespec="seconds"),
        "decided_by": held.decided_by,
        "reason": held.decision_reason,
    }


def _act(ticket: Ticket, message: Message, held: HeldMail, said: Said) -> Act:
    detail = (("message", message.id), ("case", held.case.reference), ("category", said.category))
    return Act("ticket.message_reported", "ticket", ticket.number, actor=said.who, detail=detail)
