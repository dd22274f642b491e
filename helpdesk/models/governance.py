"""Held mails and the cases an IG officer works on. No content: that is in the vault."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, now
from helpdesk.models.tickets import Ticket


class HeldState(StrEnum):
    """What an officer decided."""

    HELD = "held"
    RELEASED = "released"
    REDACTED = "redacted"  # released without what was found
    PURGED = "purged"


class HeldMail(Base):
    """One mail in quarantine. The raw mail is the receipt's sealed blob."""

    __tablename__ = "held_mails"
    __table_args__ = (Index("ix_held_mails_state", "state", "held_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipts.id"), unique=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id"), index=True)
    sender_address: Mapped[str] = mapped_column(String(320))
    state: Mapped[str] = mapped_column(String(16), default=HeldState.HELD.value)
    severity: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # rule, category, severity, parts
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSON)  # entity, part, offsets, score: no text
    unscannable: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    policy_version: Mapped[str] = mapped_column(String(64))
    held_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    decision_reason: Mapped[str] = mapped_column(String(2000), default="")

    ticket: Mapped[Ticket] = relationship()
    case: Mapped["IgCase"] = relationship(back_populates="held_mail")


class IgCase(Base):
    """The record that is opened with each held mail and outlives its content."""

    __tablename__ = "ig_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    held_mail_id: Mapped[int] = mapped_column(ForeignKey("held_mails.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, decided
    outcome: Mapped[str] = mapped_column(String(32), default="")
    aware_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)  # when the 72 hours start
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    held_mail: Mapped[HeldMail] = relationship(back_populates="case")
