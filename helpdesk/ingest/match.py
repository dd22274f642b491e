"""Which ticket a mail belongs to, by what evidence, and who its sender is to that ticket. Reads only.

Evidence is ordered by how hard it is to come by: an address or a Message-ID that we signed,
another Message-ID that only readers of the ticket have seen, a tag in the subject, which
anyone can type. All of it is kept; the strongest decides, unless the rest names other tickets:
that, and a tag alone from somebody who takes no part, is a conflict, which an agent settles.
A bounded number of queries, however many ids a mail names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.db_rows import write_waiting
from helpdesk.ingest import sender
from helpdesk.ingest.subjects import without_gateway_tags
from helpdesk.ingest.values import (
    Bounced,
    Email,
    Evidence,
    EvidenceKind,
    Match,
    Origin,
    Purpose,
    Sender,
)
from helpdesk.models import MessageId, OutboxMail, Ticket
from helpdesk.outbound.tokens import Tokens, id_digest
from helpdesk.tickets import numbers
from helpdesk.tickets.numbering import tags_in
from helpdesk.tickets.states import State

MOST_ADDRESSES = 200
MOST_TAGS = 20
# Where servers write the address that a mail was delivered to; a signed address may stand there alone.
_DELIVERY_HEADERS = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
_WEIGHT = {kind: weight for weight, kind in enumerate(EvidenceKind)}


@dataclass(frozen=True, slots=True)
class _Known:
    """What the database knows of the ids in a mail, by digest."""

    tickets: dict[str, int]
    outbox: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Found:
    """The ticket of the strongest evidence, all evidence of tickets that exist, and what old numbers stand for."""

    ticket: Ticket
    evidence: tuple[Evidence, ...]
    now_called: dict[str, str]


def match(session: Session, email: Email, origin: Origin, tokens: Tokens) -> Match:
    """The match of a mail. Constant in queries; nothing of the mail's content is looked at."""
    known = _known_ids(session, email, origin)
    signed = list(_signed_addresses(email, tokens))
    found = _existing(
        session, [*_evidence(email, origin, tokens, signed), *_references(email, origin, known)]
    )
    bounce = _bounced(session, origin, tokens, known)
    bounced: dict[str, Any] = {
        "bounced_outbox_id": bounce and bounce[0],
        "bounced_permanent": bool(bounce and bounce[1]),
    }
    if not found:
        return Match(**bounced)
    who = sender.sender_of(session, email, origin, found.ticket, found.evidence)
    return Match(
        **_at(found.ticket),
        sender=who,
        evidence=found.evidence,
        conflict=_is_conflict(session, email, origin, found, who),
        purpose=_purpose(signed, found),
        **bounced,
    )


def at_ticket(
    session: Session, email: Email, origin: Origin, tokens: Tokens, found: Match, ticket: Ticket
) -> Match:
    """The match after an agent said which ticket it is: its evidence as it was, the sender to this ticket."""
    who = sender.sender_of(session, email, origin, ticket, found.evidence)
    asked = {purpose for _, purpose, number in _signed_addresses(email, tokens) if number == ticket.number}
    purpose = Purpose.REACTIVATE if Purpose.REACTIVATE in asked else Purpose.REPLY
    return replace(found, **_at(ticket), sender=who, conflict=False, purpose=purpose)


def at_none(found: Match) -> Match:
    """The match of a mail that is to have a ticket of its own: its evidence stays, to be looked at."""
    return replace(found, ticket_id=None, ticket_number="", state=None, sender=Sender.STRANGER)


def _at(ticket: Ticket) -> dict[str, Any]:
    return {"ticket_id": ticket.id, "ticket_number": ticket.number, "state": State(ticket.state)}


def _is_conflict(session: Session, email: Email, origin: Origin, found: _Found, who: Sender) -> bool:
    """Signs of several tickets, or no sign but a tag, which anyone can type, of a ticket of others."""
    if len({one.ticket_number for one in found.evidence}) > 1:
        return True
    if who is not Sender.STRANGER or any(e.kind is not EvidenceKind.SUBJECT_TAG for e in found.evidence):
        return False
    address = email.from_address
    known = sender.takes_part(session, found.ticket, address, origin)
    return not known and not sender.is_believed_agent(session, address, origin)


# Evidence that needs no database


def _signed_addresses(email: Email, tokens: Tokens) -> Iterator[tuple[str, Purpose, str]]:
    """(header, purpose, ticket number) of each good signed address that the mail was sent to."""
    for header, address in _addresses(email):
        if "+" in address and (good := tokens.ticket_of_address(address)):
            yield header, Purpose(good[0]), good[1]


def _addresses(email: Email) -> Iterator[tuple[str, str]]:
    yield from (("to", address) for _, address in email.to[:MOST_ADDRESSES])
    yield from (("cc", address) for _, address in email.cc[:MOST_ADDRESSES])
    for header in _DELIVERY_HEADERS:
        for value in email.all(header)[:5]:
            yield from ((header, one.strip("<>")) for one in value.replace(",", " ").split()[:10])


def _evidence(
    email: Email, origin: Origin, tokens: Tokens, signed: list[tuple[str, Purpose, str]]
) -> Iterator[Evidence]:
    for header, _, number in signed:
        yield Evidence(EvidenceKind.TOKEN_ADDRESS, number, header)
    for header, message_id in _ids(email, origin):
        if signed_for := tokens.ticket_of_message_id(message_id):
            yield Evidence(EvidenceKind.TOKEN_MESSAGE_ID, signed_for, header)
    for number in tags_in(without_gateway_tags(email.subject).upper())[:MOST_TAGS]:
        yield Evidence(EvidenceKind.SUBJECT_TAG, number, "subject")


def _ids(email: Email, origin: Origin) -> Iterator[tuple[str, str]]:
    """Every id that the mail answers, the nearest first (RFC 5322 section 3.6.4)."""
    yield from (("returned mail", one.message_id) for one in origin.bounced if one.message_id)
    yield from (("in-reply-to", one) for one in email.in_reply_to)
    yield from (("references", one) for one in reversed(email.references))


# Evidence that needs it


def _known_ids(session: Session, email: Email, origin: Origin) -> _Known:
    """One query for every id in the mail. Of an id on two tickets the one filed first counts."""
    digests = {id_digest(one) for _, one in _ids(email, origin)}
    if not digests:
        return _Known({}, {})
    write_waiting(session)  # it may answer a mail of the same transaction
    rows = session.execute(
        select(MessageId.digest, MessageId.ticket_id, MessageId.outbox_id)
        .where(MessageId.digest.in_(digests))
        .order_by(MessageId.id.desc())
    ).all()
    return _Known(
        {digest: ticket_id for digest, ticket_id, _ in rows},
        {digest: outbox_id for digest, _, outbox_id in rows if outbox_id is not None},
    )


def _references(email: Email, origin: Origin, known: _Known) -> Iterator[tuple[int, str]]:
    """(ticket id, header) of each id that is filed with a ticket."""
    for header, message_id in _ids(email, origin):
        if ticket_id := known.tickets.get(id_digest(message_id)):
            yield ticket_id, header


def _existing(session: Session, signs: Iterable[Evidence | tuple[int, str]]) -> _Found | None:
    """What exists of what the signs name, each sign once, the strongest first."""
    found = list(signs)
    said = {one.ticket_number for one in found if isinstance(one, Evidence)}
    former = numbers.leads_to(session, said)
    tickets = _tickets(
        session, said, {*former.values(), *(i[0] for i in found if not isinstance(i, Evidence))}
    )
    by_id = {ticket.id: ticket for ticket in tickets}
    now_called = {ticket.number: ticket.number for ticket in tickets}
    now_called |= {number: by_id[ticket_id].number for number, ticket_id in former.items()}
    named = (
        _as_called_now(one, now_called) if isinstance(one, Evidence) else _reference(by_id, *one)
        for one in found
    )
    evidence = (one for one in named if one)
    ordered = _without_doubles(tuple(dict.fromkeys(sorted(evidence, key=lambda one: _WEIGHT[one.kind]))))
    if not ordered:
        return None
    ticket = next(one for one in tickets if one.number == ordered[0].ticket_number)
    return _Found(ticket, ordered, now_called)


def _as_called_now(one: Evidence, now_called: dict[str, str]) -> Evidence | None:
    """The evidence with the number that the ticket has by now, and beside it the one that was written."""
    number = now_called.get(one.ticket_number)
    if number is None or number == one.ticket_number:
        return one if number else None
    return replace(one, ticket_number=number, written=one.ticket_number)


def _reference(by_id: dict[int, Ticket], ticket_id: int, header: str) -> Evidence | None:
    ticket = by_id.get(ticket_id)
    return Evidence(EvidenceKind.REFERENCE, ticket.number, header) if ticket else None


def _without_doubles(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Our signed id is filed as well; as a reference it says nothing more."""
    signed = {(e.ticket_number, e.header) for e in evidence if e.kind is EvidenceKind.TOKEN_MESSAGE_ID}
    return tuple(
        e
        for e in evidence
        if e.kind is not EvidenceKind.REFERENCE or (e.ticket_number, e.header) not in signed
    )


def _tickets(session: Session, said: set[str], ids: set[int]) -> list[Ticket]:
    if not said and not ids:
        return []
    return list(session.scalars(select(Ticket).where(or_(Ticket.number.in_(said), Ticket.id.in_(ids)))))


def _purpose(signed: list[tuple[str, Purpose, str]], found: _Found) -> Purpose:
    asked = {purpose for _, purpose, number in signed if found.now_called.get(number) == found.ticket.number}
    return Purpose.REACTIVATE if Purpose.REACTIVATE in asked else Purpose.REPLY


# Mails of ours that came back


def _bounced(session: Session, origin: Origin, tokens: Tokens, known: _Known) -> tuple[int, bool] | None:
    """(outbox id, for good) of the mail of ours that a report names; None when it names none."""
    reports = [one for one in origin.bounced if one.message_id]
    if not reports:
        return None
    outbox = {**_by_signed_id(session, reports, tokens, known), **known.outbox}
    ours = [(outbox[digest], one) for one in reports if (digest := id_digest(one.message_id)) in outbox]
    if not ours:
        return None
    number = ours[0][0]
    return number, any(one.permanent for outbox_id, one in ours if outbox_id == number)


def _by_signed_id(session: Session, reports: list[Bounced], tokens: Tokens, known: _Known) -> dict[str, int]:
    """Mails of ours that belong to no ticket are found by the id itself, once its signature is good."""
    ids = {one.message_id for one in reports if id_digest(one.message_id) not in known.outbox}
    signed = [one for one in ids if tokens.ticket_of_message_id(one)]
    if not signed:
        return {}
    rows = session.execute(
        select(OutboxMail.message_id, OutboxMail.id).where(OutboxMail.message_id.in_(signed))
    ).all()
    return {id_digest(message_id): outbox_id for message_id, outbox_id in rows}
