"""The tables, one file a family; no behaviour beyond what a row knows of itself."""

from helpdesk.models.audit import AuditEntry
from helpdesk.models.blobs import Blob
from helpdesk.models.governance import HeldMail, IgCase, MailReport
from helpdesk.models.mail import MailboxStatus, MailToken, MessageId, Receipt
from helpdesk.models.matching import OtherAddress, TicketMerge, TicketNumber, UnmatchedMail
from helpdesk.models.outbound import OutboxMail, Suppression
from helpdesk.models.people import User, WebSession
from helpdesk.models.tickets import Attachment, Message, NumberCounter, Participant, SearchEntry, Ticket

__all__ = [
    "Attachment",
    "AuditEntry",
    "Blob",
    "HeldMail",
    "IgCase",
    "MailReport",
    "MailToken",
    "MailboxStatus",
    "Message",
    "MessageId",
    "NumberCounter",
    "OtherAddress",
    "OutboxMail",
    "Participant",
    "Receipt",
    "SearchEntry",
    "Suppression",
    "Ticket",
    "TicketMerge",
    "TicketNumber",
    "UnmatchedMail",
    "User",
    "WebSession",
]
