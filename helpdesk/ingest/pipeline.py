"""The road from a receipt to its end: prepare, match, decide, apply.

What is prepared at the same time is applied in one transaction, mail by mail; if that fails, each has
one of its own. A crash before the commit leaves the receipts as they were, and the next run does the
same again; after it, they have ended and nothing is done twice.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.ingest import failures
from helpdesk.ingest.ending import Outcome, Ready, end_group
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.scan import written
from helpdesk.ingest.workers import Crashed, Workers
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.outbound.files import File
from helpdesk.pii.values import Verdict
from helpdesk.services import Services

__all__ = ["Outcome", "Pipeline", "make_pipeline"]

BATCH = 50  # mails that are read and handed to the workers at once; two batches are under way
MAILS_A_TRANSACTION = 20  # others who write wait so long


class Pipeline:
    """Takes receipts to their end, with the workers that parse and scan."""

    def __init__(self, services: Services, workers: Workers) -> None:
        self.services = services
        self.workers = workers

    def process(self, receipt_id: int) -> Outcome:
        """Take one receipt to its end."""
        return self._end_all(self._prepare([receipt_id]))[0]

    def process_waiting(
        self, limit: int | None = None, *, progress: Callable[[int], None] | None = None
    ) -> list[Outcome]:
        """Take receipts that wait to their end, oldest first; `progress` hears how many were done."""
        outcomes: list[Outcome] = []
        for ended in self._in_step(self._batches(limit)):
            outcomes += ended
            if progress:
                progress(len(ended))
        return outcomes

    def scan_written(self, text: str, files: Sequence[File] = ()) -> Verdict:
        """The verdict on what an agent wrote and the files with it, which travel the same road."""
        return self.workers.scan_pieces(written(text, files))

    def scan_again(self, raw: bytes) -> Verdict | None:
        """The verdict on a mail that was taken in before; None where it cannot be had."""
        prepared = self.workers.prepare_one(raw)
        return None if isinstance(prepared, Crashed) else prepared.verdict

    def close(self) -> None:
        self.workers.close()

    def _batches(self, limit: int | None) -> Iterator[list[int]]:
        """The ids of what waits, oldest first; each batch is looked for when it is asked for."""
        seen, left = 0, limit
        while left is None or left > 0:
            ids = self._waiting(seen, BATCH if left is None else min(BATCH, left))
            if not ids:
                return
            yield ids
            seen, left = ids[-1], None if left is None else left - len(ids)

    def _in_step(self, batches: Iterator[list[int]]) -> Iterator[list[Outcome]]:
        """The workers have the next batch while this one is applied."""
        ahead: deque[Iterator[list[Ready]]] = deque()
        for ids in batches:
            ahead.append(self._prepare(ids))
            if len(ahead) > 1:
                yield self._end_all(ahead.popleft())
        while ahead:
            yield self._end_all(ahead.popleft())

    def _waiting(self, after: int, limit: int) -> list[int]:
        with reading(self.services.sessions) as session:
            waiting = select(Receipt.id).where(
                Receipt.state == ReceiptState.RECEIVED.value, Receipt.id > after
            )
            return list(session.scalars(waiting.order_by(Receipt.id).limit(limit)))

    def _prepare(self, ids: list[int]) -> Iterator[list[Ready]]:
        """Hand all to the workers now; what is ready comes in the order the mails came, several at once."""
        with reading(self.services.sessions) as session:
            mails = failures.mails_of(session, self.services.vault, ids)
        readable = {number: (raw, box) for number, (raw, box) in mails.items() if isinstance(raw, bytes)}
        lost: list[Ready] = [(number, raw) for number, (raw, _) in mails.items() if isinstance(raw, Crashed)]
        results = self.workers.prepare(list(readable.values()), at_once=MAILS_A_TRANSACTION)
        numbers = iter(readable)
        ready = ([(next(numbers), one) for one in some] for some in results)
        return chain([lost], ready) if lost else ready

    def _end_all(self, groups: Iterator[list[Ready]]) -> list[Outcome]:
        return [outcome for group in groups for outcome in end_group(self.services, group)]


def make_pipeline(
    services: Services, *, in_process: bool = False, preparer: Preparer | None = None
) -> Pipeline:
    """The pipeline of a service. `in_process` scans here instead of in worker processes;
    a `preparer` that is loaded already is used as it is."""
    key = services.vault.signing_key("tokens")
    return Pipeline(services, Workers(services.settings, key, in_process=in_process, preparer=preparer))
