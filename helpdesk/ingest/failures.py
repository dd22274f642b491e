"""Receipts that did not reach an end by themselves: counted, listed, replayed. No content, ever."""

from sqlalchemy import func, select, update
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.keep import sender_columns
from helpdesk.ingest.values import Record
from helpdesk.ingest.workers import Crashed
from helpdesk.models import Blob, Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.vault import ContentDestroyed, Vault, VaultError


class NothingToReplay(HelpdeskError):
    """No failed mail has that number."""


def is_of_the_mail(fault: Exception) -> bool:
    """True when a step stumbled over this mail; False when the ground is gone (database, disk, memory).

    In the second case the receipt waits as it is, and the run stops with the fault's own sentence.
    """
    return not isinstance(fault, OperationalError | InterfaceError | OSError | MemoryError)


def raws_of(session: Session, vault: Vault, receipt_ids: list[int]) -> dict[int, bytes | Crashed]:
    """The raw bytes of each receipt as they came, or why they cannot be had."""
    return {number: raw for number, (raw, _) in mails_of(session, vault, receipt_ids).items()}


def mails_of(
    session: Session, vault: Vault, receipt_ids: list[int]
) -> dict[int, tuple[bytes | Crashed, str]]:
    """The raw bytes of each receipt, or why they cannot be had, and its mailbox; in one query."""
    rows = session.execute(
        select(Receipt.id, Receipt.mailbox, Blob.id, Blob.wrapped_key, Blob.content)
        .outerjoin(Blob, Receipt.blob_id == Blob.id)
        .where(Receipt.id.in_(receipt_ids))
        .order_by(Receipt.id)
    )
    return {
        number: (_opened(vault, blob_id, key, content), mailbox)
        for number, mailbox, blob_id, key, content in rows
    }


def _opened(vault: Vault, blob_id: int | None, key: bytes | None, content: bytes) -> bytes | Crashed:
    if blob_id is None:
        return Crashed("open", "only its headers were taken in", final=True)
    try:
        return vault.open(key, content)
    except (VaultError, ContentDestroyed) as fault:
        return Crashed.of("open", fault)


def count(session: Session, receipt_id: int, crashed: Crashed, tries: int) -> bool:
    """Count a failed try; True when it was the last and the receipt is on the failed list."""
    receipt = session.get_one(Receipt, receipt_id, with_for_update=True)
    receipt.tries += 1
    receipt.failed_step, receipt.failure = crashed.step, crashed.kind[:500]
    if receipt.sender is None and crashed.origin is not None:
        receipt.sender = sender_columns(crashed.origin)
    if receipt.tries < tries and not crashed.final:
        return False
    receipt.state, receipt.ended_at = ReceiptState.FAILED.value, now()
    detail = (("step", crashed.step), ("kind", crashed.kind), ("tries", receipt.tries))
    audit.record(session, Act("mail.failed_to_process", "receipt", receipt_id, detail=detail))
    return True


def end_as_redelivery(session: Session, receipt: Receipt) -> Act:
    """End a receipt whose content was taken in before; its ticket is the first one's.

    Its own sealed copy goes: one is kept, so that a purge of the first leaves none behind.
    """
    if receipt.blob_id is not None:
        Vault.destroy(session, receipt.blob_id)
    first = session.scalars(select(Receipt).where(Receipt.first_digest == receipt.digest)).one()
    receipt.state, receipt.outcome = ReceiptState.DONE.value, Record.REDELIVERY.value
    receipt.ticket_id, receipt.ended_at = first.ticket_id, now()
    return Act("mail.redelivered", "receipt", receipt.id, detail=(("first", first.id),))


def failed(session: Session, *, after: int = 0, limit: int = 50) -> list[Receipt]:
    """A page of the failed list, newest first. `after`: show only receipts older than that id."""
    query = select(Receipt).where(Receipt.state == ReceiptState.FAILED.value)
    if after:
        query = query.where(Receipt.id < after)
    return list(session.scalars(query.order_by(Receipt.id.desc()).limit(limit)))


def failed_count(session: Session) -> int:
    query = select(func.count()).select_from(Receipt).where(Receipt.state == ReceiptState.FAILED.value)
    return session.scalar(query) or 0


def replay(session: Session, receipt_ids: list[int] | None, *, who: str) -> list[int]:
    """Put failed receipts (all, or these) back on the road. Returns their ids; raises NothingToReplay."""
    query = select(Receipt.id).where(Receipt.state == ReceiptState.FAILED.value)
    if receipt_ids is not None:
        query = query.where(Receipt.id.in_(receipt_ids))
    ids = list(session.scalars(query.order_by(Receipt.id)))
    if receipt_ids and not ids:
        raise NothingToReplay("No failed mail has that number; list them with `helpdesk failed list`.")
    session.execute(
        update(Receipt)
        .where(Receipt.id.in_(ids))
        .values(state=ReceiptState.RECEIVED.value, tries=0, ended_at=None)
    )
    audit.record(session, *(Act("mail.replayed", "receipt", number, actor=who) for number in ids))
    return ids
