"""What the pages of mail texts call things."""

from helpdesk.outbound.kinds import Kind
from helpdesk.outbound.texts import Origin

# Each kind: its name, and when it is sent.
KINDS: dict[Kind, tuple[str, str]] = {
    Kind.ACKNOWLEDGEMENT: ("Acknowledgement", "When a mail opens a ticket."),
    Kind.FOLLOW_UP: ("Follow-up acknowledgement", "When a further mail is added to an open ticket, if the desk has that on."),
    Kind.HELD: ("Notice of a held message", "When a mail is held since it may have patient or personal data."),
    Kind.NEXT_TICKET_ACTION: ("Next Ticket Action", "When somebody writes to a resolved ticket."),
    Kind.HOW_TO_OPEN: ("How to open a ticket", "When a stranger writes, or to a mailbox that opens no tickets."),
    Kind.CLOSED: ("The ticket is closed", "When somebody writes to a closed ticket."),
    Kind.REACTIVATED: ("The ticket is open again", "When a requester opened a resolved ticket again."),
    Kind.TOO_LARGE: ("The mail was too large", "When a mail is refused for its size."),
    Kind.REPLY: ("Reply", "Around what an agent writes to a requester."),
    Kind.RESOLUTION: ("Resolution", "Around what an agent writes when a ticket is resolved."),
}  # fmt: skip
# Where a text is from, and the colour of its tag.
ORIGINS = {
    Origin.EDITED: ("Edited", "blue"),
    Origin.FOLDER: ("From the desk's folder", "aqua-green"),
    Origin.OURS: ("As it came", "white"),
}
STATES = [("open", "Open"), ("resolved", "Resolved"), ("closed", "Closed")]
VARIABLES = {
    "desk_name": "the desk's name",
    "desk_address": "the desk's mail address",
    "organisation": "your organisation",
    "desk_phone": "the desk's phone; may be empty",
    "desk_hours": "when the desk is open; may be empty",
    "self_service_url": "the desk's page for self-service; may be empty",
    "largest_mail": "the largest mail that is taken in, as 35 MB",
    "ticket_number": "the ticket's number; empty for who may not know it",
    "state": "open, resolved or closed; empty for who may not know it",
    "aside": "true when the message is kept until the ticket is opened again",
    "reactivate_link": "the link that opens the ticket again",
    "reactivate_address": "the mail address that opens the ticket again",
    "closes_on": "the day on which a resolved ticket closes",
    "ticket_subject": "the ticket's subject",
    "message": "what the agent wrote; in HTML as {{ message | paragraphs }}",
    "agent_name": "the agent's name",
}
