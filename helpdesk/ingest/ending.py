"""How receipts come to their end: matched, decided and applied, several in one transaction.

Where that fails, each has a transaction of its own, so that what goes wrong with one mail is its own
failure. Either way a receipt ends in the transaction that writes all that became of its mail.
"""

import logging
from dataclasses import dataclass, field, replace

from sqlalchemy import bindparam, event, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.exc import StaleDataError

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import writing
from helpdesk.db_rows import write_waiting
from helpdesk.ingest import failures
from helpdesk.ingest.apply import apply
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import decide
from helpdesk.ingest.echo import is_echo
from helpdesk.ingest.keep import found_first
from helpdesk.ingest.match import at_none, match
from helpdesk.ingest.situate import situate
from helpdesk.ingest.values import Answer, Decision, Match, OriginKind, Prepared, Record
from helpdesk.ingest.workers import Crashed
from helpdesk.models import Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.services import Services

log = logging.getLogger(__name__)

Ready = tuple[int, Prepared | Crashed]  # a receipt's id and what became of its mail

_first = aliased(Receipt)
# Receipts, kept from others until we commit, and whether the content came in before, by whatever mailbox or UID.
# In the order of their ids, so that two who lock several never wait for each other.
_TO_END = (
    select(Receipt, exists().where(_first.first_digest == Receipt.digest, _first.id != Receipt.id))
    .where(Receipt.id.in_(bindparam("ids", expanding=True)))
    .order_by(Receipt.id)
    .with_for_update(of=Receipt)
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one receipt ended, or that it has not ended yet (`record` None and not failed)."""

    receipt_id: int
    record: Record | None = None
    row: int = 0
    failed: bool = False


@dataclass(frozen=True)
class _Group:
    """One transaction: what it has ended so far, by content, and what is to be audited at its end."""

    session: Session
    services: Services
    ended: set[str] = field(default_factory=set)
    acts: list[Act] = field(default_factory=list)
    kept: list[object] = field(
        default_factory=list
    )  # what was read, or the session lets go of it and reads it again


def end_group(services: Services, group: list[Ready]) -> list[Outcome]:
    """Apply what is ready in one transaction; where that fails, each mail has its own."""
    good = [(number, one) for number, one in group if isinstance(one, Prepared)]
    if len(good) == len(group) > 1:
        try:
            return apply_all(services, good)
        except Exception as fault:  # noqa: BLE001 (each alone shows whose it is, or that the ground is gone)
            log.info("%d mails are applied one by one (%s)", len(group), type(fault).__name__)
    return [_end(services, number, one) for number, one in group]


def _end(services: Services, receipt_id: int, prepared: Prepared | Crashed) -> Outcome:
    """Apply one mail; what goes wrong with it is its own failure and blocks no other."""
    if isinstance(prepared, Crashed):
        return _failed(services, receipt_id, prepared)
    try:
        return _apply_once_more_if_raced(services, receipt_id, prepared)
    except Exception as fault:
        if not failures.is_of_the_mail(fault):
            raise
        return _failed(services, receipt_id, Crashed.of("apply", fault, prepared.origin))


def _apply_once_more_if_raced(services: Services, receipt_id: int, prepared: Prepared) -> Outcome:
    try:
        return apply_all(services, [(receipt_id, prepared)])[0]
    except (IntegrityError, StaleDataError):
        # Another process ended the same content, took the same number, or changed the ticket (an agent's merge, say) a moment ago.
        return apply_all(services, [(receipt_id, prepared)])[0]


def apply_all(services: Services, mails: list[tuple[int, Prepared]]) -> list[Outcome]:
    """All of them or none, in one transaction."""
    with writing(services.sessions) as session:
        group = _Group(session, services)
        event.listen(session, "loaded_as_persistent", lambda _, row: group.kept.append(row))
        found = session.execute(_TO_END, {"ids": [number for number, _ in mails]})
        receipts = {receipt.id: (receipt, came_before) for receipt, came_before in found}
        outcomes = [_apply_one(group, *receipts[number], prepared) for number, prepared in mails]
        if group.acts:
            audit.record(session, *group.acts)
    return outcomes


def _apply_one(group: _Group, receipt: Receipt, came_before: bool, prepared: Prepared) -> Outcome:
    if receipt.state == ReceiptState.DONE.value:
        return Outcome(receipt.id, Record(receipt.outcome))
    if came_before or receipt.digest in group.ended:
        write_waiting(group.session)
        group.acts.append(failures.end_as_redelivery(group.session, receipt))
        return Outcome(receipt.id, Record.REDELIVERY)
    if receipt.sender is not None:
        prepared = replace(prepared, origin=found_first(prepared.origin, receipt.sender))
    arrival = _arrival(group, receipt, prepared)
    group.acts.extend(apply(group.session, group.services, arrival))
    group.ended.add(receipt.digest)
    return Outcome(receipt.id, arrival.decision.record, arrival.decision.row)


def _arrival(group: _Group, receipt: Receipt, prepared: Prepared) -> Arrival:
    session, services = group.session, group.services
    matched: Match = match(session, prepared.email, prepared.origin, services.tokens)
    if matched.conflict and prepared.verdict.hold and prepared.origin.kind is OriginKind.PERSON:
        matched = at_none(matched)  # its placeholder must show on nobody else's ticket
    situation = situate(session, services.settings, receipt.mailbox, prepared, matched)
    decision: Decision = decide(situation)
    if decision.answer is not Answer.NONE and is_echo(session, prepared):
        decision = decide(replace(situation, answerable=False))
    return Arrival(receipt, desk_of(services, receipt.mailbox), prepared, matched, decision)


def _failed(services: Services, receipt_id: int, crashed: Crashed) -> Outcome:
    log.warning("receipt %s stopped at step %s (%s)", receipt_id, crashed.step, crashed.kind)
    with writing(services.sessions) as session:
        ended = failures.count(session, receipt_id, crashed, services.settings.limits.ingest_tries)
    return Outcome(receipt_id, failed=ended)


def desk_of(services: Services, mailbox: str) -> str:
    """The desk that a mailbox feeds; what comes from elsewhere (an import) goes to the first desk."""
    box = services.settings.mailboxes.get(mailbox)
    return box.desk if box else next(iter(services.settings.desks))
