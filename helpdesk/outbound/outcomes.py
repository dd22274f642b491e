"""What is written when a mail was sent, failed, or nobody knows."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.db import now
from helpdesk.models import OutboxMail, Ticket
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound.claims import Claim, settle
from helpdesk.outbound.handover import Handed, Outcome
from helpdesk.outbound.suppression import suppress
from helpdesk.tickets.states import State

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=12)
GROWTH = 3
JITTER = 0.25


def ended(handed: Handed, tries: int, most_tries: int) -> Handed:
    """What came of a mail, where the last of its tries makes a temporary failure a final one."""
    if handed.outcome is not Outcome.TEMPORARY or tries < most_tries:
        return handed
    return replace(handed, outcome=Outcome.PERMANENT, why=f"{handed.why} It was tried {tries} times.")


def write(session: Session, claim: Claim, handed: Handed) -> list[Act]:
    """Write what came of a mail. Returns what is to be audited."""
    state = _STATES[handed.outcome]
    if not settle(session, claim, **_values(state, claim.mail.tries + 1, handed.why)):
        return []
    if handed.no_such_address:
        suppress(session, claim.mail.to_address, "its mail server says that it does not exist")
    return acts_for(session, [claim.mail.id], state)


_STATES = {
    Outcome.SENT: OutboxState.SENT,
    Outcome.TEMPORARY: OutboxState.QUEUED,
    Outcome.PERMANENT: OutboxState.FAILED,
    Outcome.UNCERTAIN: OutboxState.UNCERTAIN,
}
_ACTS = {
    OutboxState.SENT: "mail.sent",
    OutboxState.FAILED: "mail.failed",
    OutboxState.UNCERTAIN: "mail.uncertain",
}


def _values(state: OutboxState, tries: int, why: str) -> dict[str, Any]:
    values: dict[str, Any] = {"state": state.value, "tries": tries, "last_error": why[:500]}
    if state is OutboxState.SENT:
        return {**values, "sent_at": now()}
    if state is OutboxState.QUEUED:
        return {**values, "claimed_at": None, "data_started_at": None, "next_try_at": next_try(tries)}
    return values


def next_try(tries: int) -> datetime:
    """A minute, then three times longer each time up to half a day, and a quarter of that more or less."""
    wait = min(FIRST_WAIT * float(GROWTH ** min(tries - 1, 20)), LONGEST_WAIT)
    spread = 1 - JITTER + 2 * JITTER * secrets.randbelow(1_000) / 1_000
    return now() + wait * spread


def acts_for(session: Session, ids: Iterable[int], state: OutboxState) -> list[Act]:
    """The acts for mails that came to this state; a ticket whose agent's mail did not go out needs the agent."""
    wanted = tuple(ids)
    if state not in _ACTS or not wanted:
        return []
    if state is not OutboxState.SENT:
        _call_the_agent(session, wanted)
    rows = session.execute(
        select(OutboxMail.id, Ticket.number)
        .outerjoin(Ticket)
        .where(OutboxMail.id.in_(wanted))
        .order_by(OutboxMail.id)
    )
    return [
        Act(_ACTS[state], "outbox", outbox_id, detail=(("ticket", number or ""),))
        for outbox_id, number in rows
    ]


def _call_the_agent(session: Session, ids: tuple[int, ...]) -> None:
    # Past the version counter: an agent who has the ticket open is not to be told that it changed.
    theirs = select(OutboxMail.ticket_id).where(OutboxMail.id.in_(ids), OutboxMail.automatic.is_(False))
    session.execute(
        update(Ticket)
        .where(Ticket.id.in_(theirs), Ticket.state != State.CLOSED.value)
        .values(needs_agent=True)
        .execution_options(synchronize_session=False)
    )
