"""Who the sender of a mail is to a ticket. From alone is nothing; each word of an agent counts for verified mail only."""

from collections.abc import Iterable

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from helpdesk.db_rows import write_waiting
from helpdesk.ingest.values import Email, Evidence, EvidenceKind, Origin, Sender, Trust
from helpdesk.models import Participant, Ticket, User
from helpdesk.tickets.persons import addresses_of

MOST_PARTICIPANTS = 2_000
_IDENTIFYING = (EvidenceKind.TOKEN_ADDRESS, EvidenceKind.TOKEN_MESSAGE_ID, EvidenceKind.REFERENCE)
_TOKENS = (EvidenceKind.TOKEN_ADDRESS, EvidenceKind.TOKEN_MESSAGE_ID)


def sender_of(
    session: Session, email: Email, origin: Origin, ticket: Ticket, evidence: Iterable[Evidence]
) -> Sender:
    """A participant or an agent by evidence for this ticket, else a stranger."""
    kinds = {one.kind for one in evidence if one.ticket_number == ticket.number}
    address = email.from_address
    if not address or origin.trust is Trust.FAILED or kinds.isdisjoint(_IDENTIFYING):
        return Sender.STRANGER
    if takes_part(session, ticket, address, origin):
        return Sender.PARTICIPANT
    if not kinds.isdisjoint(_TOKENS) and is_believed_agent(session, address, origin):
        return Sender.AGENT
    return Sender.STRANGER


def takes_part(session: Session, ticket: Ticket, address: str, origin: Origin) -> bool:
    """Whether it is a participant's address; for verified mail also a sub-address of one (RFC 5233), or one
    that an agent said is the same person's."""
    write_waiting(session)  # the ticket may be of the same transaction
    if _has(session, _participants(ticket).where(func.lower(Participant.address) == address)):
        return True
    if origin.trust is not Trust.VERIFIED:
        return False
    there = {one.lower() for one in session.scalars(_participants(ticket).limit(MOST_PARTICIPANTS))}
    if without_detail(address) in map(without_detail, there):
        return True
    return not there.isdisjoint(addresses_of(session, address))


def is_believed_agent(session: Session, address: str, origin: Origin) -> bool:
    """An agent's address, verified; or not, where nothing is there that could verify it."""
    if origin.trust is not Trust.VERIFIED and (origin.checked or origin.trust is Trust.FAILED):
        return False
    agents = select(User.email).where(func.lower(User.email) == address, User.disabled_at.is_(None))
    return _has(session, agents)


def without_detail(address: str) -> str:
    """The address without what follows a plus in it: `jo+printer@h` and `jo@h` are one mailbox."""
    local, at, domain = address.rpartition("@")
    return (local.split("+", 1)[0] or local) + at + domain


def _participants(ticket: Ticket) -> Select[tuple[str]]:
    return select(Participant.address).where(Participant.ticket_id == ticket.id)


def _has(session: Session, query: Select[tuple[str]]) -> bool:
    return session.scalar(query.limit(1)) is not None
