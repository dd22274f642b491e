"""Tickets, what was said on them, and who takes part."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, now
from helpdesk.models.people import User


class Direction(StrEnum):
    """Which way a message went."""

    INBOUND = "inbound"  # a mail of a person
    AUTOMATIC = "automatic"  # an automatic mail: out of office, delivery report
    OUTBOUND = "outbound"  # an agent's reply
    NOTE = "note"  # an agent's internal note
    HELD = "held"  # a placeholder: a mail waits for an IG officer; no content


class Standing(StrEnum):
    """Whether a message counts on its ticket."""

    ADDED = "added"
    ASIDE = "aside"  # came while resolved; joins when the ticket is re-activated
    KEPT = "kept"  # came while closed; stays apart
    UNCONFIRMED = "unconfirmed"  # claims a domain of ours and failed; waits for an agent


# What a mail of ours carries; most messages came in.
CARRIED = text("outbox_id IS NOT NULL")


class NumberCounter(Base):
    """The next ticket number of a desk's prefix."""

    __tablename__ = "number_counters"

    prefix: Mapped[str] = mapped_column(String(8), primary_key=True)
    next: Mapped[int] = mapped_column(default=1)


class Ticket(Base):
    """One request. `state` is one of `tickets.states.State`."""

    __tablename__ = "tickets"
    __table_args__ = (
        Index("ix_tickets_queue", "desk", "state", "updated_at"),
        Index("ix_tickets_state_updated", "state", "updated_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    desk: Mapped[str] = mapped_column(String(32))
    mailbox: Mapped[str] = mapped_column(String(32), default="")
    subject: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(24))
    needs_agent: Mapped[bool] = mapped_column(default=True)
    requester_address: Mapped[str] = mapped_column(String(320), index=True)
    requester_name: Mapped[str] = mapped_column(String(255), default="")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    unverified: Mapped[bool] = mapped_column(default=False)
    held_messages: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now, index=True)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    owner: Mapped[User | None] = relationship()
    participants: Mapped[list["Participant"]] = relationship(back_populates="ticket")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy reads it once)


class Participant(Base):
    """An address that takes part in a ticket."""

    __tablename__ = "participants"
    __table_args__ = (UniqueConstraint("ticket_id", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    address: Mapped[str] = mapped_column(String(320), index=True)
    requester: Mapped[bool] = mapped_column(default=False)

    ticket: Mapped[Ticket] = relationship(back_populates="participants")


class Message(Base):
    """One thing said on a ticket. A held mail has a row without content until it is released."""

    __tablename__ = "messages"
    __table_args__ = (
        Index("ix_messages_ticket", "ticket_id", "created_at"),
        Index("ix_messages_outbox", "outbox_id", sqlite_where=CARRIED, postgresql_where=CARRIED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"))
    receipt_id: Mapped[int | None] = mapped_column(ForeignKey("receipts.id"), unique=True)
    outbox_id: Mapped[int | None] = mapped_column(ForeignKey("outbox.id"))
    direction: Mapped[str] = mapped_column(String(16))
    standing: Mapped[str] = mapped_column(String(16), default=Standing.ADDED.value)
    author_address: Mapped[str] = mapped_column(String(320), default="")
    author_name: Mapped[str] = mapped_column(String(255), default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    sender: Mapped[str] = mapped_column(String(16), default="")  # participant, agent, stranger
    trust: Mapped[str] = mapped_column(String(16), default="")  # verified, unknown, failed
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)  # what the agent is warned of
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)  # why it is on this ticket
    subject: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text, default="")
    html: Mapped[str] = mapped_column(Text, default="")
    redacted: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    ticket: Mapped[Ticket] = relationship()
    author: Mapped[User | None] = relationship()
    attachments: Mapped[list["Attachment"]] = relationship(back_populates="message")


class Attachment(Base):
    """A file of a cleared message; its bytes are in the vault."""

    __tablename__ = "attachments"

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("messages.id"), index=True)
    blob_id: Mapped[int | None] = mapped_column(ForeignKey("blobs.id"))
    file_name: Mapped[str] = mapped_column(String(255))
    media_type: Mapped[str] = mapped_column(String(127))
    size: Mapped[int]
    content_id: Mapped[str] = mapped_column(String(255), default="")
    tombstone: Mapped[str] = mapped_column(String(500), default="")  # why it is gone

    message: Mapped[Message] = relationship(back_populates="attachments")


class SearchEntry(Base):
    """A searchable text of a ticket: only what an agent may read."""

    __tablename__ = "search_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("messages.id"), index=True)
    content: Mapped[str] = mapped_column(Text)
