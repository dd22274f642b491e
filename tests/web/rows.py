"""Rows that the pages' tests start from, written by the models."""

from datetime import timedelta
from functools import cache

from sqlalchemy.orm import Session

from helpdesk.db import now
from helpdesk.ingest.keep import CASE_PREFIX
from helpdesk.ingest.parse import parse
from helpdesk.models import (
    Attachment,
    HeldMail,
    IgCase,
    MailboxStatus,
    Message,
    OutboxMail,
    Receipt,
    Ticket,
    User,
)
from helpdesk.models.mail import ReceiptState
from helpdesk.models.people import Role
from helpdesk.models.tickets import Direction
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.numbering import next_number
from helpdesk.tickets.states import Actor, State
from helpdesk.web.auth.passwords import hash_password

PASSWORD = "three-random-words"
PEOPLE = {
    "agent": ("amal.khan@northmoor.nhs.uk", "Amal Khan", Role.AGENT),
    "other": ("jo.price@northmoor.nhs.uk", "Jo Price", Role.AGENT),
    "officer": ("ines.reed@northmoor.nhs.uk", "Ines Reed", Role.IG_OFFICER),
    "admin": ("sam.okoro@northmoor.nhs.uk", "Sam Okoro", Role.ADMIN),
}


@cache
def password_hash() -> str:
    return hash_password(PASSWORD)


def add_people(session: Session) -> dict[str, User]:
    people = {
        key: User(email=email, name=name, role=role.value, password_hash=password_hash())
        for key, (email, name, role) in PEOPLE.items()
    }
    session.add_all(people.values())
    session.flush()
    return people


def add_ticket(
    session: Session,
    subject: str = "Printer on ward 4 jams",
    *,
    state: State = State.NEW,
    requester: str = "pat.green@example.org",
    name: str = "Pat Green",
    owner: User | None = None,
    text: str = "The printer jams on every second page.",
    prefix: str = "IT",
) -> Ticket:
    """A ticket with its first mail, moved to `state`."""
    new = actions.NewTicket(prefix.lower(), prefix, requester, subject=subject, requester_name=name)
    ticket = actions.open_ticket(session, new)
    add_message(session, ticket, text)
    if owner:
        actions.assign(ticket, owner, who=owner.email)
    if state.value != ticket.state:
        for step in [State.RESOLVED, State.CLOSED] if state is State.CLOSED else [state]:
            actions.move(ticket, step, Actor.AGENT, who="test")
    session.flush()
    return ticket


def add_message(session: Session, ticket: Ticket, text: str = "", **columns: object) -> Message:
    """A mail of the requester, unless the columns say otherwise."""
    values: dict[str, object] = {
        "direction": Direction.INBOUND.value,
        "author_address": ticket.requester_address,
        "author_name": ticket.requester_name,
        "sender": "participant",
        "trust": "verified",
        "text": text,
    }
    return actions.add_message(session, ticket, Message(**(values | columns)), searchable=text)


def add_file(
    services: Services, session: Session, message: Message, name: str, data: bytes = b"file"
) -> Attachment:
    blob = services.vault.put(session, data)
    file = Attachment(
        message_id=message.id, blob_id=blob.id, file_name=name, media_type="text/html", size=len(data)
    )
    session.add(file)
    session.flush()
    return file


def add_receipt(services: Services, session: Session, raw: bytes = b"", **columns: object) -> Receipt:
    uid = session.query(Receipt).count() + 1
    values: dict[str, object] = {
        "mailbox": "it",
        "uidvalidity": 1,
        "uid": uid,
        "digest": f"{uid:064d}",
        "size": len(raw),
        "state": ReceiptState.DONE.value,
        "blob_id": services.vault.put(session, raw).id,
    }
    receipt = Receipt(**(values | columns))
    session.add(receipt)
    session.flush()
    return receipt


def add_mail(services: Services, session: Session, ticket: Ticket, raw: bytes, **columns: object) -> Message:
    """A message that is shown, with its raw mail, as the road leaves it."""
    email = parse(raw)
    receipt = add_receipt(services, session, raw, ticket_id=ticket.id, outcome="added")
    said = {"author_address": email.from_address, "author_name": email.from_name, "subject": email.subject}
    return add_message(session, ticket, email.text, **said, receipt_id=receipt.id, **columns)


HELD_RAW = (
    b"From: Dana Fox <dana.fox@example.org>\r\nTo: servicedesk@northmoor.nhs.uk\r\n"
    b"Subject: Referral\r\nMessage-ID: <held@example.org>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\n"
    b"Please chase the referral of KANARIENVOGEL, NHS number 943 476 5919.\r\n"
)


def add_held(
    services: Services, session: Session, ticket: Ticket, *, severity: str = "high", hours: int = 5
) -> HeldMail:
    """A held mail with its placeholder and case; aware `hours` ago."""
    receipt = add_receipt(services, session, HELD_RAW, ticket_id=ticket.id, outcome="quarantine")
    add_message(
        session,
        ticket,
        direction=Direction.HELD.value,
        receipt_id=receipt.id,
        author_name="",
        author_address="dana.fox@example.org",
    )
    start = HELD_RAW.split(b"\r\n\r\n")[1].decode().index("943")
    held = HeldMail(
        receipt_id=receipt.id,
        ticket_id=ticket.id,
        sender_address="dana.fox@example.org",
        severity=severity,
        reasons=[
            {
                "rule": "NHS number",
                "category": "patient identifiers",
                "severity": severity,
                "parts": ["body_text"],
            }
        ],
        findings=[
            {
                "entity": "NHS_NUMBER",
                "part": "body_text",
                "start": start,
                "end": start + 12,
                "score": 1.0,
                "zone": "body",
                "recognizer": "NhsNumber",
                "why": "",
                "path": "",
            }
        ],
        unscannable=[],
        policy_version="2026-01",
        held_at=now() - timedelta(hours=hours),
    )
    held.case = IgCase(reference=next_number(session, CASE_PREFIX), aware_at=now() - timedelta(hours=hours))
    session.add(held)
    ticket.held_messages += 1
    session.flush()
    return held


def add_outgoing(session: Session, ticket: Ticket | None, **columns: object) -> OutboxMail:
    number = session.query(OutboxMail).count() + 1
    values: dict[str, object] = {
        "kind": "acknowledgement",
        "automatic": True,
        "ticket_id": ticket.id if ticket else None,
        "desk": "it",
        "from_address": "servicedesk@northmoor.nhs.uk",
        "from_name": "IT Service Desk",
        "to_address": "pat.green@example.org",
        "to_domain": "example.org",
        "message_id": f"<{number}@northmoor.nhs.uk>",
        "subject": "We have your message",
        "text": "Thank you. We have your message and will answer it.",
        "state": "sent",
    }
    mail = OutboxMail(**(values | columns))
    session.add(mail)
    session.flush()
    return mail


def add_mailbox_status(session: Session, mailbox: str = "it", **columns: object) -> None:
    session.add(MailboxStatus(mailbox=mailbox, last_success_at=now(), **columns))
