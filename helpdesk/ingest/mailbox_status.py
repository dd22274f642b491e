"""How reading each mailbox goes, for the pages, the alarms and the next attempt."""

import random
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from helpdesk.db import now, reading, writing
from helpdesk.ingest.imap_errors import MailboxError, SignInRefused
from helpdesk.models import MailboxStatus
from helpdesk.services import Services

FIRST_WAIT_SECONDS = 5.0
FIRST_WAIT_AFTER_SIGN_IN_SECONDS = 60.0  # servers lock an account out after some wrong passwords
LONGEST_WAIT_SECONDS = 900.0
SENTENCE_CHARACTERS = 500


def succeeded(services: Services, mailbox_key: str, warning: str = "") -> None:
    """A visit came to its end. `warning`: what an operator should mend all the same, such as a read-only mailbox.

    `last_failure` then holds the warning while `failures` stays 0; without one it is emptied.
    """
    with writing(services.sessions) as session:
        status = _row(session, mailbox_key)
        status.last_success_at = now()
        status.failures = 0
        status.wait_until = None
        status.last_failure = warning[:SENTENCE_CHARACTERS]
        if warning:
            status.last_failure_at = status.last_success_at


def failed(services: Services, mailbox_key: str, fault: Exception) -> datetime:
    """A visit failed. Returns (and keeps) the time before which it should not be tried again."""
    with writing(services.sessions) as session:
        status = _row(session, mailbox_key)
        status.failures += 1
        status.last_failure_at = now()
        status.last_failure = _sentence(fault)
        status.wait_until = now() + timedelta(seconds=seconds_to_wait(fault, status.failures))
        return status.wait_until


def saw_uidvalidity(services: Services, mailbox_key: str, uidvalidity: int) -> bool:
    """Keep the UIDVALIDITY; True when it changed since the last visit, so that all mail is looked at again."""
    with reading(services.sessions) as session:
        before = session.get(MailboxStatus, mailbox_key)
        if before is not None and before.uidvalidity == uidvalidity:
            return False
    with writing(services.sessions) as session:
        status = _row(session, mailbox_key)
        changed = status.uidvalidity not in (None, uidvalidity)
        status.uidvalidity = uidvalidity
        return changed


def seconds_to_wait(fault: Exception, failures: int) -> float:
    """Doubling with each failure in a row, with jitter; never less than a throttling server asks for."""
    first = FIRST_WAIT_AFTER_SIGN_IN_SECONDS if isinstance(fault, SignInRefused) else FIRST_WAIT_SECONDS
    doublings = min(failures - 1, 20)
    longest = min(LONGEST_WAIT_SECONDS, first * float(1 << doublings))
    asked = (fault.retry_after or 0.0) if isinstance(fault, MailboxError) else 0.0
    return max(asked, longest * random.uniform(0.5, 1.0))  # noqa: S311 (spreads load, guards nothing)


def _sentence(fault: Exception) -> str:
    # Only our own sentences are known to hold no content.
    text = str(fault) if isinstance(fault, MailboxError) else f"a defect: {type(fault).__name__}"
    return text[:SENTENCE_CHARACTERS]


def _row(session: Session, mailbox_key: str) -> MailboxStatus:
    status = session.get(MailboxStatus, mailbox_key)
    if status is None:
        status = MailboxStatus(mailbox=mailbox_key, failures=0, last_failure="")
        session.add(status)
    return status
