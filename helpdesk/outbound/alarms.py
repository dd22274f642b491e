"""What an admin should know of outgoing mail: caps that stopped mails, texts that failed, certificates that end.

An alarm goes away by itself when its cause has not come again for `outbound.alarm_hours`. An admin who
acknowledges it silences it for as long; a cause that comes again after that raises it anew.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.config import Settings
from helpdesk.db import now, serialise
from helpdesk.errors import HelpdeskError
from helpdesk.models.outbound import Alarm

_LOCK = "outbound"
_SENTENCE = 500


class Kind(StrEnum):
    CAP = "cap"
    TEMPLATE = "template"


class NoAlarm(HelpdeskError):
    """There is no such alarm, or it is acknowledged."""


def wait_for_others(session: Session) -> None:
    """What goes out is counted and alarmed in one transaction at a time, from here to this one's end."""
    transaction = session.get_transaction()
    if transaction is None or session.info.get(_LOCK) is not transaction:
        serialise(session, _LOCK)
        session.info[_LOCK] = session.get_transaction()


def raise_alarm(session: Session, settings: Settings, kind: Kind, subject: str, sentence: str) -> None:
    """Count it, in this transaction; the first after a quiet time begins a new run."""
    wait_for_others(session)
    alarm = session.scalar(select(Alarm).where(Alarm.kind == kind.value, Alarm.subject == subject))
    at, since = now(), _since(settings)
    if alarm is None:
        session.add(Alarm(kind=kind.value, subject=subject, sentence=sentence[:_SENTENCE]))
        return
    acknowledged = alarm.acknowledged_at
    if alarm.last_at < since or (acknowledged is not None and acknowledged < since):
        alarm.first_at, alarm.count, alarm.acknowledged_at, alarm.acknowledged_by = at, 0, None, ""
    alarm.count, alarm.last_at, alarm.sentence = alarm.count + 1, at, sentence[:_SENTENCE]


def active(session: Session, settings: Settings) -> Sequence[Alarm]:
    """The alarms that an admin should look at, the newest cause first."""
    return session.scalars(select(Alarm).where(_is_active(settings)).order_by(Alarm.last_at.desc())).all()


def acknowledge(session: Session, settings: Settings, alarm_id: int, who: str) -> Alarm:
    """Silence an alarm. Raises NoAlarm. Appends to the audit trail: call it last in a transaction."""
    wanted = select(Alarm).where(Alarm.id == alarm_id, _is_active(settings)).with_for_update()
    alarm = session.scalar(wanted)
    if alarm is None:
        raise NoAlarm(f"There is no alarm {alarm_id} that waits for anybody; look at the list again.")
    alarm.acknowledged_at, alarm.acknowledged_by = now(), who
    detail = (("alarm", f"{alarm.kind} {alarm.subject}"), ("count", alarm.count))
    audit.record(session, Act("alarm.acknowledged", "alarm", alarm.id, actor=who, detail=detail))
    return alarm


def _since(settings: Settings) -> datetime:
    return now() - timedelta(hours=settings.outbound.alarm_hours)


def _is_active(settings: Settings) -> ColumnElement[bool]:
    since = _since(settings)
    return (Alarm.last_at >= since) & or_(Alarm.acknowledged_at.is_(None), Alarm.acknowledged_at < since)
