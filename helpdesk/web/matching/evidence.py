"""What says which ticket a mail belongs to, in words, and how far it can be relied on."""

from dataclasses import dataclass

from helpdesk.ingest.unmatched import Waiting, named
from helpdesk.ingest.values import EvidenceKind

WORDS = {
    EvidenceKind.TOKEN_ADDRESS: ("It was sent to the signed reply address of this ticket", "Sure", "green"),
    EvidenceKind.TOKEN_MESSAGE_ID: ("It answers a message of ours, by its signed id", "Sure", "green"),
    EvidenceKind.REFERENCE: ("It names an earlier message of this ticket", "Likely", "blue"),
    EvidenceKind.SUBJECT_TAG: (
        "The ticket's number stands in its subject, where anyone can type it",
        "Weak",
        "grey",
    ),
}
HEADERS = {
    "subject": "subject",
    "references": "list of earlier messages",
    "in-reply-to": "message that it answers",
    "to": "recipient",
    "cc": "copied-in recipient",
}


@dataclass(frozen=True)
class Line:
    """One sign: the ticket it leads to, what was found and where, and how sure that is."""

    number: str
    says: str
    where: str
    sure: str
    colour: str


def line(kind: str, header: str, written: str, number: str) -> Line:
    says, sure, colour = WORDS[EvidenceKind(kind)]
    as_written = f" (as {written}, its number before)" if written != number else ""
    return Line(number, f"{says}{as_written}.", HEADERS.get(header, header), sure, colour)


def why(seen: Waiting) -> str:
    """Why the mail waits, in sentences. Of tickets out of sight it says that there are some, since the mail would not
    wait without them, and what to do with a mail that belongs there."""
    if seen.hidden:
        return (
            "This mail has signs of tickets at desks that you do not see; they are not listed. If it belongs to another "
            "desk, make a new ticket of it and move that there. Until you choose, its sender has had no answer."
        )
    if len(named(seen.mail)) > 1:
        return "This mail has signs of more than one ticket. It is on none of them until you choose, and its sender has had no answer."
    return (
        "This mail names a ticket in its subject, but its sender does not take part in that ticket. "
        "It is not on the ticket until you choose, and its sender has had no answer."
    )
