"""Gather what `decide` looks at, so that `decide` itself reads nothing."""

from datetime import timedelta

from sqlalchemy.orm import Session

from helpdesk.config import Settings
from helpdesk.ingest.values import Answer, Match, Prepared, Sender, Situation
from helpdesk.outbound.enqueue import due_again
from helpdesk.tickets.states import State


def situate(
    session: Session, settings: Settings, mailbox: str, prepared: Prepared, match: Match
) -> Situation:
    """The situation of one mail at this moment."""
    box = settings.mailboxes.get(mailbox)
    desk = settings.desks[box.desk] if box else None
    return Situation(
        kind=prepared.origin.kind,
        trust=prepared.origin.trust,
        hold=prepared.verdict.hold,
        sender=match.sender,
        state=match.state,
        bounce_of_ours=match.bounced_outbox_id is not None,
        claims_own_domain=prepared.origin.claims_own_domain,
        forged_own_domain=settings.trust.forged_own_domain,
        new_tickets=box.new_tickets if box else True,
        follow_up_acknowledgement=bool(desk and desk.follow_up_acknowledgement),
        guidance_due=_guidance_due(session, settings, prepared, match),
        purpose=match.purpose,
        conflict=match.conflict,
        answerable=not prepared.origin.silent,
    )


def _guidance_due(session: Session, settings: Settings, prepared: Prepared, match: Match) -> bool:
    """False when this guidance went to this address, for this ticket, within its period."""
    if match.state is not State.RESOLVED:
        return True
    kind = Answer.HOW_TO_OPEN if match.sender is Sender.STRANGER else Answer.NEXT_TICKET_ACTION
    period = timedelta(hours=settings.periods.guidance_every_hours)
    return due_again(session, kind.value, match.ticket_id, prepared.email.from_address, period)
