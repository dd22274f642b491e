"""Which process sends which mail: a claim with a lease, kept in the row.

`claimed_at` is the claim's mark. Whoever finds another mark in the row has lost the
claim and sends nothing. `data_started_at` is committed before the first byte of a mail
goes out, so that after a crash nobody sends it a second time. `claimed_by` names a lock that
the process holds while it lives (PostgreSQL); its lease counts only where that is unknown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from helpdesk.db import now, without_holder
from helpdesk.models import OutboxMail
from helpdesk.models.outbound import OutboxState

LEASE = timedelta(minutes=10)
NEVER_SO_LONG = timedelta(hours=18)  # between two tries: outcomes.next_try
DIED = "The process that was sending it died; whether the mail server has taken it is not known."


@dataclass(frozen=True, slots=True)
class Claim:
    """A mail that is ours to send until the lease ends."""

    mail: OutboxMail
    mark: datetime


@dataclass(frozen=True, slots=True)
class Recovered:
    """What processes that died had left."""

    queued: int
    uncertain: tuple[int, ...]


def claim_due(session: Session, count: int, by: str = "") -> list[Claim]:
    """Take up to `count` mails that are due, oldest first; others skip those that we take.

    `by` names the lock that is held while this process lives; empty: there is none.

    A mail that was never tried is due whatever its time says, and so is one whose time is further off than we
    ever wait: the clock was set back.
    """
    mark = now()
    due = or_(
        OutboxMail.next_try_at <= mark, OutboxMail.tries == 0, OutboxMail.next_try_at > mark + NEVER_SO_LONG
    )
    mails = session.scalars(
        select(OutboxMail)
        .where(OutboxMail.state == OutboxState.QUEUED.value, due)
        .order_by(OutboxMail.next_try_at, OutboxMail.id)
        .limit(count)
        .with_for_update(skip_locked=True)
    ).all()
    for mail in mails:
        mail.state, mail.claimed_at, mail.claimed_by = OutboxState.SENDING.value, mark, by
        mail.data_started_at = None
    session.flush()
    return [Claim(mail, mark) for mail in mails]


def start_data(session: Session, claim: Claim) -> Claim | None:
    """Note that the mail goes out now; the lease starts anew. None: the claim was lost, send nothing."""
    mark = now()
    noted = session.execute(
        update(OutboxMail)
        .where(*_ours(claim), OutboxMail.data_started_at.is_(None))
        .values(data_started_at=mark, claimed_at=mark)
    )
    return Claim(claim.mail, mark) if _rows(noted) == 1 else None


def release(session: Session, claims: list[Claim]) -> None:
    """Give back what was not tried."""
    for claim in claims:
        session.execute(
            update(OutboxMail)
            .where(*_ours(claim), OutboxMail.data_started_at.is_(None))
            .values(state=OutboxState.QUEUED.value, claimed_at=None)
        )


def settle(session: Session, claim: Claim, **values: Any) -> bool:
    """Write the outcome, if the claim is still ours or was only thought dead meanwhile."""
    known_dead = OutboxMail.state == OutboxState.UNCERTAIN.value
    mine = (OutboxMail.id == claim.mail.id, OutboxMail.claimed_at == claim.mark)
    sending = OutboxMail.state == OutboxState.SENDING.value
    done = session.execute(update(OutboxMail).where(*mine, sending | known_dead).values(**values))
    return _rows(done) == 1


def recover(session: Session, *, alone: bool) -> Recovered:
    """Settle what dead processes left: not begun goes back to the queue, begun is uncertain.

    `alone`: no other deliverer runs, so every claim is a dead one's; else those whose lease is over, or whose
    holder is gone. One that only lost its session is thought dead too, which is safe: it finds its claims lost
    before it begins a mail, and of a mail that it had begun it may still say what came of it.
    """
    dead = [OutboxMail.state == OutboxState.SENDING.value]
    if not alone:
        dead.append(or_(_lease_is_over(), OutboxMail.claimed_by.in_(_gone(session))))
    queued = session.execute(
        update(OutboxMail)
        .where(*dead, OutboxMail.data_started_at.is_(None))
        .values(state=OutboxState.QUEUED.value, claimed_at=None)
    )
    uncertain = session.execute(
        update(OutboxMail)
        .where(*dead, OutboxMail.data_started_at.is_not(None))
        .values(state=OutboxState.UNCERTAIN.value, last_error=DIED)
        .returning(OutboxMail.id)
    ).scalars()
    return Recovered(_rows(queued), tuple(uncertain))


def _lease_is_over() -> ColumnElement[bool]:
    """A mark from the future was made before the clock was set back."""
    return ~OutboxMail.claimed_at.between(now() - LEASE, now() + LEASE)


def _gone(session: Session) -> list[str]:
    """The deliverers that have claims and do not live."""
    claiming = and_(OutboxMail.state == OutboxState.SENDING.value, OutboxMail.claimed_by != "")
    return without_holder(
        session, session.scalars(select(OutboxMail.claimed_by).where(claiming).distinct()).all()
    )


def _ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        OutboxMail.id == claim.mail.id,
        OutboxMail.state == OutboxState.SENDING.value,
        OutboxMail.claimed_at == claim.mark,
    )


def _rows(result: Any) -> int:
    return int(result.rowcount)
