"""Mail whose signs lead to several tickets: what waits, what it says, and an agent's word on where it belongs.

A mail is seen by those who see the tickets of the desk that it came to. Tickets of other desks that it names are for
them as if they were not there.

The word given, the mail takes the decision table again, with the ticket's state at that time; so it
is answered then, and only as the table says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import now, reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.apply import apply
from helpdesk.ingest.arrival import Arrival
from helpdesk.ingest.decide import decide
from helpdesk.ingest.failures import raws_of
from helpdesk.ingest.keep import SENDER, as_noted
from helpdesk.ingest.match import at_none, at_ticket, match
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.situate import situate
from helpdesk.ingest.values import Decision, Email, Match, Prepared, Sender
from helpdesk.models import Receipt, Ticket, UnmatchedMail
from helpdesk.models.matching import UnmatchedState
from helpdesk.pii.values import Severity, Verdict
from helpdesk.services import Services
from helpdesk.tickets.numbers import in_sight, is_called
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import Sight

PAGE = 25


class NothingToMatch(HelpdeskError):
    """The mail does not wait any more, or cannot go where it was sent."""


@dataclass(frozen=True)
class Sign:
    """One thing that says which ticket a mail belongs to; `ticket` is the one that it leads to now."""

    kind: str
    header: str
    written: str
    ticket: Ticket


@dataclass(frozen=True)
class Waiting:
    """A mail that waits, with what it says and its signs, the strongest first. Its repr shows no content.

    `hidden`: some of its signs lead to tickets out of sight.
    """

    mail: UnmatchedMail
    email: Email
    signs: Sequence[Sign]
    hidden: bool

    @property
    def tickets(self) -> list[Ticket]:
        """The tickets that are named, each once, the likeliest first."""
        return list({sign.ticket.id: sign.ticket for sign in self.signs}.values())


def count(session: Session, sight: Sight) -> int:
    waits = select(func.count()).select_from(UnmatchedMail).where(_waits(), _seen(sight))
    return session.scalar(waits) or 0


def waiting(session: Session, sight: Sight, page: int = 1) -> Sequence[UnmatchedMail]:
    """A page of what waits, the oldest first, and one more when there is a next page."""
    return oldest(session, sight, PAGE + 1, skip=(page - 1) * PAGE)


def oldest(session: Session, sight: Sight, limit: int, *, skip: int = 0) -> Sequence[UnmatchedMail]:
    """So many of what waits, the oldest first."""
    rows = select(UnmatchedMail).where(_waits(), _seen(sight)).order_by(UnmatchedMail.id)
    return session.scalars(rows.offset(skip).limit(limit)).all()


def named(mail: UnmatchedMail) -> list[str]:
    """The numbers of the tickets that a mail names, each once, the likeliest first."""
    return list(dict.fromkeys(str(one["ticket"]) for one in mail.evidence if one["kind"] != SENDER))


def named_in_sight(
    session: Session, mails: Sequence[UnmatchedMail], sight: Sight
) -> Mapping[int, Sequence[str]]:
    """For each mail what it names that is in sight: one query."""
    seen = in_sight(session, (one for mail in mails for one in named(mail)), sight)
    return {mail.id: [one for one in named(mail) if one in seen] for mail in mails}


def look(services: Services, mail_id: int, sight: Sight) -> Waiting:
    """The mail with what it says. Raises NothingToMatch when it does not wait."""
    with reading(services.sessions) as session:
        mail = _get(session, mail_id, sight)
        found = _signs(session, mail)
        seen = [sign for sign in found if sight.sees(sign.ticket.desk)]
        return Waiting(mail, _email(session, services, mail), seen, len(seen) < len(found))


def settle(services: Services, mail_id: int, number: str, sight: Sight, *, who: str) -> str:
    """Put the mail on the ticket that `number` leads to, or make a new one of it when that is empty.

    Returns the ticket's number. Raises NothingToMatch.
    """
    with writing(services.sessions) as session:
        mail = _get(session, mail_id, sight, lock=True)
        ticket = _chosen(session, number, sight)
        arrival = _arrival(session, services, mail, ticket)
        acts = apply(session, services, arrival)
        mail.state, mail.decided_at, mail.decided_by = UnmatchedState.MATCHED.value, now(), who
        mail.ticket_id = arrival.receipt.ticket_id
        settled = session.get(Ticket, mail.ticket_id) if mail.ticket_id else None
        called = settled.number if settled else ""
        audit.record(session, *acts, *_acts(mail, called, new=ticket is None, who=who))
        return called


def _waits() -> ColumnElement[bool]:
    return UnmatchedMail.state == UnmatchedState.WAITING.value


def _seen(sight: Sight) -> ColumnElement[bool]:
    return sight.reaches(UnmatchedMail.desk)


def _get(session: Session, mail_id: int, sight: Sight, *, lock: bool = False) -> UnmatchedMail:
    wanted = select(UnmatchedMail).where(UnmatchedMail.id == mail_id, _seen(sight))
    mail = session.scalar(wanted.with_for_update() if lock else wanted)
    if mail is None:
        raise NothingToMatch("There is no such mail to be matched.")
    if mail.state != UnmatchedState.WAITING.value:
        raise NothingToMatch(f"{mail.decided_by} has said already where this mail belongs.")
    return mail


def _email(session: Session, services: Services, mail: UnmatchedMail) -> Email:
    raw = raws_of(session, services.vault, [mail.receipt_id])[mail.receipt_id]
    if not isinstance(raw, bytes):
        raise NothingToMatch(f"This mail cannot be read any more ({raw.kind}); ask your administrator.")
    return parse(raw)


def _signs(session: Session, mail: UnmatchedMail) -> list[Sign]:
    """The evidence as it was noted, with the tickets as they are: some may have been moved or merged since."""
    found = []
    tickets: dict[str, Ticket | None] = {}
    for one in mail.evidence:
        if one["kind"] == SENDER:
            continue
        number = str(one["ticket"])
        if number not in tickets:
            tickets[number] = session.scalar(select(Ticket).where(is_called(number)))
        if ticket := tickets[number]:
            found.append(Sign(one["kind"], one["header"], one.get("written") or number, ticket))
    return found


def _chosen(session: Session, number: str, sight: Sight) -> Ticket | None:
    if not number:
        return None
    ticket = session.scalar(select(Ticket).where(is_called(number), sight.reaches(Ticket.desk)))
    if ticket is None:
        raise NothingToMatch(f"There is no ticket {number}; look its number up in the queue.")
    return ticket


def _arrival(session: Session, services: Services, mail: UnmatchedMail, ticket: Ticket | None) -> Arrival:
    receipt = session.get_one(Receipt, mail.receipt_id)
    prepared = _prepared(session, services, mail, receipt.mailbox)
    email, origin = prepared.email, prepared.origin
    found = match(session, email, origin, services.tokens)
    if ticket is None:
        matched = replace(at_none(found), conflict=False)
    else:
        matched = at_ticket(session, email, origin, services.tokens, found, ticket)
    situation = situate(session, services.settings, receipt.mailbox, prepared, matched)
    situation = replace(
        situation, new_tickets=True, answerable=situation.answerable and _may_be_told(matched)
    )
    decision: Decision = decide(situation)
    return Arrival(receipt, mail.desk, prepared, matched, decision)


def _prepared(session: Session, services: Services, mail: UnmatchedMail, mailbox: str) -> Prepared:
    """The mail as it was judged when it came in: the scanner found it clear, and its sender was looked up then."""
    email = _email(session, services, mail)
    judged = judge(email, services.settings, services.tokens, mailbox=mailbox)
    origin = as_noted(judged, mail.trust, mail.evidence)  # the DNS may say something else by now
    verdict = Verdict(
        hold=False,
        severity=Severity.NONE,
        reasons=(),
        findings=(),
        unscannable=(),
        policy_version=mail.policy_version,
        seconds=0.0,
    )
    return Prepared(email, origin, verdict)


def _may_be_told(matched: Match) -> bool:
    """A stranger who did not name this ticket learns nothing of it, not even that it is closed."""
    names_it = any(one.ticket_number == matched.ticket_number for one in matched.evidence)
    return matched.state is not State.CLOSED or matched.sender is not Sender.STRANGER or names_it


def _acts(mail: UnmatchedMail, number: str, *, new: bool, who: str) -> list[Act]:
    detail = (("ticket", number), ("new", new), ("names", sorted(named(mail))))
    return [
        Act("mail.matched", "receipt", mail.receipt_id, actor=who, detail=detail),
        Act("ticket.mail_matched", "ticket", number, actor=who, detail=detail),
    ]
