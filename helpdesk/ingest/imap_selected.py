"""What a folder says of itself when it is opened (RFC 9051 section 6.3.2)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Selected:
    """What a mailbox says of itself when it is opened."""

    uidvalidity: int
    uidnext: int | None  # not every server says it
    mails: int
    read_only: bool

    def has_new_mail_since(self, before: "Selected", moved: int) -> bool:
        """True when mail came after `before`, of which `moved` mails went away; true once too often at most."""
        if self.uidnext is None or before.uidnext is None:
            return self.mails != before.mails - moved
        return self.uidnext != before.uidnext
