"""Held mails, what people reported, and the cases an IG officer works on. No content: that is in the vault."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from helpdesk.db import Base, UtcDateTime, now
from helpdesk.models.people import User
from helpdesk.models.tickets import Ticket


class HeldState(StrEnum):
    """What an officer decided."""

    HELD = "held"
    RELEASED = "released"
    REDACTED = "redacted"  # released without what was found
    PURGED = "purged"


class HeldMail(Base):
    """One mail in quarantine. The raw mail is the receipt's sealed blob.

    A mail that was released and then reported is held again in the same row.
    """

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
    reports: Mapped[list["MailReport"]] = relationship(back_populates="held_mail", order_by="MailReport.id")


class MailReport(Base):
    """A person's word that a message which was shown holds personal data; it is why the mail is held (again).

    The note may repeat what it speaks of, so it is sealed by the vault. `before`: the decision that stood until then.
    """

    __tablename__ = "mail_reports"

    id: Mapped[int] = mapped_column(primary_key=True)
    held_mail_id: Mapped[int] = mapped_column(ForeignKey("held_mails.id"), index=True)
    reported_by: Mapped[int] = mapped_column(ForeignKey("users.id"))
    reported_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    category: Mapped[str] = mapped_column(String(300))  # of the policy's
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    note: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    held_mail: Mapped[HeldMail] = relationship(back_populates="reports")
    reporter: Mapped[User] = relationship()


class IgCase(Base):
    """The record that is opened with each held mail and outlives its content; opened again where it is held again."""

    __tablename__ = "ig_cases"

    id: Mapped[int] = mapped_column(primary_key=True)
    reference: Mapped[str] = mapped_column(String(24), unique=True)
    held_mail_id: Mapped[int] = mapped_column(ForeignKey("held_mails.id"), unique=True)
    state: Mapped[str] = mapped_column(String(16), default="open")  # open, decided
    outcome: Mapped[str] = mapped_column(String(32), default="")
    aware_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)  # when the 72 hours start
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    held_mail: Mapped[HeldMail] = relationship(back_populates="case")
