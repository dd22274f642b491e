"""Append-only, hash-chained trail of who did or saw what."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from helpdesk.db import now, serialise
from helpdesk.db_rows import write_waiting
from helpdesk.models.audit import AuditEntry

SYSTEM = "system"
START = "0" * 64
_HASHED = ("id", "at", "actor", "action", "subject_kind", "subject_id", "reason", "detail", "previous")
_APPEND = insert(AuditEntry.__table__)  # type: ignore[arg-type]  # a mapped class has a Table


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
    write_waiting(session)  # before the lock, so that others wait no longer than they must
    serialise(session, "audit")
    last = session.execute(
        select(AuditEntry.id, AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)
    ).first()
    number, previous = last or (0, START)
    when = at or now()
    rows = []
    for place, act in enumerate(acts, start=number + 1):
        row = _row(place, act, when, previous)
        previous = row["hash"] = _hash(row)
        rows.append(row)
    session.flush()
    if rows:
        session.execute(_APPEND, rows)


def _row(number: int, act: Act, at: datetime, previous: str) -> dict[str, Any]:
    return {
        "id": number,
        "at": at,
        "actor": act.actor,
        "action": act.action,
        "subject_kind": act.subject_kind,
        "subject_id": str(act.subject_id),
        "reason": act.reason,
        "detail": dict(act.detail),
        "previous": previous,
    }


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
            if entry.previous != previous or entry.hash != _hash(
                {name: getattr(entry, name) for name in _HASHED}
            ):
                return number, Broken(entry.id, "the entry was changed")
            number, previous = entry.id, entry.hash
        session.expunge_all()
        if len(page) < batch:
            return number, None


def _hash(row: Mapping[str, Any]) -> str:
    fields = [row[name] if name != "at" else row[name].isoformat(timespec="microseconds") for name in _HASHED]
    return hashlib.sha256(json.dumps(fields, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
