"""The road from a receipt to its end: prepare, match, decide, apply.

One transaction a mail. A crash before its commit leaves the receipt as it was, and the
next run does the same again; after it, the receipt has ended and nothing is done twice.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.ingest import failures
from helpdesk.ingest.apply import apply
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import decide
from helpdesk.ingest.match import match
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.situate import situate
from helpdesk.ingest.values import Decision, Match, Prepared, Record
from helpdesk.ingest.workers import Crashed, Workers
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.pii.values import Verdict
from helpdesk.services import Services

log = logging.getLogger(__name__)

BATCH = 50


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one receipt ended, or that it has not ended yet (`record` None and not failed)."""

    receipt_id: int
    record: Record | None = None
    row: int = 0
    failed: bool = False


class Pipeline:
    """Takes receipts to their end, with the workers that parse and scan."""

    def __init__(self, services: Services, workers: Workers) -> None:
        self.services = services
        self.workers = workers

    def process(self, receipt_id: int) -> Outcome:
        """Take one receipt to its end."""
        return self._process([receipt_id])[0]

    def process_waiting(
        self, limit: int | None = None, *, progress: Callable[[int], None] | None = None
    ) -> list[Outcome]:
        """Take receipts that wait to their end, oldest first; `progress` hears how many were done."""
        outcomes: list[Outcome] = []
        seen = 0
        while limit is None or len(outcomes) < limit:
            ids = self._waiting(seen, min(BATCH, limit - len(outcomes)) if limit else BATCH)
            if not ids:
                break
            seen = ids[-1]
            outcomes += self._process(ids)
            if progress:
                progress(len(ids))
        return outcomes

    def scan_text(self, text: str) -> Verdict:
        """The verdict on what an agent typed, which travels the same road."""
        return self.workers.scan_text(text)

    def close(self) -> None:
        self.workers.close()

    def _waiting(self, after: int, limit: int) -> list[int]:
        with reading(self.services.sessions) as session:
            waiting = select(Receipt.id).where(
                Receipt.state == ReceiptState.RECEIVED.value, Receipt.id > after
            )
            return list(session.scalars(waiting.order_by(Receipt.id).limit(limit)))

    def _process(self, ids: list[int]) -> list[Outcome]:
        """Prepare all (in parallel), then apply each in the order they came."""
        with reading(self.services.sessions) as session:
            raws = {number: failures.raw_of(session, self.services.vault, number) for number in ids}
        readable = {number: raw for number, raw in raws.items() if isinstance(raw, bytes)}
        prepared = zip(readable, self.workers.prepare(list(readable.values())), strict=True)
        outcomes = [self._end(number, raw) for number, raw in raws.items() if isinstance(raw, Crashed)]
        return outcomes + [self._end(number, one) for number, one in prepared]

    def _end(self, receipt_id: int, prepared: Prepared | Crashed) -> Outcome:
        """Apply one mail; what goes wrong with it is its own failure and blocks no other."""
        if isinstance(prepared, Crashed):
            return self._failed(receipt_id, prepared)
        try:
            return self._apply_once_more_if_raced(receipt_id, prepared)
        except Exception as fault:
            if not failures.is_of_the_mail(fault):
                raise
            return self._failed(receipt_id, Crashed.of("apply", fault))

    def _apply_once_more_if_raced(self, receipt_id: int, prepared: Prepared) -> Outcome:
        try:
            return self._apply(receipt_id, prepared)
        except IntegrityError:
            # Another process ended the same content, or took the same number, a moment ago.
            return self._apply(receipt_id, prepared)

    def _apply(self, receipt_id: int, prepared: Prepared) -> Outcome:
        with writing(self.services.sessions) as session:
            receipt = session.get_one(Receipt, receipt_id, with_for_update=True)
            if receipt.state == ReceiptState.DONE.value:
                return Outcome(receipt_id, Record(receipt.outcome))
            if _taken_before(session, receipt):
                audit.record(session, failures.end_as_redelivery(session, receipt))
                return Outcome(receipt_id, Record.REDELIVERY)
            arrival = self._arrival(session, receipt, prepared)
            audit.record(session, *apply(session, self.services, arrival))
        return Outcome(receipt_id, arrival.decision.record, arrival.decision.row)

    def _arrival(self, session: Session, receipt: Receipt, prepared: Prepared) -> Arrival:
        matched: Match = match(session, prepared.email, prepared.origin, self.services.tokens)
        situation = situate(session, self.services.settings, receipt.mailbox, prepared, matched)
        decision: Decision = decide(situation)
        return Arrival(receipt, desk_of(self.services, receipt.mailbox), prepared, matched, decision)

    def _failed(self, receipt_id: int, crashed: Crashed) -> Outcome:
        log.warning("receipt %s stopped at step %s (%s)", receipt_id, crashed.step, crashed.kind)
        with writing(self.services.sessions) as session:
            ended = failures.count(session, receipt_id, crashed, self.services.settings.limits.ingest_tries)
        return Outcome(receipt_id, failed=ended)


def desk_of(services: Services, mailbox: str) -> str:
    """The desk that a mailbox feeds; what comes from elsewhere (an import) goes to the first desk."""
    box = services.settings.mailboxes.get(mailbox)
    return box.desk if box else next(iter(services.settings.desks))


def _taken_before(session: Session, receipt: Receipt) -> bool:
    """True when the same content came in before, by whatever mailbox or UID."""
    same = exists().where(Receipt.first_digest == receipt.digest, Receipt.id != receipt.id)
    return bool(session.scalar(select(same)))


def make_pipeline(
    services: Services, *, in_process: bool = False, preparer: Preparer | None = None
) -> Pipeline:
    """The pipeline of a service. `in_process` scans here instead of in worker processes;
    a `preparer` that is loaded already is used as it is."""
    key = services.vault.signing_key("tokens")
    return Pipeline(services, Workers(services.settings, key, in_process=in_process, preparer=preparer))
