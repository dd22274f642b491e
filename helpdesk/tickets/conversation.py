"""What was said on a ticket, in order: mails, notes, held placeholders, and the automatic mails we sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk.models import AuditEntry, Message, OutboxMail, Ticket
from helpdesk.models.outbound import OutboxState
from helpdesk.models.tickets import Standing
from helpdesk.tickets import numbers
from helpdesk.tickets.wall import Sight

LATEST = 50
MAILS = 200
HISTORY = 50
UNDELIVERED = (OutboxState.FAILED.value, OutboxState.UNCERTAIN.value, OutboxState.SUPPRESSED.value)


@dataclass(frozen=True)
class Entry:
    """One thing said: a message, with the mail that carried it, or an automatic mail of ours alone."""

    at: datetime
    message: Message | None
    mail: OutboxMail | None

    @property
    def undelivered(self) -> bool:
        return self.mail is not None and self.mail.state in UNDELIVERED


@dataclass(frozen=True)
class Conversation:
    """The entries that count, oldest first, and those that stand apart."""

    entries: Sequence[Entry]
    aside: Sequence[Entry]  # came in while resolved
    kept: Sequence[Entry]  # came in while closed
    earlier: int  # the id of the oldest message shown, when there are earlier ones; else 0


def ticket_by_number(session: Session, number: str, sight: Sight, *, lock: bool = False) -> Ticket | None:
    """The ticket that a number leads to now, with its owner and participants; `lock` when it will be changed.

    None where there is no such ticket in sight.
    """
    wanted = select(Ticket).where(numbers.is_called(number), sight.reaches(Ticket.desk))
    if lock:
        return session.scalar(wanted.with_for_update())
    return session.scalar(wanted.options(joinedload(Ticket.owner), selectinload(Ticket.participants)))


def conversation(session: Session, ticket: Ticket, *, before: int = 0, limit: int = LATEST) -> Conversation:
    """The latest `limit` messages, or those before the message of that id: three queries."""
    wanted = select(Message).where(Message.ticket_id == ticket.id)
    if before:
        wanted = wanted.where(Message.id < before)
    wanted = wanted.options(joinedload(Message.author), selectinload(Message.attachments))
    rows = session.scalars(wanted.order_by(Message.id.desc()).limit(limit + 1)).all()
    shown = rows[:limit][::-1]
    more = len(rows) > limit
    entries = _entries(shown, _mails(session, ticket), since=shown[0].created_at if more else None)
    return Conversation(
        [e for e in entries if _standing(e) not in (Standing.ASIDE, Standing.KEPT)],
        [e for e in entries if _standing(e) is Standing.ASIDE],
        [e for e in entries if _standing(e) is Standing.KEPT],
        shown[0].id if more else 0,
    )


def history(session: Session, ticket: Ticket) -> Sequence[AuditEntry]:
    """What was done to the ticket under each of its numbers, the latest first."""
    wanted = select(AuditEntry).where(
        AuditEntry.subject_kind == "ticket", AuditEntry.subject_id.in_(numbers.all_numbers(ticket))
    )
    return session.scalars(wanted.order_by(AuditEntry.id.desc()).limit(HISTORY)).all()


def _mails(session: Session, ticket: Ticket) -> dict[int, OutboxMail]:
    wanted = select(OutboxMail).where(OutboxMail.ticket_id == ticket.id)
    return {mail.id: mail for mail in session.scalars(wanted.order_by(OutboxMail.id.desc()).limit(MAILS))}


def _entries(
    messages: Sequence[Message], mails: dict[int, OutboxMail], *, since: datetime | None
) -> list[Entry]:
    carried = {message.outbox_id for message in messages}
    said = [Entry(m.created_at, m, mails.get(m.outbox_id or 0)) for m in messages]
    sent = [
        Entry(mail.created_at, None, mail)
        for mail in mails.values()
        if mail.automatic and mail.id not in carried and (since is None or mail.created_at >= since)
    ]
    return sorted([*said, *sent], key=lambda entry: entry.at)


def _standing(entry: Entry) -> Standing:
    return Standing(entry.message.standing) if entry.message else Standing.ADDED
