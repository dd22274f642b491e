"""What an end user's mail client does: write a mail, answer one, send it."""

import mimetypes
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from helpdesk.db import now
from helpdesk.demo.sink import Sink, SunkMail
from helpdesk.demo.smtp import FORGED_HEADER
from helpdesk.errors import HelpdeskError


class NotSent(HelpdeskError):
    """The mail could not be written or handed over."""


@dataclass(frozen=True)
class Attached:
    """A file on a mail."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class EndUserMail:
    """A mail as an end user wrote it. `answers`: the mail of ours that it replies to."""

    from_address: str
    to: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    from_name: str = field(default="", repr=False)
    files: tuple[Attached, ...] = ()
    answers: SunkMail | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    message_id: str = ""
    forged: bool = False


def reply_to(mail: SunkMail, text: str, from_name: str = "") -> EndUserMail:
    """A reply to a mail of ours, by its addressee: threaded, to where it asks, the original quoted below."""
    message = mail.message
    return EndUserMail(
        from_address=mail.to,
        from_name=from_name,
        to=reply_address(message),
        subject=reply_subject(str(message["Subject"] or "")),
        text=text,
        answers=mail,
    )


def newest_on(sink: Sink, number: str) -> SunkMail:
    """The newest mail that names this ticket in its subject. Raises NotSent."""
    tag = f"[{number.upper()}]"
    found = next((mail for mail in sink.all() if tag in str(mail.message["Subject"])), None)
    if found is None:
        raise NotSent(
            f"No end user got a mail on ticket {number} yet; list them with `helpdesk tickets list`."
        )
    return found


def reply_subject(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def reply_address(message: EmailMessage) -> str:
    """Reply-To if there is one, else From (RFC 5322 section 3.6.2)."""
    header = message["Reply-To"] or message["From"]
    addresses = getattr(header, "addresses", ())
    return str(addresses[0].addr_spec) if addresses else ""


def text_of(message: EmailMessage) -> str:
    """The plain text of a mail, or an empty string."""
    part = message.get_body(preferencelist=("plain",))
    return str(part.get_content()) if part else ""


def html_of(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("html",))
    return str(part.get_content()) if part else ""


def files_of(message: EmailMessage) -> list[tuple[str, int]]:
    """The name and the size of each file of a mail."""
    files = [(one.get_filename(), one.get_payload(decode=True)) for one in message.iter_attachments()]
    return [(str(name), len(data)) for name, data in files if name and isinstance(data, bytes)]


def send(mail: EndUserMail, host: str, port: int) -> str:
    """Send a mail by SMTP. Returns its Message-ID; raises NotSent."""
    message = _message(mail)
    try:
        with smtplib.SMTP(host, port, local_hostname="client.example", timeout=10) as server:
            server.send_message(message, mail.from_address, [mail.to])
    except (OSError, smtplib.SMTPException) as fault:
        said = getattr(fault, "strerror", None) or type(fault).__name__
        raise NotSent(
            f"The demo's mail server at {host}:{port} did not take the mail ({said}); is `helpdesk run` running?"
        ) from None
    return str(message["Message-ID"])


def _message(mail: EndUserMail) -> EmailMessage:
    message = EmailMessage()
    try:
        message["From"] = Address(mail.from_name, addr_spec=mail.from_address)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = " ".join(mail.subject.split())
    except (ValueError, IndexError) as fault:
        raise NotSent(
            f"An address is not one that a mail can have ({type(fault).__name__}); mend it."
        ) from None
    message["Date"] = format_datetime(now())
    message["Message-ID"] = mail.message_id or make_msgid(domain=mail.from_address.rpartition("@")[2])
    for name, value in mail.headers.items():
        message[name] = value
    if mail.forged:
        message[FORGED_HEADER] = "yes"
    _thread(message, mail)
    message.set_content(mail.text + _quoted(mail.answers))
    for file in mail.files:
        main, _, sub = (mimetypes.guess_type(file.name)[0] or "application/octet-stream").partition("/")
        message.add_attachment(file.data, maintype=main, subtype=sub, filename=file.name)
    return message


def _thread(message: EmailMessage, mail: EndUserMail) -> None:
    """RFC 5322 section 3.6.4."""
    if mail.answers is None:
        return
    parent = mail.answers.message
    own_id = str(parent["Message-ID"] or "")
    message["In-Reply-To"] = own_id
    message["References"] = " ".join([*str(parent["References"] or "").split(), own_id])


def _quoted(answered: SunkMail | None) -> str:
    if answered is None:
        return ""
    message = answered.message
    lines = text_of(message).rstrip().splitlines()
    who = message["From"]
    return f"\n\nOn {message['Date']}, {who} wrote:\n" + "\n".join(f"> {line}" for line in lines) + "\n"
