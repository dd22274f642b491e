"""What the demo's agent does to tickets, in the way that the ticket page does it."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import writing
from helpdesk.models import Ticket, User
from helpdesk.models.tickets import Direction
from helpdesk.outbound import thread
from helpdesk.outbound.compose import compose_agent_reply, compose_resolution
from helpdesk.outbound.draft import Draft
from helpdesk.outbound.enqueue import enqueue
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.states import Actor, State

Doing = Callable[[Session, Ticket, User], list[Act]]
Compose = Callable[..., Draft]


class Agent:
    """One agent at work. Each act is one transaction with its audit, and leaves the ticket as it is if it was done before."""

    def __init__(self, services: Services, email: str) -> None:
        self._services, self._email = services, email

    def assign(self, ticket_id: int) -> None:
        self._do(ticket_id, lambda _session, ticket, me: actions.assign(ticket, me, who=me.email))

    def move(self, ticket_id: int, to: State) -> None:
        self._do(
            ticket_id, lambda _session, ticket, me: [actions.move(ticket, to, Actor.AGENT, who=me.email)]
        )

    def reply(self, ticket_id: int, text: str, to: State) -> None:
        def write(session: Session, ticket: Ticket, me: User) -> list[Act]:
            acts = [] if ticket.owner_id else actions.assign(ticket, me, who=me.email)
            if ticket.state != to.value:
                acts.append(actions.move(ticket, to, Actor.AGENT, who=me.email))
            ticket.needs_agent = False
            return [*acts, self._send(session, ticket, me, text, "ticket.replied", compose_agent_reply)]

        self._do(ticket_id, write)

    def note(self, ticket_id: int, text: str) -> None:
        def write(session: Session, ticket: Ticket, me: User) -> list[Act]:
            actions.add_message(
                session, ticket, actions.agents_message(me, Direction.NOTE, text), searchable=text
            )
            return [Act("ticket.noted", "ticket", ticket.number, actor=me.email)]

        self._do(ticket_id, write)

    def resolve(self, ticket_id: int, text: str) -> None:
        def write(session: Session, ticket: Ticket, me: User) -> list[Act]:
            acts = [] if ticket.owner_id else actions.assign(ticket, me, who=me.email)
            acts.append(actions.move(ticket, State.RESOLVED, Actor.AGENT, who=me.email))
            sent = self._send(session, ticket, me, text, "ticket.resolution_sent", compose_resolution)
            return [*acts, sent]

        self._do(ticket_id, write)

    def _do(self, ticket_id: int, doing: Doing) -> None:
        with writing(self._services.sessions) as session:
            me = session.scalars(select(User).where(User.email == self._email)).one()
            audit.record(session, *doing(session, session.get_one(Ticket, ticket_id), me))

    def _send(
        self, session: Session, ticket: Ticket, me: User, text: str, action: str, compose: Compose
    ) -> Act:
        settings = self._services.settings
        parts: dict[str, Any] = {
            "settings": settings,
            "tokens": self._services.tokens,
            "ticket": ticket,
            "session": session,
        }
        parent = thread.parent_on_ticket(session, ticket.id, ticket.requester_address)
        mail = enqueue(session, settings, compose(**parts, text=text, parent=parent, agent_name=me.name))
        message = actions.agents_message(me, Direction.OUTBOUND, text)
        message.outbox_id = mail.id
        actions.add_message(session, ticket, message, searchable=text)
        return Act(action, "ticket", ticket.number, actor=me.email, detail=(("outbox", mail.id),))
