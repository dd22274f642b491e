"""Reading the mailboxes: once, or for as long as the service runs."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import now
from helpdesk.ingest import mailbox_status
from helpdesk.ingest.imap_errors import MailboxError
from helpdesk.ingest.reader import MailboxReader, PollResult, UnknownMailbox
from helpdesk.ingest.visit import Processor, Progress, RefusalNotice
from helpdesk.services import Services

__all__ = ["MailboxReader", "PollResult", "UnknownMailbox", "poll_all", "poll_once", "watch"]

log = logging.getLogger(__name__)

SECONDS_AFTER_A_DEFECT = 30.0
SECONDS_TO_RECONNECT = 0.5
SECONDS_WHILE_BUSY = 1.0


def poll_once(
    services: Services,
    mailbox_key: str,
    pipeline: Processor,
    *,
    progress: Progress | None = None,
    on_refused: RefusalNotice | None = None,
) -> PollResult:
    """Take in, process and move everything that lies in the mailbox now.

    `progress` is called with (mails dealt with, mails found). A mail over limits.mail_bytes is refused, and a
    person told so (`refusals.notice`, or `on_refused` in its place: called with the mailbox and the header; what
    it returns is called in the transaction of the receipt, once a mail, not for redeliveries).
    Raises MailboxError, after noting it in the mailbox's status. Tries at once, whatever wait an earlier failure
    asked for.
    """
    with MailboxReader(services, mailbox_key, on_refused=on_refused) as reader:
        return reader.poll(pipeline, progress=progress)


def poll_all(
    services: Services,
    pipeline: Processor,
    *,
    progress: Progress | None = None,
    on_refused: RefusalNotice | None = None,
) -> list[PollResult]:
    """Every mailbox once; one that fails stops no other and has `error` set."""
    results = []
    for key in services.settings.mailboxes:
        try:
            results.append(poll_once(services, key, pipeline, progress=progress, on_refused=on_refused))
        except MailboxError as fault:
            results.append(PollResult(key, error=str(fault)))
    return results


def watch(
    services: Services,
    mailbox_key: str,
    pipeline: Processor,
    stop_event: threading.Event,
    *,
    on_result: Callable[[PollResult], None] | None = None,
    on_refused: RefusalNotice | None = None,
) -> None:
    """Read a mailbox until `stop_event` is set: at once when mail comes, and every `poll_seconds` anyway.

    Failures are noted in the mailbox's status and waited out; none ends the loop. A wait that was noted
    before this start is not honoured, so that a mended setting works at once. Raises UnknownMailbox.
    """
    with MailboxReader(services, mailbox_key, on_refused=on_refused) as reader:
        while not stop_event.is_set():
            seconds = _poll(reader, services, pipeline, on_result)
            if seconds:
                stop_event.wait(seconds)
            else:
                stop_event.wait(_wait(reader, stop_event))


def _poll(
    reader: MailboxReader,
    services: Services,
    pipeline: Processor,
    on_result: Callable[[PollResult], None] | None,
) -> float:
    """One visit. Returns how many seconds to stay away: none when all went well."""
    try:
        result = reader.poll(pipeline)
        if on_result:
            on_result(result)
    except MailboxError as fault:
        log.warning("%s", fault)
        return _until(reader.wait_until)
    except Exception as fault:  # noqa: BLE001 - a defect or a dead database must not end the watch
        # The kind alone: the text may quote a statement with its values.
        log.error("mailbox %s: %s while reading it; it will be tried again", reader.key, type(fault).__name__)
        reader.close()
        return _after_defect(services, reader.key, fault)
    return SECONDS_WHILE_BUSY if result.busy else 0.0


def _wait(reader: MailboxReader, stop: threading.Event) -> float:
    """Until there is mail or it is time to look anyway. Returns how many seconds to stay away."""
    try:
        reader.wait(reader.settings.poll_seconds, stop)
    except MailboxError as fault:
        log.info("%s", fault)  # an idle connection was closed; if more is wrong, the next poll notes it
        return max(SECONDS_TO_RECONNECT, fault.retry_after or 0.0)
    return 0.0


def _after_defect(services: Services, key: str, fault: Exception) -> float:
    try:
        return _until(mailbox_status.failed(services, key, fault))
    except SQLAlchemyError:
        return SECONDS_AFTER_A_DEFECT


def _until(moment: datetime | None) -> float:
    return max(0.1, (moment - now()).total_seconds()) if moment else SECONDS_AFTER_A_DEFECT
