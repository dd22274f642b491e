"""What time does to tickets and sign-ins."""

from datetime import timedelta
from typing import cast

from sqlalchemy import CursorResult, delete, or_

from helpdesk import audit
from helpdesk.db import empty_log, now, writing
from helpdesk.jobs.schedule import Counts
from helpdesk.models import WebSession
from helpdesk.services import Services
from helpdesk.tickets.actions import close_overdue

BATCH = 500
KEEP_ENDED = timedelta(days=1)


def close_resolved(services: Services) -> Counts:
    """Close what has been resolved for the set time, a batch a transaction until none is left."""
    closed = 0
    while True:
        with writing(services.sessions) as session:
            acts = close_overdue(session, services.settings.periods.resolved_closes_after, limit=BATCH)
            if acts:
                audit.record(session, *acts)
        closed += len(acts)
        if len(acts) < BATCH:
            return {"closed": closed}


def forget_sessions(services: Services) -> Counts:
    """Delete the sign-ins that ended, or can no longer be used, more than a day ago."""
    before = now() - KEEP_ENDED
    too_old = before - timedelta(hours=services.settings.periods.session_hours)
    with writing(services.sessions) as session:
        gone = session.execute(
            delete(WebSession).where(or_(WebSession.ended_at < before, WebSession.created_at < too_old))
        )
    return {"forgotten": cast("CursorResult[object]", gone).rowcount}


def empty_database_log(services: Services) -> Counts:
    """Cut SQLite's log, which keeps what was erased; `late`: a reader held it up, the next time will do."""
    return {"late": int(not empty_log(services.engine))}
