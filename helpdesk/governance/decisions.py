"""An officer's decision on a held mail: release, release redacted, purge. Each with a reason, each audited."""

from dataclasses import replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import empty_log, now, reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.governance.quarantine import NotHeld, check_reason, get_held, raw_of
from helpdesk.governance.redaction import redact_email
from helpdesk.governance.words import find_words, words_left
from helpdesk.ingest.pipeline import Pipeline
from helpdesk.ingest.released import add_released
from helpdesk.ingest.values import Email, Prepared
from helpdesk.ingest.workers import Crashed
from helpdesk.models import HeldMail, Message, Receipt, SearchEntry, User
from helpdesk.models.governance import HeldState
from helpdesk.pii.values import Severity, Verdict
from helpdesk.services import Services
from helpdesk.tickets.naming import drop_name

PURGED = "purged"  # on a placeholder: what it stood for is erased


class StillFound(HelpdeskError):
    """What is left after redaction is still personal data to the scanner."""


class NothingToTakeOut(HelpdeskError):
    """Redaction would give back what was reported."""


class CannotPrepare(HelpdeskError):
    """The held mail cannot be read again."""


def release(services: Services, pipeline: Pipeline, held_id: int, officer: str, reason: str) -> None:
    """Give the whole mail to the desk. It takes the decision table again, with the ticket's state now."""
    why = check_reason(reason)
    prepared = _prepared(services, pipeline, held_id)
    _give(services, held_id, officer, why, _cleared(prepared, prepared.email), HeldState.RELEASED)


def release_redacted(
    services: Services, pipeline: Pipeline, held_id: int, officer: str, reason: str, words: str = ""
) -> None:
    """Give the mail to the desk without what was found, and without these words, some a line.

    Raises StillFound when the scan is not clear then, NothingToTakeOut and WordsNotFound when it would not help.
    """
    why = check_reason(reason)
    prepared = _prepared(services, pipeline, held_id)
    named = find_words(prepared.email, words, services.settings)
    if not named:
        _check_it_changes(services, held_id, prepared)
    verdict = replace(prepared.verdict, findings=(*prepared.verdict.findings, *named))
    email = _redacted(services, pipeline, replace(prepared, verdict=verdict))
    if words_left(email, words, services.settings):
        raise StillFound(
            "Some of your words are still there after redaction. Nothing was released. Purge the mail."
        )
    _give(services, held_id, officer, why, _cleared(prepared, email), HeldState.REDACTED)


def _check_it_changes(services: Services, held_id: int, prepared: Prepared) -> None:
    """What was shown, and what was shown redacted, would come back as it was if the scanner's findings alone went."""
    with reading(services.sessions) as session:
        before = [report.before.get("state") for report in get_held(session, held_id).reports]
    if before and (not prepared.verdict.hold or HeldState.REDACTED.value in before):
        raise NothingToTakeOut(
            "The scanner finds nothing more in this mail, so the desk would see what it saw before. "
            "Write below which words to take out, or purge the mail."
        )


def _redacted(services: Services, pipeline: Pipeline, prepared: Prepared) -> Email:
    """The mail without the data that was found; without whole sentences too, where the rest is not clear otherwise."""
    rules: set[str] = set()
    for sparing in (True, False):
        email = redact_email(prepared.email, prepared.verdict, services.settings, sparing=sparing)
        again = pipeline.workers.scan_email(email)
        if not again.hold:
            return email
        rules = {one.rule for one in again.reasons}
    raise StillFound(
        f"After redaction the scanner still finds: {', '.join(sorted(rules))}. Nothing was released. "
        "Purge the mail, or release it whole if that is right."
    )


def purge(services: Services, held_id: int, officer: str, reason: str) -> None:
    """Erase the mail for good. The record of what was held and why stays; it has no content."""
    why = check_reason(reason)
    with writing(services.sessions) as session:
        held = _still_held(session, held_id)
        _erase_every_copy(session, services, session.get_one(Receipt, held.receipt_id))
        held.ticket.held_messages -= 1
        _say_that_it_is_gone(session, held)
        act = _decide(session, held, HeldState.PURGED, officer, why)
        audit.record(session, act)
    empty_log(services.engine)  # where a reader is in the way, the service's own job does it later


def _say_that_it_is_gone(session: Session, held: HeldMail) -> None:
    """The ticket's placeholder no longer says that something is being checked, and what was said of it goes too."""
    placeholder = session.scalars(select(Message).where(Message.receipt_id == held.receipt_id)).one_or_none()
    if placeholder is not None:
        placeholder.flags = [*placeholder.flags, PURGED]
        session.execute(delete(SearchEntry).where(SearchEntry.message_id == placeholder.id))
    for report in held.reports:
        report.wrapped_key, report.note = None, b""
    drop_name(session, held.ticket)


def _erase_every_copy(session: Session, services: Services, receipt: Receipt) -> None:
    """Destroy what is stored of this content, redeliveries included, and have it erased in the mailboxes."""
    for copy in session.scalars(select(Receipt).where(Receipt.with_content([receipt.digest]))):
        if copy.blob_id is not None:
            services.vault.destroy(session, copy.blob_id)
        copy.erase_from_mailbox = True


def _prepared(services: Services, pipeline: Pipeline, held_id: int) -> Prepared:
    with reading(services.sessions) as session:
        raw = raw_of(session, services, _still_held(session, held_id))
    prepared = pipeline.workers.prepare_one(raw)
    if isinstance(prepared, Crashed):
        raise CannotPrepare(
            f"The held mail cannot be read ({prepared.kind}); purge it, or ask your administrator."
        )
    return prepared


def _cleared(prepared: Prepared, email: Email) -> Prepared:
    """The same mail with the officer's word in place of the scanner's."""
    verdict: Verdict = replace(prepared.verdict, hold=False, severity=Severity.NONE)
    return Prepared(email, prepared.origin, verdict)


def _give(
    services: Services, held_id: int, officer: str, reason: str, prepared: Prepared, state: HeldState
) -> None:
    with writing(services.sessions) as session:
        held = _still_held(session, held_id)
        acts = add_released(session, services, held, prepared, redacted=state is HeldState.REDACTED)
        acts.append(_decide(session, held, state, officer, reason))
        audit.record(session, *acts)


def _still_held(session: Session, held_id: int) -> HeldMail:
    held = get_held(session, held_id)
    if held.state != HeldState.HELD.value:
        raise NotHeld(f"This mail was already {held.state}; reload the page to see by whom.")
    return held


def _decide(session: Session, held: HeldMail, state: HeldState, officer: str, reason: str) -> Act:
    """Write the decision on the held mail and close its case."""
    held.state, held.decision_reason, held.decided_at = state.value, reason, now()
    held.decided_by = session.scalar(select(User.id).where(User.email == officer))
    held.case.state, held.case.outcome, held.case.closed_at = "decided", state.value, now()
    detail = (("case", held.case.reference), ("ticket", held.ticket.number))
    return Act(f"held.{state.value}", "held_mail", held.id, actor=officer, reason=reason, detail=detail)
