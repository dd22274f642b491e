"""What goes out."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, UtcDateTime, now

# What the daily caps count. Written out, so that both engines see that the partial indexes fit.
COUNTED = text("automatic AND state <> 'suppressed'")
_COUNTED: dict[str, Any] = {"sqlite_where": COUNTED, "postgresql_where": COUNTED}


class OutboxState(StrEnum):
    """Where a mail of ours is. UNCERTAIN: the server may or may not have taken it; a person decides."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    SUPPRESSED = "suppressed"  # not sent, and `last_error` says why


class OutboxMail(Base):
    """One mail to one address, written in the transaction that made it due.

    `receipt_id` is set on the automatic answer to an incoming mail; it is unique, so
    there is at most one.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_due", "state", "next_try_at"),
        Index("ix_outbox_to", "to_address", "created_at"),  # the cap of an address is counted from it as well
        Index("ix_outbox_ticket", "ticket_id", "kind", "created_at"),
        Index("ix_outbox_counted", "created_at", **_COUNTED),
        Index("ix_outbox_counted_domain", "to_domain", "created_at", **_COUNTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    automatic: Mapped[bool]
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"), unique=True)
    desk: Mapped[str] = mapped_column(String(32))
    from_address: Mapped[str] = mapped_column(String(320))
    from_name: Mapped[str] = mapped_column(String(255))
    reply_to: Mapped[str] = mapped_column(String(320), default="")
    to_address: Mapped[str] = mapped_column(String(320))
    to_domain: Mapped[str] = mapped_column(String(255))
    message_id: Mapped[str] = mapped_column(String(255), unique=True)
    in_reply_to: Mapped[str] = mapped_column(String(998), default="")
    references: Mapped[list[str]] = mapped_column(JSON, default=list)
    subject: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(String(16), default=OutboxState.QUEUED.value)
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    claimed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claimed_by: Mapped[str] = mapped_column(String(32), default="", server_default="")
    data_started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Suppression(Base):
    """An address that gets no more mail from us, since its mails came back."""

    __tablename__ = "suppressions"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320), unique=True)
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Alarm(Base):
    """Something with what goes out that an admin should know: one row for each thing, counted.

    `first_at`, `last_at` and `count` are of its newest run; `outbound.alarms` says when one ends.
    """

    __tablename__ = "alarms"
    __table_args__ = (UniqueConstraint("kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(100))
    sentence: Mapped[str] = mapped_column(String(500))
    count: Mapped[int] = mapped_column(default=1)
    first_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    acknowledged_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    acknowledged_by: Mapped[str] = mapped_column(String(320), default="")


class TemplateVersion(Base):
    """The text of one kind of a desk's mails, as an admin wrote it. Never changed: the newest counts.

    `edited` is False where the desk went back to the text that comes with the program.
    """

    __tablename__ = "template_versions"
    __table_args__ = (Index("ix_template_versions_desk", "desk", "kind", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    desk: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(32))
    edited: Mapped[bool] = mapped_column(default=True)
    subject: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    author: Mapped[str] = mapped_column(String(320))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
