"""Ready-made mails for a newcomer: one for each thing that the helpdesk does with a mail."""

from dataclasses import dataclass

from sqlalchemy import select

from helpdesk.db import reading
from helpdesk.demo import letters
from helpdesk.demo.sink import Sink
from helpdesk.demo.write import EndUserMail
from helpdesk.models import OutboxMail, Ticket
from helpdesk.services import Services
from helpdesk.tickets.states import State


@dataclass(frozen=True)
class Example:
    """A mail that can be sent as it is, and what will come of it."""

    title: str
    outcome: str
    mail: EndUserMail


@dataclass(frozen=True)
class ReplyExample:
    """A mail in the sink that is worth a reply."""

    title: str
    outcome: str
    mail_number: int


EXAMPLES = {
    "request": Example("An ordinary request", "A new ticket, and an acknowledgement.", letters.REQUEST),
    "patient": Example(
        "A mail with patient data",
        "Held for an IG officer before an agent sees it.",
        letters.WITH_PATIENT_DATA,
    ),
    "cv": Example("A mail with a CV attached", "Held: the file is read too.", letters.APPLICATION),
    "out-of-office": Example(
        "An out-of-office notice", "Noted; no ticket and no answer, so no loop.", letters.OUT_OF_OFFICE
    ),
}

_REPLIES = {
    State.RESOLVED: (
        "A reply to a resolved ticket",
        "Kept aside; the guidance how to open the ticket again is sent, once a day.",
    ),
    State.CLOSED: (
        "A reply to a closed ticket",
        "Kept with the ticket, which stays closed; the sender is told so.",
    ),
    State.WAITING_USER: (
        "A reply that an agent waits for",
        "Added to the ticket, which waits for an agent again.",
    ),
}


def replies_to(services: Services, sink: Sink) -> list[ReplyExample]:
    """For each of these states the newest mail on such a ticket that can be replied to."""
    by_id = {str(mail.message["Message-ID"]): mail.number for mail in sink.all()}
    found = []
    for state, (title, outcome) in _REPLIES.items():
        number = next((by_id[one] for one in _sent_on(services, state) if one in by_id), None)
        if number is not None:
            found.append(ReplyExample(title, outcome, number))
    return found


def _sent_on(services: Services, state: State) -> list[str]:
    query = (
        select(OutboxMail.message_id)
        .join(Ticket, Ticket.id == OutboxMail.ticket_id)
        .where(Ticket.state == state.value, OutboxMail.to_address == Ticket.requester_address)
        .order_by(OutboxMail.id.desc())
        .limit(20)
    )
    with reading(services.sessions) as session:
        return list(session.scalars(query))
