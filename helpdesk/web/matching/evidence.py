"""What says which ticket a mail belongs to, in words, and how far it can be relied on."""

from dataclasses import dataclass

from helpdesk.ingest.unmatched import named
from helpdesk.ingest.values import EvidenceKind
from helpdesk.models import UnmatchedMail

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


def why(mail: UnmatchedMail) -> str:
    """Why the mail waits, as a sentence."""
    if len(named(mail)) > 1:
        return "This mail has signs of more than one ticket. It is on none of them until you choose, and its sender has had no answer."
    return (
        "This mail names a ticket in its subject, but its sender does not take part in that ticket. "
        "It is not on the ticket until you choose, and its sender has had no answer."
    )
