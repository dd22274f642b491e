"""A message that was shown becomes what a mail held at its arrival is: a placeholder, its content in the vault alone.

What is sealed in the receipt is the whole mail, so that it can be shown again from there.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db_search import forget_words
from helpdesk.ingest import keep
from helpdesk.models import Attachment, Message, OutboxMail, SearchEntry, Ticket, UnmatchedMail
from helpdesk.models.tickets import Direction
from helpdesk.outbound.cleaning import bare_subject
from helpdesk.tickets.actions import HELD_SUBJECT
from helpdesk.tickets.naming import hide_name
from helpdesk.vault import Vault

REPORTED = "reported"  # on a placeholder: it was shown before, and a person said that it should not be


def withdraw(session: Session, ticket: Ticket, message: Message) -> None:
    """Take all that was shown of a mail out of the tables and the search; where it stands on the ticket stays."""
    if hide_name(session, ticket, message):
        _take_out_of_mails_of_ours(session, ticket, bare_subject(message.subject))
    _empty_traces(session, message)
    _destroy_files(session, message)
    message.direction, message.redacted = Direction.HELD.value, False
    message.subject = message.text = message.html = message.author_name = ""
    message.flags = [*message.flags, REPORTED]
    message.evidence = keep.without_domains(message.evidence)
    forget_words(session)


def _take_out_of_mails_of_ours(session: Session, ticket: Ticket, words: str) -> None:
    """A reply bears the subject of its ticket; what was sent is not called back, but is stored without it."""
    ours = select(OutboxMail).where(OutboxMail.ticket_id == ticket.id, OutboxMail.automatic.is_(False))
    for mail in session.scalars(ours):
        mail.subject = mail.subject.replace(words, HELD_SUBJECT)


def _empty_traces(session: Session, message: Message) -> None:
    """What the search knows of it, and what was noted while an agent had to say where it belongs."""
    for entry in session.scalars(select(SearchEntry).where(SearchEntry.message_id == message.id)):
        entry.content = ""
    matched = select(UnmatchedMail).where(UnmatchedMail.receipt_id == message.receipt_id)
    for row in session.scalars(matched):
        row.subject = row.author_name = ""
        row.evidence = keep.without_domains(row.evidence)


def _destroy_files(session: Session, message: Message) -> None:
    for file in session.scalars(select(Attachment).where(Attachment.message_id == message.id)).all():
        if file.blob_id is not None:
            Vault.destroy(session, file.blob_id)
        session.delete(file)
