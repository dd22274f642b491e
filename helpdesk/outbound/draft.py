"""A mail that is composed and not yet queued."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Draft:
    """One mail to one address; its fields are those of the outbox. Its repr shows no content."""

    kind: str
    automatic: bool
    desk: str
    from_address: str
    from_name: str
    to_address: str = field(repr=False)
    message_id: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str = field(default="", repr=False)
    reply_to: str = field(default="", repr=False)
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    ticket_id: int | None = None
    threads: bool = True  # an answer to this mail belongs to the ticket; False on a stranger's notice
