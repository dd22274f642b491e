"""Purged mails that still lie in a mailbox: which, where they were seen last, and what came of erasing them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

from sqlalchemy import or_, select, text, update
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now
from helpdesk.models import Receipt
from helpdesk.models.mail import TO_ERASE

LOOK_AGAIN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Place:
    """A mail in a folder of the server."""

    folder: str
    uidvalidity: int
    uid: int


@dataclass(frozen=True, slots=True)
class Purged:
    """One mail that is to be erased.

    `came_to`: where it lay first; `place`: where it was put, if that is known; `found`: we saw it there.
    """

    receipt_id: int
    digest: str
    size: int
    came_to: Place
    place: Place | None
    found: bool
    missed_before: bool

    @classmethod
    def of(cls, receipt: Receipt, inbox: str) -> Self:
        place, came_to = None, Place(inbox, receipt.uidvalidity, receipt.uid)
        if receipt.moved_uid is not None and receipt.moved_uidvalidity is not None:
            place = Place(receipt.moved_to, receipt.moved_uidvalidity, receipt.moved_uid)
        elif receipt.acknowledged_at is None:
            place = came_to
        found, missed = receipt.erasing_since is not None, receipt.erase_missed_at is not None
        return cls(receipt.id, receipt.digest, receipt.size, came_to, place, found, missed)


def waiting(session: Session, mailbox_key: str, inbox: str) -> list[Purged]:
    """What is to be erased in this mailbox now; what was looked for in vain, once a day."""
    query = select(Receipt).where(
        Receipt.mailbox == mailbox_key,
        text(TO_ERASE),
        or_(Receipt.erase_missed_at.is_(None), Receipt.erase_missed_at < now() - LOOK_AGAIN_AFTER),
    )
    return [Purged.of(receipt, inbox) for receipt in session.scalars(query.order_by(Receipt.id))]


def mark_copies(session: Session, digests: Sequence[str]) -> None:
    """Have redeliveries erased too that came in the moment of the purge, in whichever mailbox."""
    session.execute(
        update(Receipt)
        .where(Receipt.with_content(digests), Receipt.erase_from_mailbox.is_(False))
        .values(erase_from_mailbox=True)
        .execution_options(synchronize_session=False)
    )


def acknowledged(session: Session, mailbox_key: str, uidvalidity: int, uids: Collection[int]) -> set[int]:
    """Which of these UIDs we moved away ourselves; asked of few."""
    query = select(Receipt.uid).where(
        Receipt.mailbox == mailbox_key,
        Receipt.uidvalidity == uidvalidity,
        Receipt.uid.in_(uids),
        Receipt.acknowledged_at.is_not(None),
    )
    return set(session.scalars(query))


def note_found(session: Session, receipt_id: int, place: Place) -> None:
    """Before it is erased: so that after a crash its absence from there is known to be our doing."""
    receipt = session.get_one(Receipt, receipt_id)
    receipt.erasing_since = receipt.erasing_since or now()
    receipt.moved_to = place.folder
    receipt.moved_uidvalidity, receipt.moved_uid = place.uidvalidity, place.uid


def note_erased(session: Session, receipt_id: int) -> None:
    session.get_one(Receipt, receipt_id).erased_at = now()
    audit.record(session, Act("mail.erased_from_mailbox", "receipt", receipt_id))


def note_missed(session: Session, purged: Purged) -> None:
    """It is nowhere that we looked: moved or deleted by somebody, or out of our rights. Audited the first time."""
    session.get_one(Receipt, purged.receipt_id).erase_missed_at = now()
    if not purged.missed_before:
        audit.record(session, Act("mail.not_found_in_mailbox", "receipt", purged.receipt_id))
