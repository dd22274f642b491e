"""How an automatic mail behaves, so that no other machine answers it (RFC 3834 section 3)."""

from helpdesk.models import OutboxMail

NULL_PATH = ""


def envelope_sender(mail: OutboxMail, automatic_sender: str = NULL_PATH) -> str:
    """The null path for an automatic mail, so that its bounce ends; the desk's address for a person's.

    `automatic_sender`: an address in place of the null path, where a relay refuses that (RFC 3834 section 3.3).
    """
    return automatic_sender if mail.automatic else mail.from_address


def headers(mail: OutboxMail) -> dict[str, str]:
    """What tells machines not to answer."""
    if not mail.automatic:
        return {}
    return {
        "Auto-Submitted": "auto-replied" if mail.in_reply_to else "auto-generated",
        # MS-OXCMAIL 2.1.3.2.20: Exchange sends no receipts, out-of-office or other answers to it.
        "X-Auto-Response-Suppress": "All",
    }
