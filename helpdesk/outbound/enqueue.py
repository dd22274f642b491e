"""Into the outbox, in the transaction that makes the mail due."""

import logging
from datetime import timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.config import Settings
from helpdesk.db import now
from helpdesk.db_rows import insert_now
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound import alarms, thread
from helpdesk.outbound.addresses import domain_of
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.suppression import CAPS, lift, suppress, why_not

__all__ = ["due_again", "enqueue", "lift", "suppress"]

log = logging.getLogger(__name__)


def enqueue(
    session: Session, settings: Settings, draft: Draft, *, receipt_id: int | None = None
) -> OutboxMail:
    """Store a mail that is to be sent, or as suppressed with the reason in `last_error`.

    Flushed, so it has its id. A second answer to one receipt breaks the unique index.
    """
    reason = why_not(session, settings, draft)
    if reason in CAPS:
        _tell(session, settings, reason)
    mail = _row(draft, receipt_id)
    if reason:
        mail.state, mail.last_error = OutboxState.SUPPRESSED.value, reason[:500]
    insert_now(session, mail)
    if draft.threads and not reason:
        thread.remember(session, mail)
    return mail


def _tell(session: Session, settings: Settings, reason: str) -> None:
    log.warning("an automatic mail was not sent: %s", reason)
    sentence = (
        f"Automatic mails were not sent, since there were as many in a day as {CAPS[reason]} allows. "
        "Look at the outgoing mails that were not sent: is it a flood or a loop, or is the limit too low?"
    )
    alarms.raise_alarm(session, settings, alarms.Kind.CAP, CAPS[reason], sentence)


def _row(draft: Draft, receipt_id: int | None) -> OutboxMail:
    return OutboxMail(
        kind=draft.kind,
        automatic=draft.automatic,
        ticket_id=draft.ticket_id,
        receipt_id=receipt_id,
        desk=draft.desk,
        from_address=draft.from_address,
        from_name=draft.from_name[:255],
        reply_to=draft.reply_to,
        to_address=draft.to_address[:320],
        to_domain=domain_of(draft.to_address)[:255],
        message_id=draft.message_id,
        in_reply_to=draft.in_reply_to,
        references=list(draft.references),
        subject=draft.subject[:500],
        text=draft.text,
        html=draft.html,
    )


def due_again(session: Session, kind: str, ticket_id: int | None, to_address: str, period: timedelta) -> bool:
    """Whether this address had no such mail within the period, on this ticket or on none (None: on any)."""
    same = [
        OutboxMail.to_address == to_address.lower(),
        OutboxMail.kind == kind,
        OutboxMail.created_at > now() - period,
        OutboxMail.state != OutboxState.SUPPRESSED.value,
    ]
    if ticket_id is not None:
        # A stranger's notice names no ticket, so it counts on each.
        same.append(or_(OutboxMail.ticket_id == ticket_id, OutboxMail.ticket_id.is_(None)))
    return session.scalar(select(OutboxMail.id).where(*same).limit(1)) is None
