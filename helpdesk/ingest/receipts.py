"""Receipts: the durable note that a mail was taken in, with its sealed raw bytes.

(mailbox, UIDVALIDITY, UID) says where a mail lay, the digest what it says. A content that
came to its end before is a redelivery: it is noted and ends here, without a second copy, so
that a purge of the first erases it. Of two that wait at once the pipeline takes one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, case, func, select, update
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, serialise
from helpdesk.ingest.digest import content_digest, header_digest
from helpdesk.ingest.failures import end_as_redelivery
from helpdesk.ingest.imap_moved import Moved
from helpdesk.ingest.values import Record
from helpdesk.models import Blob, Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.vault import Vault

__all__ = [
    "Known",
    "acknowledge",
    "acknowledge_gone",
    "content_digest",
    "digests_known",
    "known",
    "next_uid",
    "refusal_act",
    "refuse_too_large",
    "take_in",
    "take_in_batch",
    "waiting",
]

TOO_LARGE = "too_large"
VALUES_A_QUERY = 500
FOLDER_CHARACTERS = 255  # of Receipt.moved_to


@dataclass(frozen=True, slots=True)
class Known:
    """A mail in the mailbox that has its receipt."""

    uid: int
    state: ReceiptState
    outcome: str

    @property
    def ended(self) -> bool:
        return self.state is not ReceiptState.RECEIVED


def take_in(
    session: Session, vault: Vault, mailbox_key: str, uidvalidity: int, uid: int, raw: bytes
) -> Receipt | None:
    """The receipt of one mail, flushed; None when that (mailbox, uidvalidity, uid) has one already."""
    made = take_in_batch(session, vault, mailbox_key, uidvalidity, {uid: raw})
    return made[0] if made else None


def take_in_batch(
    session: Session, vault: Vault, mailbox_key: str, uidvalidity: int, mails: Mapping[int, bytes]
) -> list[Receipt]:
    """Receipts of the mails (by UID) that have none yet, flushed, in the order given.

    A redelivery's receipt is done at once, with the outcome `redelivery` and the ticket of the first, and
    is written to the audit trail.
    """
    serialise(session, "receipts")  # so that two pollers see each other's receipts
    there = {mail.uid for mail in known(session, mailbox_key, uidvalidity, list(mails))}
    fresh = {uid: raw for uid, raw in mails.items() if uid not in there}
    digests = {uid: content_digest(raw) for uid, raw in fresh.items()}
    came_before = digests_known(session, list(digests.values()))
    made = [
        Receipt(mailbox=mailbox_key, uidvalidity=uidvalidity, uid=uid, digest=digests[uid], size=len(raw))
        for uid, raw in fresh.items()
    ]
    again = [receipt for receipt in made if receipt.digest in came_before]
    _seal(session, vault, [(one, fresh[one.uid]) for one in made if one.digest not in came_before])
    session.add_all(made)
    session.flush()
    _erase_what_was_purged(session, again)
    if again:
        audit.record(session, *[end_as_redelivery(session, receipt) for receipt in again])
    return made


def refuse_too_large(
    session: Session, mailbox_key: str, uidvalidity: int, uid: int, header: bytes, size: int, limit: int
) -> Receipt | None:
    """The receipt of a mail over the limit, whose body was not fetched: failed, refused, with the reason.

    None when it has one already. `first_digest` is empty where the same mail was refused before. The caller
    writes `refusal_act` to the audit trail.
    """
    serialise(session, "receipts")
    if known(session, mailbox_key, uidvalidity, [uid]):
        return None
    digest = header_digest(header, size)
    again = digests_known(session, [digest])
    receipt = Receipt(
        mailbox=mailbox_key,
        uidvalidity=uidvalidity,
        uid=uid,
        digest=digest,
        first_digest=None if again else digest,
        size=size,
        state=ReceiptState.FAILED.value,
        outcome=Record.REFUSED.value,
        failed_step=TOO_LARGE,
        failure=f"too large: {size} bytes, and limits.mail_bytes is {limit}; it lies in the refused folder",
        ended_at=now(),
    )
    session.add(receipt)
    session.flush()
    return receipt


def known(session: Session, mailbox_key: str, uidvalidity: int, uids: Sequence[int]) -> list[Known]:
    """Which of these UIDs have a receipt, and how far each is."""
    found = []
    for some in _chunks(uids):
        rows = session.execute(
            select(Receipt.uid, Receipt.state, Receipt.outcome).where(_of(mailbox_key, uidvalidity, some))
        )
        found += [Known(uid, ReceiptState(state), outcome) for uid, state, outcome in rows]
    return found


def waiting(session: Session, mailbox_key: str, uidvalidity: int, uids: Sequence[int]) -> bool:
    """True while one of these mails has not come to its end."""
    return any(not mail.ended for mail in known(session, mailbox_key, uidvalidity, uids))


def acknowledge(
    session: Session, mailbox_key: str, uidvalidity: int, uids: Sequence[int], moved: Moved | None = None
) -> None:
    """Note that these ended mails were moved out of the mailbox, and where they lie now if the server said so."""
    for some in _chunks(uids):
        values = {"acknowledged_at": now(), **(_place(moved, some) if moved else {})}
        session.execute(_acknowledging(_of(mailbox_key, uidvalidity, some), values))


def _place(moved: Moved, uids: Sequence[int]) -> dict[str, Any]:
    if len(moved.folder) > FOLDER_CHARACTERS:
        return {}  # it will be looked for where the settings say
    there = {uid: moved.uids[uid] for uid in uids if uid in moved.uids}
    if not there:
        return {"moved_to": moved.folder}
    return {
        "moved_to": moved.folder,
        "moved_uidvalidity": moved.uidvalidity,
        "moved_uid": case(there, value=Receipt.uid),
    }


def acknowledge_gone(session: Session, mailbox_key: str, uidvalidity: int, here: Iterable[int]) -> None:
    """Note the ended mails that are not `here` any more: moved before a crash, or by somebody else."""
    here = set(here)
    pending = session.scalars(
        select(Receipt.uid).where(
            Receipt.mailbox == mailbox_key,
            Receipt.uidvalidity == uidvalidity,
            Receipt.acknowledged_at.is_(None),
            Receipt.state != ReceiptState.RECEIVED.value,
        )
    )
    acknowledge(session, mailbox_key, uidvalidity, [uid for uid in pending if uid not in here])


def refusal_act(receipt: Receipt) -> Act:
    """What the audit trail says of a mail that was refused."""
    return Act("mail.refused", "receipt", receipt.id, detail=(("why", TOO_LARGE), ("size", receipt.size)))


def digests_known(session: Session, digests: Sequence[str]) -> set[str]:
    """Which contents came to their end before, from wherever."""
    found: set[str] = set()
    for some in _chunks(digests):
        query = select(Receipt.first_digest).where(Receipt.first_digest.in_(some))
        found.update(filter(None, session.scalars(query)))
    return found


def next_uid(session: Session, mailbox_key: str, uidvalidity: int = 0) -> int:
    """The running number for what has no UID of its own. Call it in the transaction that uses it."""
    serialise(session, "receipts")
    last = session.scalar(
        select(func.max(Receipt.uid)).where(
            Receipt.mailbox == mailbox_key, Receipt.uidvalidity == uidvalidity
        )
    )
    return (last or 0) + 1


def _erase_what_was_purged(session: Session, again: list[Receipt]) -> None:
    """A redelivery of purged content is to be erased in its mailbox as the first was."""
    for some in _chunks([receipt.digest for receipt in again]):
        query = select(Receipt.first_digest).where(Receipt.first_digest.in_(some), Receipt.erase_from_mailbox)
        purged = set(session.scalars(query))
        for receipt in again:
            receipt.erase_from_mailbox |= receipt.digest in purged


def _seal(session: Session, vault: Vault, mails: list[tuple[Receipt, bytes]]) -> None:
    """As `Vault.put`, in one statement for all."""
    blobs = []
    for _, raw in mails:
        sealed = vault.seal(raw)
        blobs.append(Blob(wrapped_key=sealed.wrapped_key, content=sealed.content, size=len(raw)))
    session.add_all(blobs)
    session.flush()
    for (receipt, _), blob in zip(mails, blobs, strict=True):
        receipt.blob_id = blob.id


def _of(mailbox_key: str, uidvalidity: int, uids: Sequence[int]) -> ColumnElement[bool]:
    return (Receipt.mailbox == mailbox_key) & (Receipt.uidvalidity == uidvalidity) & Receipt.uid.in_(uids)


def _acknowledging(which: ColumnElement[bool], values: dict[str, Any]) -> Any:
    return (
        update(Receipt)
        .where(which, Receipt.acknowledged_at.is_(None), Receipt.state != ReceiptState.RECEIVED.value)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def _chunks(values: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for start in range(0, len(values), VALUES_A_QUERY):
        yield values[start : start + VALUES_A_QUERY]
