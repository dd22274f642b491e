"""A row of the outbox as the bytes that go over the wire; the same row gives the same bytes."""

import hashlib
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from helpdesk.models import OutboxMail
from helpdesk.outbound import manners
from helpdesk.outbound.cleaning import body, one_line

_LISTS_OF_IDS = ("references", "in-reply-to", "message-id")


class _WirePolicy(EmailPolicy):
    """The library's policy for SMTP, but it leaves ids as they are.

    The library writes an id that is longer than a line as encoded words, which no reader
    undoes, so threads break.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _LISTS_OF_IDS:
            return f"{name}: ".encode() + "\r\n ".join(str(value).split()).encode("ascii") + b"\r\n"
        return super().fold_binary(name, value)


WIRE = _WirePolicy(linesep="\r\n", cte_type="7bit")


def render(mail: OutboxMail) -> bytes:
    """The mail with CRLF line ends, 7-bit clean, no line over 998 bytes (RFC 5322 section 2.1.1).

    Raises ValueError on an address or header that cannot be written.
    """
    message = EmailMessage(policy=WIRE)
    for name, value in _headers(mail).items():
        message[name] = value
    message.set_content(body(mail.text) + "\n", cte="quoted-printable")
    if mail.html:
        message.add_alternative(body(mail.html) + "\n", subtype="html", cte="quoted-printable")
        message.set_boundary(hashlib.sha256(mail.message_id.encode()).hexdigest()[:40])
    return message.as_bytes()


def _headers(mail: OutboxMail) -> dict[str, Any]:
    optional = {
        "Reply-To": Address(addr_spec=mail.reply_to) if mail.reply_to else "",
        "In-Reply-To": mail.in_reply_to,
        "References": " ".join(mail.references),
    }
    return {
        "Date": mail.created_at,
        "From": Address(one_line(mail.from_name), addr_spec=mail.from_address),
        "To": Address(addr_spec=mail.to_address),
        **{name: value for name, value in optional.items() if value},
        "Message-ID": mail.message_id,
        "Subject": one_line(mail.subject, 500),
        **manners.headers(mail),
    }
