"""Mails for tests, built whole: what a client or server would really send."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

DESK = "servicedesk@northmoor.nhs.uk"
JO = "jo.barnes@northmoor.nhs.uk"
PASSES = (
    "mx.northmoor.nhs.uk; dmarc=pass header.from=northmoor.nhs.uk; spf=pass smtp.mailfrom=northmoor.nhs.uk"
)
FAILS = (
    "mx.northmoor.nhs.uk; dmarc=fail header.from=northmoor.nhs.uk; spf=fail smtp.mailfrom=northmoor.nhs.uk"
)


def mail(
    subject: str = "Printer on ward 4 jams",
    text: str = "Hello, the printer by the nurses' station jams on every second page.\n\nThanks\nJo Barnes\n",
    *,
    sender: str = JO,
    name: str = "Jo Barnes",
    to: str = DESK,
    headers: Sequence[tuple[str, str]] = (),
    html: str = "",
    files: Sequence[tuple[str, str, bytes]] = (),
    message_id: str | None = None,
) -> bytes:
    """A mail as it lies in a mailbox. `files` are (name, media type, bytes)."""
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(name, addr_spec=sender)
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = format_datetime(datetime(2026, 11, 3, 9, 30, tzinfo=UTC))
    if message_id != "":
        message["Message-ID"] = message_id or make_msgid(domain=sender.split("@")[1])
    for key, value in headers:
        message[key] = value
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for file_name, media_type, data in files:
        main, sub = media_type.split("/")
        message.add_attachment(data, maintype=main, subtype=sub, filename=file_name)
    return message.as_bytes()


PATIENT_TEXT = "Please can you merge these: Margaret Whitlock, DOB 12/03/1948, NHS number 999 000 0018, both on ward 4.\n\nJo\n"


def delivery_report(message_id: str, recipient: str, *, permanent: bool = True) -> bytes:
    """A multipart/report as Postfix writes it (RFC 3464)."""
    status, action = ("5.1.1", "failed") if permanent else ("4.4.1", "delayed")
    return (
        f"From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\r\nTo: {DESK}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nAuto-Submitted: auto-replied\r\nReturn-Path: <>\r\n"
        f"Message-ID: {make_msgid(domain='mx.example.org')}\r\nDate: Tue, 03 Nov 2026 09:31:00 +0000\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="B"\r\n\r\n'
        "--B\r\nContent-Type: text/plain\r\n\r\nI'm sorry to have to inform you that your message could not be delivered.\r\n"
        "--B\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        f"--B\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--B--\r\n"
    ).encode()
