"""What keeps mail and ticket together: former numbers, merges, a person's other addresses, mail that waits."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from helpdesk.db import Base, UtcDateTime, now


class TicketNumber(Base):
    """A number that leads to a ticket of another number: one it had at another desk, or of one merged into it."""

    __tablename__ = "ticket_numbers"

    number: Mapped[str] = mapped_column(String(24), primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class TicketMerge(Base):
    """One ticket became another's. `moved` has the ids of what went along, so that it can be undone."""

    __tablename__ = "ticket_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    state_before: Mapped[str] = mapped_column(String(24))
    moved: Mapped[dict[str, list[Any]]] = mapped_column(JSON)
    merged_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    merged_by: Mapped[str] = mapped_column(String(255))
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OtherAddress(Base):
    """An agent's word that an address is the same person's as `main`; taken back, the row is gone."""

    __tablename__ = "other_addresses"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(String(320), unique=True)
    main: Mapped[str] = mapped_column(String(320), index=True)
    added_by: Mapped[str] = mapped_column(String(255))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class UnmatchedState(StrEnum):
    """Whether an agent has said where a mail belongs."""

    WAITING = "waiting"
    MATCHED = "matched"


class UnmatchedMail(Base):
    """A clear mail whose signs lead to several tickets, or to somebody else's; its raw form is the receipt's."""

    __tablename__ = "unmatched_mails"
    __table_args__ = (Index("ix_unmatched_mails_state", "state", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"), unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("tickets.id"))  # what the agent chose
    desk: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default=UnmatchedState.WAITING.value)
    author_address: Mapped[str] = mapped_column(String(320))
    author_name: Mapped[str] = mapped_column(String(255), default="")
    subject: Mapped[str] = mapped_column(String(500), default="")
    trust: Mapped[str] = mapped_column(String(16))
    flags: Mapped[list[str]] = mapped_column(JSON, default=list)
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(
        JSON, default=list
    )  # of a message as well; the strongest first
    policy_version: Mapped[str] = mapped_column(String(64))
    waits_since: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(255), default="")
