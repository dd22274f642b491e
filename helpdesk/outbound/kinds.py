"""What a mail of ours is about; each kind has a template of its name."""

from enum import StrEnum


class Kind(StrEnum):
    """The values equal those of the answers that the decision table gives."""

    ACKNOWLEDGEMENT = "acknowledgement"
    FOLLOW_UP = "follow_up"
    HELD = "held"
    NEXT_TICKET_ACTION = "next_ticket_action"
    HOW_TO_OPEN = "how_to_open"
    CLOSED = "closed"
    REACTIVATED = "reactivated"
    TOO_LARGE = "too_large"
    REPLY = "reply"
    RESOLUTION = "resolution"

    @property
    def automatic(self) -> bool:
        """Sent by no person: RFC 3834 applies, and the caps."""
        return self not in (Kind.REPLY, Kind.RESOLUTION)
