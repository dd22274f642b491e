"""Mails of ours to test with."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db import reading, writing
from helpdesk.models import AuditEntry, Message, OutboxMail, Ticket
from helpdesk.models.tickets import Direction
from helpdesk.outbound import files
from helpdesk.outbound.compose import compose_agent_reply, compose_answer
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.files import File
from helpdesk.services import Services
from helpdesk.tickets.actions import NewTicket, add_message, open_ticket
from helpdesk.tickets.states import State

NURSE = "nurse@ward.example"


def a_ticket(session: Session, *, state: State = State.NEW, requester: str = NURSE) -> Ticket:
    ticket = open_ticket(session, NewTicket("it", "IT", requester, subject="The printer on ward 4"))
    ticket.state = state.value
    session.flush()
    return ticket


def an_answer(services: Services, to: str = NURSE, kind: str = "how_to_open", **more: object) -> Draft:
    values = {"desk_key": "it", "in_reply_to": "<theirs@ward.example>", **more}
    return compose_answer(
        kind,
        settings=services.settings,
        tokens=services.tokens,
        to_address=to,
        **values,  # type: ignore[arg-type]
    )


def a_reply(services: Services, ticket: Ticket, text: str = "Please restart it.", **more: object) -> Draft:
    return compose_agent_reply(
        settings=services.settings,
        tokens=services.tokens,
        ticket=ticket,
        text=text,
        **more,  # type: ignore[arg-type]
    )


def queue(services: Services, *recipients: str) -> list[int]:
    """An automatic mail to each. Returns the ids."""
    with writing(services.sessions) as session:
        return [enqueue(session, services.settings, an_answer(services, to)).id for to in recipients]


def queue_reply(services: Services, to: str = NURSE) -> tuple[int, int]:
    """An agent's reply on a ticket of its own. Returns (outbox id, ticket id)."""
    with writing(services.sessions) as session:
        ticket = a_ticket(session, requester=to)
        ticket.needs_agent = False
        return enqueue(session, services.settings, a_reply(services, ticket)).id, ticket.id


def queue_files(services: Services, *enclosed: File, to: str = NURSE) -> int:
    """An agent's reply that carries files, as the pages keep it. Returns the outbox id."""
    with writing(services.sessions) as session:
        ticket = a_ticket(session, requester=to)
        mail = enqueue(session, services.settings, a_reply(services, ticket))
        message = Message(direction=Direction.OUTBOUND.value, text="Please restart it.", outbox_id=mail.id)
        files.attach(session, services.vault, add_message(session, ticket, message), enclosed)
        return mail.id


def outbox(services: Services) -> dict[str, OutboxMail]:
    """The rows by recipient."""
    with reading(services.sessions) as session:
        return {mail.to_address: mail for mail in session.scalars(select(OutboxMail))}


def states(services: Services) -> dict[str, str]:
    return {to: mail.state for to, mail in outbox(services).items()}


def acts(services: Services) -> list[AuditEntry]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
