"""Taking in mails from files, by the same road: receipts of the mailbox `import`, then the pipeline.

Importing the same files again, or going on after a crash, takes in only what is not there yet:
each content is recognised by its digest, from wherever it came the first time.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import reading, writing
from helpdesk.ingest import receipts
from helpdesk.ingest.answer import QUIET
from helpdesk.ingest.batches import BYTES_A_BATCH, MAILS_A_BATCH
from helpdesk.ingest.mail_files import FileMail, mails
from helpdesk.ingest.visit import ROUNDS_A_BATCH, Processor
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services

MAILBOX = "import"
UIDVALIDITY = 0


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import did, in mails. `refused`: the sources that are over limits.mail_bytes."""

    found: int = 0
    taken: int = 0
    known: int = 0  # taken in before, by an import or by mail
    processed: int = 0
    failed: int = 0
    refused: tuple[str, ...] = ()


def import_paths(
    services: Services,
    pipeline: Processor,
    paths: Iterable[Path],
    *,
    answers: bool = True,
    progress: Callable[[int], None] | None = None,
) -> ImportResult:
    """Take in every mail of these files and folders and bring each to its end.

    Without `answers` nobody is written to: for old mail, whose senders wait for nothing. `progress` is told how many mails were dealt with since it was last told (`mail_files.count` says how many
    there are). Raises NoSuchFile; what was taken in until then stays.
    """
    _process(services, pipeline, _left_waiting(services))
    found = known = 0
    ids: list[int] = []
    refused: list[str] = []
    for batch in _batches(mails(paths), services.settings.limits.mail_bytes, refused):
        new, old = _take_in(services, batch, MAILBOX if answers else QUIET)
        _process(services, pipeline, new)
        ids += new
        found, known = found + len(batch), known + old
        if progress:
            progress(len(batch))
    if progress and refused:
        progress(len(refused))
    done, failed = _ends(services, ids)
    return ImportResult(found + len(refused), len(ids), known, done, failed, tuple(refused))


def _batches(files: Iterator[FileMail], limit: int, refused: list[str]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for file in files:
        if len(file.raw) > limit:
            refused.append(file.source)
            continue
        if batch and (len(batch) == MAILS_A_BATCH or size + len(file.raw) > BYTES_A_BATCH):
            yield batch
            batch, size = [], 0
        batch.append(file.raw)
        size += len(file.raw)
    if batch:
        yield batch


def _take_in(services: Services, batch: list[bytes], mailbox: str) -> tuple[list[int], int]:
    """(ids of the new receipts, how many were known already), in one transaction."""
    by_digest = {receipts.content_digest(raw): raw for raw in batch}
    with writing(services.sessions) as session:
        first = receipts.next_uid(session, mailbox, UIDVALIDITY)
        there = _taken_in_before(session, list(by_digest))
        fresh = [raw for digest, raw in by_digest.items() if digest not in there]
        numbered = dict(enumerate(fresh, start=first))
        made = receipts.take_in_batch(session, services.vault, mailbox, UIDVALIDITY, numbered)
        return [receipt.id for receipt in made], len(batch) - len(made)


def _taken_in_before(session: Session, digests: list[str]) -> set[str]:
    return set(session.scalars(select(Receipt.digest).where(Receipt.digest.in_(digests))))


def _process(services: Services, pipeline: Processor, ids: list[int]) -> None:
    for _ in range(ROUNDS_A_BATCH):
        if not _waiting(services, ids) or not pipeline.process_waiting(limit=MAILS_A_BATCH):
            break


def _left_waiting(services: Services) -> list[int]:
    """What an import took in before it was cut off."""
    with reading(services.sessions) as session:
        waits = Receipt.mailbox.in_((MAILBOX, QUIET)) & (Receipt.state == ReceiptState.RECEIVED.value)
        return list(session.scalars(select(Receipt.id).where(waits)))


def _waiting(services: Services, ids: list[int]) -> bool:
    return any(state == ReceiptState.RECEIVED.value for state in _states(services, ids))


def _ends(services: Services, ids: list[int]) -> tuple[int, int]:
    states = _states(services, ids)
    return states.count(ReceiptState.DONE.value), states.count(ReceiptState.FAILED.value)


def _states(services: Services, ids: list[int]) -> list[str]:
    found: list[str] = []
    with reading(services.sessions) as session:
        for start in range(0, len(ids), receipts.VALUES_A_QUERY):
            some = ids[start : start + receipts.VALUES_A_QUERY]
            found += session.scalars(select(Receipt.state).where(Receipt.id.in_(some)))
    return found
