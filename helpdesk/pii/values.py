"""What goes into a scan and what comes out: frozen values, no behaviour beyond them.

Nothing here prints content: `repr` leaves text and bytes out, since values reach logs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    """What a piece is, which decides how it is read."""

    SUBJECT = "subject"
    NAME = "name"  # a display name of sender or recipient
    TEXT = "text"
    HTML = "html"
    FILE = "file"  # bytes, read by documents/
    FILE_NAME = "file_name"


class Zone(StrEnum):
    """Where in a mail a finding stands."""

    SUBJECT = "subject"
    DISPLAY_NAME = "display_name"
    GREETING = "greeting"
    BODY = "body"
    SIGNATURE = "signature"
    DISCLAIMER = "disclaimer"
    QUOTED = "quoted"
    FORWARDED = "forwarded"
    ATTACHMENT = "attachment"
    FILE_NAME = "file_name"


class Severity(StrEnum):
    NONE = "none"
    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"

    @classmethod
    def gravest(cls, some: Iterable["Severity"]) -> "Severity":
        """The highest of these; none where there are none."""
        return max(some, key=list(cls).index, default=cls.NONE)


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of a mail, or a loose document, as the caller hands it over.

    `part` names it to the officer and in findings: `subject`, `from_name`, `body_text`,
    `body_html`, `text:3`, `attachment:2`, `file_name:2`. Text kinds fill `text`
    (decoded); FILE fills `data` (decoded from its transfer encoding).
    """

    part: str
    kind: Kind
    text: str = field(default="", repr=False)
    data: bytes = field(default=b"", repr=False)
    media_type: str = ""
    file_name: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of the mail and the organisation, so that work contact data is known as such."""

    sender_address: str = ""
    sender_name: str = field(default="", repr=False)
    recipients: tuple[tuple[str, str], ...] = ()  # (name, address)
    staff: frozenset[str] = frozenset()  # full names
    own_addresses: frozenset[str] = frozenset()
    own_domains: frozenset[str] = frozenset()
    sites: tuple[str, ...] = ()  # addresses of the organisation's buildings


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found. `start` and `end` are character offsets in the piece as given.

    In a FILE they are offsets in the text that documents/ made of it, and `path` says
    where in the file that text stood (`page 2`, `Sheet1!B4`, `letter.docx > header`).
    """

    entity: str
    part: str
    start: int
    end: int
    score: float
    zone: Zone
    recognizer: str
    why: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Unscannable:
    """A part that could not be read, and why: encrypted, corrupt, unknown, too large, too deep, timed out."""

    part: str
    why: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule of the policy that hit; `rule` is read by the officer."""

    rule: str
    category: str
    severity: Severity
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one scan."""

    hold: bool
    severity: Severity
    reasons: tuple[Reason, ...]
    findings: tuple[Finding, ...]
    unscannable: tuple[Unscannable, ...]
    policy_version: str
    seconds: float

    @property
    def word(self) -> str:
        return "hold" if self.hold else "clear"
