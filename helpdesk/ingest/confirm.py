"""An agent confirms the sender of a mail that claimed a domain of ours and failed: it takes the table again."""

from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import Message, Ticket
from helpdesk.models.tickets import Standing
from helpdesk.tickets.states import State


class NothingToConfirm(HelpdeskError):
    """The message does not wait for a confirmation."""


def confirm_sender(session: Session, message_id: int, *, who: str, reason: str) -> Message:
    """Let a waiting message count on its ticket, as a stranger's would by the ticket's state now.

    The confirmation is a person's word on who wrote it; it sends no automatic answer.
    """
    message = session.get(Message, message_id)
    if message is None or message.standing != Standing.UNCONFIRMED.value:
        raise NothingToConfirm("This message does not wait for a confirmation; reload the page.")
    ticket = session.get_one(Ticket, message.ticket_id)
    message.standing = _standing(State(ticket.state)).value
    ticket.needs_agent = True
    audit.record(session, Act("message.confirmed", "message", message_id, actor=who, reason=reason))
    return message


def _standing(state: State) -> Standing:
    if state.is_open:
        return Standing.ADDED
    return Standing.ASIDE if state is State.RESOLVED else Standing.KEPT
