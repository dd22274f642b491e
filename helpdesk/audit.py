"""Append-only, hash-chained trail of who did or saw what."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import now, serialise
from helpdesk.models.audit import AuditEntry

SYSTEM = "system"
START = "0" * 64


@dataclass(frozen=True)
class Act:
    """What is to be written: who, what, on what, why. Ids, addresses of users, counts: never content."""

    action: str
    subject_kind: str
    subject_id: str | int
    actor: str = SYSTEM
    reason: str = ""
    detail: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True)
class Broken:
    """Where the chain does not hold, and why."""

    entry_id: int
    why: str


def record(session: Session, *acts: Act, at: datetime | None = None) -> None:
    """Append the acts to the trail, in this transaction.

    Call it last in a transaction: on PostgreSQL others that append wait from here to its end.
    """
    serialise(session, "audit")
    last = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    number, previous = last or (0, START)
    when = at or now()
    for act in acts:
        number += 1
        entry = AuditEntry(
            id=number,
            at=when,
            actor=act.actor,
            action=act.action,
            subject_kind=act.subject_kind,
            subject_id=str(act.subject_id),
            reason=act.reason,
            detail=dict(act.detail),
            previous=previous,
        )
        entry.hash = previous = _hash(entry)
        session.add(entry)
    session.flush()


def verify(session: Session, batch: int = 1_000) -> tuple[int, Broken | None]:
    """Walk the whole chain. Returns how many entries were read and the first break, if any."""
    previous, number = START, 0
    while True:
        page = session.scalars(
            select(AuditEntry).where(AuditEntry.id > number).order_by(AuditEntry.id).limit(batch)
        ).all()
        for entry in page:
            if entry.id != number + 1:
                return number, Broken(number + 1, "an entry is missing")
            if entry.previous != previous or entry.hash != _hash(entry):
                return number, Broken(entry.id, "the entry was changed")
            number, previous = entry.id, entry.hash
        session.expunge_all()
        if len(page) < batch:
            return number, None


def _hash(entry: AuditEntry) -> str:
    fields = [
        entry.id,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor,
        entry.action,
        entry.subject_kind,
        entry.subject_id,
        entry.reason,
        entry.detail,
        entry.previous,
    ]
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
