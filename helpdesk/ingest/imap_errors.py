"""How reading a mailbox can fail, each as a sentence: what, where, what to do.

Nothing that a server sends while mail is being read gets into a sentence, for it may be
content; what it answers to a sign-in, a folder or a move is shown, cut short.
"""

import re

from helpdesk import config
from helpdesk.errors import HelpdeskError

SHOWN_CHARACTERS = 150
_WRAPPING = re.compile(r"^(command: )?(\w+ (failed|command error|=>):? )?(b')?")  # imaplib's and IMAPClient's
_BACKOFF = re.compile(r"Suggested Backoff Time:\s*(\d+)\s*milliseconds", re.IGNORECASE)


class MailboxError(HelpdeskError):
    """A mailbox cannot be read now. `retry_after`: seconds that its server asked us to wait."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class MailboxUnreachable(MailboxError):
    """The server does not answer, broke off, or says what no IMAP server says."""


class SignInRefused(MailboxError):
    """The server does not let this user in."""


class TlsRefused(MailboxError):
    """No connection that is encrypted and verified could be made; nothing was sent in the clear."""


class FolderMissing(MailboxError):
    """A folder is not there and cannot be made."""


class CommandRefused(MailboxError):
    """The server answered NO or BAD; the connection goes on. `code` is its response code, such as TRYCREATE."""

    def __init__(self, sentence: str, retry_after: float | None = None, code: str = "") -> None:
        super().__init__(sentence, retry_after)
        self.code = code


def where(key: str, box: config.Mailbox) -> str:
    """How a sentence names a mailbox: its key, host and port."""
    return f"mailbox {key!r} ({box.host}:{port_of(box)})"


def port_of(box: config.Mailbox) -> int:
    """The port that is set, else the usual one (RFC 8314 section 3.2, RFC 9051 section 2.1)."""
    return box.port or (993 if box.tls == "tls" else 143)


def suggested_wait(fault: BaseException) -> float | None:
    """Seconds that a throttling server names (Exchange Online), or None."""
    found = _BACKOFF.search(str(fault))
    return int(found.group(1)) / 1000 if found else None


def said(fault: BaseException, *secrets: str) -> str:
    """What the server answered, printable, short and without our secrets."""
    text = _WRAPPING.sub("", str(fault)).removesuffix("'")
    for secret in filter(None, secrets):
        text = text.replace(secret, "***")
    text = "".join(c if " " <= c <= "~" else " " for c in text)
    return text[:SHOWN_CHARACTERS].strip().rstrip(".")


def response_code(fault: BaseException) -> str:
    """The response code in square brackets, such as TRYCREATE (RFC 9051 section 7.1), or an empty string."""
    found = re.search(r"\[([A-Z-]+)", str(fault))
    return found.group(1) if found else ""
