"""Changing a ticket: one transaction, the version checked first, the acts recorded last."""

from collections.abc import Callable

from flask import abort
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.db import reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.models import Ticket
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.numbers import is_called
from helpdesk.web.access import signed_in
from helpdesk.web.site import site

CHANGED = (
    "This ticket changed while you were working on it. Nothing of yours was saved yet: "
    "look at what is new below, then send again."
)
Change = Callable[[Session, Ticket], list[Act]]


class ChangedMeanwhile(HelpdeskError):
    """The ticket is not as it was on the page that the agent worked from."""


def check_there(number: str) -> None:
    """404 when there is no such ticket in sight."""
    there = select(Ticket.id).where(is_called(number), signed_in().sight.reaches(Ticket.desk))
    with reading(site().services.sessions) as session:
        if session.scalar(there) is None:
            abort(404)


def change(number: str, version: int | None, act: Change) -> None:
    """Run `act` on the ticket and audit what it returns.

    `version` is the one the page was made from; None where a change in between does no
    harm. Raises ChangedMeanwhile, and what `act` raises; 404 when there is no such ticket in sight.
    """
    with writing(site().services.sessions) as session:
        ticket = ticket_by_number(session, number, signed_in().sight, lock=True)
        if ticket is None:
            abort(404)
        if version is not None and ticket.version != version:
            raise ChangedMeanwhile(CHANGED)
        audit.record(session, *act(session, ticket))
