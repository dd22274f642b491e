"""Ciphertext: raw mails, held content, attachments. Only the vault reads and writes it."""

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, deferred, mapped_column

from helpdesk.db import Base, UtcDateTime, now


class Blob(Base):
    """One sealed content. With `wrapped_key` emptied it can never be read again."""

    __tablename__ = "blobs"

    id: Mapped[int] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes | None] = mapped_column(LargeBinary)
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary, nullable=False))
    size: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
