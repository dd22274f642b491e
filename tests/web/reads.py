"""What the tests look up after a page was used."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event, select

from helpdesk.db import reading
from helpdesk.models import AuditEntry, Message, OutboxMail, Ticket
from helpdesk.services import Services


def ticket(services: Services, number: str = "IT-000001") -> Ticket:
    with reading(services.sessions) as session:
        return session.scalars(select(Ticket).where(Ticket.number == number)).one()


def messages(services: Services, number: str = "IT-000001") -> list[Message]:
    with reading(services.sessions) as session:
        wanted = select(Message).join(Message.ticket).where(Ticket.number == number)
        return list(session.scalars(wanted.order_by(Message.id)))


def outbox(services: Services) -> list[OutboxMail]:
    with reading(services.sessions) as session:
        return list(session.scalars(select(OutboxMail).order_by(OutboxMail.id)))


def acts(services: Services, action: str = "") -> list[AuditEntry]:
    with reading(services.sessions) as session:
        wanted = select(AuditEntry).order_by(AuditEntry.id)
        return list(session.scalars(wanted.where(AuditEntry.action == action) if action else wanted))


@contextmanager
def counted_queries(services: Services) -> Iterator[list[str]]:
    """The SELECT statements that run inside the block."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):  # type: ignore[no-untyped-def]
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            seen.append(statement)

    event.listen(services.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(services.engine, "before_cursor_execute", note)
