"""The road from a receipt to its end: prepare, match, decide, apply.

What is prepared at the same time is applied in one transaction, mail by mail; if that fails, each has
one of its own. A crash before the commit leaves the receipts as they were, and the next run does the
same again; after it, they have ended and nothing is done twice.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain

from sqlalchemy import bindparam, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.ingest import failures
from helpdesk.ingest.apply import apply
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import decide
from helpdesk.ingest.echo import is_echo
from helpdesk.ingest.match import at_none, match
from helpdesk.ingest.prepare import Preparer
from helpdesk.ingest.situate import situate
from helpdesk.ingest.values import Answer, Decision, Match, OriginKind, Prepared, Record
from helpdesk.ingest.workers import Crashed, Workers
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.pii.values import Verdict
from helpdesk.services import Services

log = logging.getLogger(__name__)

BATCH = 50  # mails that are read and handed to the workers at once; two batches are under way
MAILS_A_TRANSACTION = 10  # others who write wait so long

Ready = tuple[int, Prepared | Crashed]  # a receipt's id and what became of its mail

_first = aliased(Receipt)
# A receipt, kept from others until we commit, and whether its content came in before, by whatever mailbox or UID.
_TO_END = (
    select(Receipt, exists().where(_first.first_digest == Receipt.digest, _first.id != Receipt.id))
    .where(Receipt.id == bindparam("receipt_id"))
    .with_for_update(of=Receipt)
)


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

    def scan_text(self, text: str) -> Verdict:
        """The verdict on what an agent typed, which travels the same road."""
        return self.workers.scan_text(text)

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
        return [outcome for group in groups for outcome in self._end_group(group)]

    def _end_group(self, group: list[Ready]) -> list[Outcome]:
        """Apply what is ready in one transaction; where that fails, each mail has its own."""
        good = [(number, one) for number, one in group if isinstance(one, Prepared)]
        if len(good) == len(group) > 1:
            try:
                return self._apply(good)
            except Exception as fault:  # noqa: BLE001 (each alone shows whose it is, or that the ground is gone)
                log.info("%d mails are applied one by one (%s)", len(group), type(fault).__name__)
        return [self._end(number, one) for number, one in group]

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
            return self._apply([(receipt_id, prepared)])[0]
        except IntegrityError:
            # Another process ended the same content, or took the same number, a moment ago.
            return self._apply([(receipt_id, prepared)])[0]

    def _apply(self, mails: list[tuple[int, Prepared]]) -> list[Outcome]:
        """All of them or none, in one transaction."""
        acts: list[Act] = []
        with writing(self.services.sessions) as session:
            outcomes = [self._apply_one(session, *one, acts) for one in mails]
            if acts:
                audit.record(session, *acts)
        return outcomes

    def _apply_one(self, session: Session, receipt_id: int, prepared: Prepared, acts: list[Act]) -> Outcome:
        receipt, came_before = session.execute(_TO_END, {"receipt_id": receipt_id}).one()
        if receipt.state == ReceiptState.DONE.value:
            return Outcome(receipt_id, Record(receipt.outcome))
        if came_before:
            acts.append(failures.end_as_redelivery(session, receipt))
            return Outcome(receipt_id, Record.REDELIVERY)
        arrival = self._arrival(session, receipt, prepared)
        acts += apply(session, self.services, arrival)
        return Outcome(receipt_id, arrival.decision.record, arrival.decision.row)

    def _arrival(self, session: Session, receipt: Receipt, prepared: Prepared) -> Arrival:
        matched: Match = match(session, prepared.email, prepared.origin, self.services.tokens)
        if matched.conflict and prepared.verdict.hold and prepared.origin.kind is OriginKind.PERSON:
            matched = at_none(matched)  # its placeholder must show on nobody else's ticket
        situation = situate(session, self.services.settings, receipt.mailbox, prepared, matched)
        decision: Decision = decide(situation)
        if decision.answer is not Answer.NONE and is_echo(session, prepared):
            decision = decide(replace(situation, answerable=False))
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


def make_pipeline(
    services: Services, *, in_process: bool = False, preparer: Preparer | None = None
) -> Pipeline:
    """The pipeline of a service. `in_process` scans here instead of in worker processes;
    a `preparer` that is loaded already is used as it is."""
    key = services.vault.signing_key("tokens")
    return Pipeline(services, Workers(services.settings, key, in_process=in_process, preparer=preparer))
