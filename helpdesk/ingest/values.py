"""What travels the road: each step's frozen result. Nothing here prints content."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.pii.values import Verdict
from helpdesk.tickets.states import State


@dataclass(frozen=True, slots=True)
class MailPart:
    """One leaf of a mail. `number` counts leaves from 1 in the order they stand in the mail."""

    number: int
    media_type: str
    file_name: str = field(default="", repr=False)
    content_id: str = field(default="", repr=False)
    inline: bool = False
    attachment: bool = False  # shown to an agent as a file, not as the text of the mail
    text: str = field(default="", repr=False)  # decoded, for text/* that belongs to the body
    data: bytes = field(default=b"", repr=False)  # decoded bytes, for everything else


@dataclass(frozen=True, slots=True)
class Email:
    """A parsed mail. Header values are decoded and unfolded; addresses are lower case."""

    message_id: str = ""  # with its angle brackets
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()  # oldest first
    subject: str = field(default="", repr=False)
    from_address: str = ""
    from_name: str = field(default="", repr=False)
    to: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (name, address)
    cc: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    reply_to: str = ""
    return_path: str | None = None  # "" is the null path <>, None: not known
    date: datetime | None = None
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # (lower-case name, value), in order
    text: str = field(default="", repr=False)  # what a person reads first
    html: str = field(default="", repr=False)
    parts: tuple[MailPart, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()  # (part, why): held as unscannable
    defects: tuple[str, ...] = ()  # names of what was mended while parsing
    flags: tuple[str, ...] = ()  # told to the agent: signed, calendar, alternatives-differ …

    def header(self, name: str) -> str:
        """The first value of a header, or an empty string."""
        return next((value for key, value in self.headers if key == name.lower()), "")

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]


class OriginKind(StrEnum):
    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "list"
    OWN = "own"


class Trust(StrEnum):
    """What the trusted authserv-id says of the From domain (RFC 8601)."""

    VERIFIED = "verified"
    UNKNOWN = "unknown"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Bounced:
    """One recipient that a delivery report speaks of (RFC 3464)."""

    message_id: str  # of the mail that came back, with angle brackets; "" when the report names none
    recipient: str
    permanent: bool
    status: str = ""


@dataclass(frozen=True, slots=True)
class Origin:
    """Who or what sent a mail, and how far its From can be believed."""

    kind: OriginKind
    trust: Trust
    why: str  # which header or sign decided
    claims_own_domain: bool = False
    bounced: tuple[Bounced, ...] = ()
    checked: bool = False  # somebody looks at senders here, so `unknown` means that nothing was found
    vouched_by: str = (
        ""  # whose word `trust` is: gateway, exchange_online, sealer, ourselves; empty: nobody's
    )
    proof: tuple[str, ...] = ()  # what they said, a method and a result each
    silent: str = ""  # why a person's mail is never answered automatically; empty when it may be


class EvidenceKind(StrEnum):
    """In the order of their weight."""

    TOKEN_ADDRESS = "token_address"  # noqa: S105 (a kind of evidence, no secret)
    TOKEN_MESSAGE_ID = "token_message_id"  # noqa: S105
    REFERENCE = "reference"
    SUBJECT_TAG = "subject_tag"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One sign that a mail belongs to a ticket."""

    kind: EvidenceKind
    ticket_number: str
    header: str  # where it stood: to, references, in-reply-to, subject
    written: str = ""  # the number that stood there, where the ticket has another by now


class Sender(StrEnum):
    PARTICIPANT = "participant"
    AGENT = "agent"
    STRANGER = "stranger"


class Purpose(StrEnum):
    """What a signed address asks for."""

    REPLY = "reply"
    REACTIVATE = "reactivate"


@dataclass(frozen=True, slots=True)
class Match:
    """Which ticket a mail belongs to, by what, and who its sender is to that ticket."""

    ticket_id: int | None = None
    ticket_number: str = ""
    state: State | None = None
    sender: Sender = Sender.STRANGER
    evidence: tuple[Evidence, ...] = ()
    conflict: bool = False  # signs of several tickets, or only a tag, of a ticket of others
    purpose: Purpose = Purpose.REPLY
    bounced_outbox_id: int | None = None  # a mail of ours came back
    bounced_permanent: bool = False


class Record(StrEnum):
    """What is kept of a mail, and where."""

    DROPPED = "dropped"  # a loop
    DELIVERY_FAILURE = "delivery_failure"
    AUTOMATIC = "automatic"
    NOTED = "noted"  # automatic, without a ticket: the receipt alone
    QUARANTINE = "quarantine"
    NEW_TICKET = "new_ticket"
    ADDED = "added"
    ADDED_STRANGER = "added_stranger"
    ASIDE = "aside"
    KEPT = "kept"
    REACTIVATED = "reactivated"
    WAITS = "waits"  # for an agent to confirm
    UNMATCHED = "unmatched"  # signs of several tickets: waits for an agent to say which
    REFUSED = "refused"  # no new tickets by this mailbox
    REDELIVERY = "redelivery"  # taken in before


class Answer(StrEnum):
    """The automatic answers; each is a template."""

    NONE = "none"
    ACKNOWLEDGEMENT = "acknowledgement"
    FOLLOW_UP = "follow_up"
    HELD = "held"
    NEXT_TICKET_ACTION = "next_ticket_action"
    HOW_TO_OPEN = "how_to_open"
    CLOSED = "closed"
    REACTIVATED = "reactivated"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that `decide` looks at."""

    kind: OriginKind
    trust: Trust
    hold: bool
    sender: Sender = Sender.STRANGER
    state: State | None = None  # None: no ticket matched
    bounce_of_ours: bool = False
    claims_own_domain: bool = False
    forged_own_domain: str = "tag"  # the setting: tag or hold
    new_tickets: bool = True
    follow_up_acknowledgement: bool = False
    guidance_due: bool = True  # not sent to this address for this ticket within its period
    purpose: Purpose = Purpose.REPLY
    confirmed: bool = False  # an agent confirmed the sender of a waiting mail
    conflict: bool = False  # signs of several tickets; an agent says which
    answerable: bool = True  # no loop: a person reads what we would answer


@dataclass(frozen=True, slots=True)
class Decision:
    """What happens to a mail: the row of the table that fitted, what is recorded and answered."""

    row: int
    record: Record
    answer: Answer = Answer.NONE
    flags: tuple[str, ...] = ()  # warnings for the agent: forged, unverified, third_party


@dataclass(frozen=True, slots=True)
class Prepared:
    """What can be known of a mail without the database: parsed, its origin, its verdict."""

    email: Email
    origin: Origin
    verdict: Verdict
