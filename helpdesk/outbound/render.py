"""A row of the outbox and its files as the bytes that go over the wire; the same gives the same bytes."""

import hashlib
import re
from collections.abc import Sequence
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any

from helpdesk.models import OutboxMail
from helpdesk.outbound import manners
from helpdesk.outbound.cleaning import body, one_line
from helpdesk.outbound.files import OPAQUE, File
from helpdesk.tickets.file_names import safe_name

_MEDIA_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,100}", re.IGNORECASE)
_LISTS_OF_IDS = ("references", "in-reply-to", "message-id")


class _WirePolicy(EmailPolicy):
    """The library's policy for SMTP, but for ids, and for subjects and names with letters beyond ASCII.

    The library writes an id that is longer than a line as encoded words, which no reader
    undoes, so threads break. Where it folds a subject or a name it puts a space between two encoded
    words, which every reader takes out (RFC 2047 section 6.2), so words run together: "tŷ dŵr" came as "tŷdŵr".
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        if name.lower() in _LISTS_OF_IDS:
            return f"{name}: ".encode() + "\r\n ".join(str(value).split()).encode("ascii") + b"\r\n"
        if name.lower() == "subject" and not str(value).isascii():
            return f"{name}: {_encoded(str(value), name)}\r\n".encode("ascii")
        if name.lower() == "from" and not str(value).isascii():
            sender: Address = value.addresses[0]  # there is one: `_headers` wrote it
            name_of_it = _encoded(sender.display_name, name)
            return f"{name}: {name_of_it}\r\n <{sender.addr_spec}>\r\n".encode("ascii")
        return super().fold_binary(name, value)


def _encoded(text: str, name: str) -> str:
    """All of a text as encoded words, its spaces inside them (RFC 2047)."""
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


WIRE = _WirePolicy(linesep="\r\n", cte_type="7bit")


def render(mail: OutboxMail, files: Sequence[File] = ()) -> bytes:
    """The mail with CRLF line ends, 7-bit clean, no line over 998 bytes (RFC 5322 section 2.1.1).

    Raises ValueError on an address or header that cannot be written.
    """
    message = EmailMessage(policy=WIRE)
    for name, value in _headers(mail).items():
        message[name] = value
    message.set_content(body(mail.text) + "\n", cte="quoted-printable")
    if mail.html:
        message.add_alternative(body(mail.html) + "\n", subtype="html", cte="quoted-printable")
        message.set_boundary(_boundary(mail, "alternative"))
    for file in files:
        _enclose(message, file)
    if files:
        message.set_boundary(_boundary(mail, "mixed"))
    return message.as_bytes()


def _boundary(mail: OutboxMail, of: str) -> str:
    """Always the same for one mail, and not to be guessed: its id is signed."""
    salt = "" if of == "alternative" else of
    return hashlib.sha256(f"{salt}{mail.message_id}".encode()).hexdigest()[:40]


def _enclose(message: EmailMessage, file: File) -> None:
    """Its name as RFC 2231 says; it comes back byte by byte, since base64 is left alone on the way (RFC 2045)."""
    main, _, sub = _media_type(file.media_type).partition("/")
    message.add_attachment(file.data, maintype=main, subtype=sub, cte="base64", filename=safe_name(file.name))
    del message.get_payload()[-1]["MIME-Version"]  # type: ignore[union-attr,index]  # a list by now


def _media_type(said: str) -> str:
    """A file is always sent in base64, which these may not be (RFC 2046 sections 5.1 and 5.2), so it is a file only."""
    fit = _MEDIA_TYPE.fullmatch(said) and not said.lower().startswith(("message/", "multipart/"))
    return said if fit else OPAQUE


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
