"""How reading each mailbox goes, for the pages, the alarms and the next attempt."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk import config
from helpdesk.db import now, reading, writing
from helpdesk.ingest.imap_errors import MailboxError, SignInRefused
from helpdesk.models import MailboxStatus, Receipt
from helpdesk.services import Services

FIRST_WAIT_SECONDS = 5.0
FIRST_WAIT_AFTER_SIGN_IN_SECONDS = 60.0  # servers lock an account out after some wrong passwords
LONGEST_WAIT_SECONDS = 900.0
SENTENCE_CHARACTERS = 500
STALE_AFTER_POLLS = 3
STALE_AFTER_AT_LEAST = timedelta(minutes=1)  # a visit itself may take longer than a short poll interval


class Kind(StrEnum):
    """How it goes with a mailbox."""

    NEW = "new"  # never read
    WORKING = "working"
    WARNING = "warning"  # read, but somebody should mend something
    FAILING = "failing"  # the last visits failed; tried again
    STALE = "stale"  # nobody reads it, and no failure says why: the service does not run, or hangs


@dataclass(frozen=True, slots=True)
class Health:
    """How it goes with one mailbox, since when it was last read, and a sentence where something is wrong."""

    mailbox: str
    kind: Kind
    last_success_at: datetime | None = None
    sentence: str = ""


def healths(session: Session, settings: config.Settings) -> list[Health]:
    """Every mailbox of the settings, in their order."""
    rows = {row.mailbox: row for row in session.scalars(select(MailboxStatus))}
    return [_health(session, key, box, rows.get(key)) for key, box in settings.mailboxes.items()]


def _health(session: Session, key: str, box: config.Mailbox, status: MailboxStatus | None) -> Health:
    if status is None or not (status.last_success_at or status.failures):
        return Health(key, Kind.NEW)
    since = status.last_success_at
    if status.failures:
        return Health(key, Kind.FAILING, since, status.last_failure)
    limit = max(STALE_AFTER_POLLS * timedelta(seconds=box.poll_seconds), STALE_AFTER_AT_LEAST)
    if since is None or (since < now() - limit and not _takes_mail_in(session, key, now() - limit)):
        return Health(key, Kind.STALE, since, _stale(key, since))
    return Health(key, Kind.WARNING if status.last_failure else Kind.WORKING, since, status.last_failure)


def _stale(key: str, since: datetime | None) -> str:
    last = f"at {since:%Y-%m-%d %H:%M} UTC" if since else "never"
    return (
        f"The mailbox {key!r} was read {last}, and no failure was noted since; "
        "see that the service runs, and start it again if it hangs."
    )


def _takes_mail_in(session: Session, key: str, since: datetime) -> bool:
    """True in a visit that is long since there is much mail."""
    last = session.scalar(select(func.max(Receipt.received_at)).where(Receipt.mailbox == key))
    return last is not None and last >= since


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
