"""One mail with everything that is known of it, as it stands before it is applied."""

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.db import now
from helpdesk.ingest.values import Decision, Match, Prepared
from helpdesk.models import Receipt


@dataclass(frozen=True, slots=True)
class Arrival:
    """Everything that is known of one mail when it is applied."""

    receipt: Receipt
    desk: str
    prepared: Prepared
    match: Match
    decision: Decision
    at: datetime = field(default_factory=now)  # the time of everything that is written for it

    @property
    def withheld(self) -> bool:
        """True when nobody at the desk may read the content."""
        return self.prepared.verdict.hold

    @property
    def actor(self) -> str:
        return self.prepared.email.from_address or "unknown sender"
