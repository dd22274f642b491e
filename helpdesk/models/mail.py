"""What came in, and from where."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    and_,
    or_,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, UtcDateTime, now


class ReceiptState(StrEnum):
    """Where a receipt is on the road. Each ends as DONE or FAILED."""

    RECEIVED = "received"
    DONE = "done"
    FAILED = "failed"


class MailboxStatus(Base):
    """How reading one mailbox goes."""

    __tablename__ = "mailbox_status"

    mailbox: Mapped[str] = mapped_column(String(32), primary_key=True)
    uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    last_success_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failure_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_failure: Mapped[str] = mapped_column(String(500), default="")
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailToken(Base):
    """The OAuth 2.0 tokens of one account, sealed by the vault, and how renewing them goes."""

    __tablename__ = "mail_tokens"

    account: Mapped[str] = mapped_column(String(64), primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64), default="")  # of the settings they were given for
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    renewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the access token
    refresh_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # where the provider says it
    failures: Mapped[int] = mapped_column(default=0)  # in a row
    last_failure: Mapped[str] = mapped_column(String(500), default="")
    wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)


# As text, so that the query and the index say the same to either engine.
TO_ERASE = "erase_from_mailbox AND erased_at IS NULL"
NOT_FIRST = (
    "coalesce(first_digest, '') = ''"  # not IS NULL, for which SQLite would take the index of first_digest
)
NOT_MOVED = "acknowledged_at IS NULL"


class Receipt(Base):
    """One mail as it was taken in: where it lay, its sealed raw bytes, and how it ended.

    (mailbox, uidvalidity, uid) is unique (RFC 9051 section 2.3.1.1). `first_digest` is set
    on the first receipt of a content only, so the unique index makes a second one a redelivery.
    An imported file has uidvalidity 0 and a running uid.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("mailbox", "uidvalidity", "uid"),
        Index("ix_receipts_state", "state", "id"),
        Index(
            "ix_receipts_not_moved",
            "mailbox",
            "uidvalidity",
            sqlite_where=text(NOT_MOVED),
            postgresql_where=text(NOT_MOVED),
        ),
        # The first receipt of a content is found by first_digest, so these are few, and few pages are written.
        Index(
            "ix_receipts_digest",
            "digest",
            sqlite_where=text(NOT_FIRST),
            postgresql_where=text(NOT_FIRST),
        ),
        Index(
            "ix_receipts_to_erase", "mailbox", sqlite_where=text(TO_ERASE), postgresql_where=text(TO_ERASE)
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mailbox: Mapped[str] = mapped_column(String(32))
    uidvalidity: Mapped[int] = mapped_column(BigInteger)  # both are unsigned 32 bits wide
    uid: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[str] = mapped_column(String(64))
    first_digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    size: Mapped[int]
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"))
    state: Mapped[str] = mapped_column(String(16), default=ReceiptState.RECEIVED.value)
    outcome: Mapped[str] = mapped_column(String(32), default="")
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    failed_step: Mapped[str] = mapped_column(String(32), default="")
    failure: Mapped[str] = mapped_column(String(500), default="")  # a kind and a place, never content
    # What we found of its sender when it first failed: at a later try the DNS may say something else.
    sender: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Where it lies in the mailbox after the move (COPYUID, RFC 4315), so that a purge can reach it there.
    moved_to: Mapped[str] = mapped_column(String(255), default="")
    moved_uidvalidity: Mapped[int | None] = mapped_column(BigInteger)
    moved_uid: Mapped[int | None] = mapped_column(BigInteger)
    # A purge asks for it; a redelivery of purged content has it from the start.
    erase_from_mailbox: Mapped[bool] = mapped_column(default=False)
    erasing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # it was found, and is being erased
    erase_missed_at: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # when it was last looked for in vain
    erased_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @classmethod
    def with_content(cls, digests: Sequence[str]) -> ColumnElement[bool]:
        """Every receipt of these contents, written so that each half has its index."""
        copies = and_(text(NOT_FIRST), cls.digest.in_(digests))
        return or_(cls.first_digest.in_(digests), copies)


class MessageId(Base):
    """A Message-ID that belongs to a ticket, as a digest, so that replies find it."""

    __tablename__ = "message_ids"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))  # set on mails of ours
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
