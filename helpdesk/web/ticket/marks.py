"""What an agent is warned of on a message, and why the message is on its ticket, in words."""

from dataclasses import dataclass
from typing import Any

from helpdesk.ingest.decide import FORGED, THIRD_PARTY, UNANSWERED, UNAUTHENTICATED
from helpdesk.ingest.keep import SENDER, UNPROVED
from helpdesk.models import AuditEntry, Message
from helpdesk.models.tickets import Direction, Standing
from helpdesk.tickets.states import State

ACTS = {
    "ticket.opened": "Opened",
    "ticket.mail_matched": "Mail matched by an agent",
    "person.address_added": "Address said to be the same person's",
    "person.address_removed": "Address no longer the same person's",
    "ticket.reactivated": "Opened again",
    "ticket.replied": "Replied",
    "ticket.noted": "Note added",
    "ticket.resolution_sent": "Requester told",
    "typed.kept": "Kept although it looks like personal data",
    "ticket.message_reported": "Message reported as holding personal data",
    "ticket.files_attached": "Files attached",
    "file.downloaded": "File downloaded",
}


@dataclass(frozen=True)
class Mark:
    """A tag, and the sentence that explains it when it is a warning."""

    text: str
    colour: str
    warning: str = ""


FORGED_WARNING = (
    "This message claims to come from one of our own domains, and its sender could not be proved. "
    "It may be forged: do not follow its links or do what it asks before you have asked the person another way."
)
MARKS: dict[str, Mark] = {
    FORGED: Mark("Maybe forged", "red", FORGED_WARNING),
    UNAUTHENTICATED: Mark(
        "Unverified",
        "orange",
        "The sender's mail system says that this message did not come from it. "
        "Do not tell this sender anything about the ticket before you know who they are.",
    ),
    THIRD_PARTY: Mark(
        "Third party",
        "purple",
        "The sender is not one of this ticket's participants. Replies go to the requester alone.",
    ),
    "ticket_conflict": Mark(
        "Names several tickets", "yellow", "This message carries signs of more than one ticket."
    ),
    UNANSWERED: Mark("No automatic answer", "grey"),
    UNPROVED: Mark("Sender not proved", "grey"),
    "signed": Mark("Signed", "white"),
    "calendar": Mark("Invitation", "white"),
    "alternatives-differ": Mark(
        "Two versions",
        "yellow",
        "The plain text and the formatted version of this message say different things.",
    ),
}
# What was done to two tickets, or to a ticket with two numbers.
JOINING = {
    "ticket.merged": "{from} merged into this ticket",
    "ticket.merged_away": "{from} merged into {into}",
    "ticket.unmerged": "{from} taken out of this ticket again",
    "ticket.unmerged_away": "{from} taken out of {into} again",
    "ticket.moved_desk": "{from} became {to}, at another desk",
}
MAILS = {
    "acknowledgement": "Acknowledgement",
    "follow_up": "Acknowledgement",
    "held": "Notice of a held message",
    "next_ticket_action": "Next Ticket Action guidance",
    "how_to_open": "How to open a ticket",
    "closed": "Notice that the ticket is closed",
    "reactivated": "Notice that the ticket is open again",
}
CHECKERS = {
    "gateway": "our mail gateway",
    "exchange_online": "Exchange Online",
    "sealer": "the mail system that passed it on, whose seal we trust",
}
EVIDENCE = {
    "token_address": "it was sent to this ticket's signed reply address",
    "token_message_id": "it answers a message of ours, by its signed id",
    "reference": "it names an earlier message of this ticket",
    "subject_tag": "the ticket's number stands in its subject",
}


def marks_of(message: Message) -> list[Mark]:
    """The marks of a message, warnings first."""
    found = [MARKS[flag] for flag in message.flags if flag in MARKS]
    if message.standing == Standing.UNCONFIRMED.value:
        found.append(Mark("Waits for you", "orange"))
    if message.redacted:
        found.append(Mark("Redacted", "white"))
    return sorted(found, key=lambda mark: not mark.warning)


def evidence_of(message: Message) -> str:
    """Why the message is on this ticket, as a sentence; empty when it opened the ticket."""
    if message.direction not in (Direction.INBOUND.value, Direction.AUTOMATIC.value):
        return ""
    said = [_words(one) for one in message.evidence]
    return "On this ticket because " + "; ".join(dict.fromkeys(filter(None, said))) + "." if any(said) else ""


def _words(evidence: dict[str, Any]) -> str:
    return EVIDENCE.get(str(evidence.get("kind")), "")


def checks_of(message: Message) -> tuple[str, list[str]] | None:
    """By whom the sender was checked when the mail came, and what was found, a line each; None when nobody did."""
    for one in message.evidence:
        if one.get("kind") == SENDER and one.get("said"):
            return CHECKERS.get(str(one.get("header")), "our own checks"), [str(line) for line in one["said"]]
    return None


def act_words(act: AuditEntry) -> str:
    """One entry of the trail in words."""
    if act.action == "ticket.moved":
        return f"{_state(act.detail.get('from'))} → {_state(act.detail.get('to'))}"
    if act.action == "ticket.assigned":
        return f"Assigned to {act.detail['owner']}" if act.detail.get("owner") else "Handed back"
    if act.action in JOINING:
        return JOINING[act.action].format(**act.detail)
    return ACTS.get(act.action, act.action.split(".")[-1].replace("_", " ").capitalize())


def mail_kind(kind: str) -> str:
    """What an automatic mail was, in words."""
    return MAILS.get(kind, kind.replace("_", " ").capitalize())


def _state(value: Any) -> str:
    return State(value).label if value in list(State) else str(value)
