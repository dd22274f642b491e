"""The files that go with what an agent writes: kept with the message, sealed, and read again when its mail goes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import Attachment, Message, OutboxMail, Ticket
from helpdesk.vault import ContentDestroyed, Vault

OPAQUE = "application/octet-stream"


class FileGone(HelpdeskError):
    """A file of a mail that waits was erased, so the mail cannot go out as it was written."""


@dataclass(frozen=True, slots=True)
class File:
    """A file with its safe name. Its repr shows no content."""

    name: str = field(repr=False)
    media_type: str
    data: bytes = field(repr=False)


def attach(session: Session, vault: Vault, message: Message, files: Sequence[File]) -> None:
    """Seal the files into the vault and hang them on a message that has its id; in the caller's transaction."""
    for file in files:
        session.add(
            Attachment(
                message_id=message.id,
                blob_id=vault.put(session, file.data).id,
                file_name=file.name[:255],
                media_type=file.media_type[:127],
                size=len(file.data),
            )
        )
    session.flush()


def attached_act(ticket: Ticket, message: Message, files: Sequence[File], who: str) -> Act:
    """Who attached how many files of what sizes; never what they are called or hold."""
    detail = (("message", message.id), ("files", len(files)), ("bytes", [len(one.data) for one in files]))
    return Act("ticket.files_attached", "ticket", ticket.number, actor=who, detail=detail)


def files_of(session: Session, vault: Vault, mail: OutboxMail) -> list[File]:
    """The files of a mail, opened, in the order in which they were chosen.

    An automatic mail has none. Raises FileGone, and VaultError where a master key is missing.
    """
    if mail.automatic:
        return []
    wanted = select(Attachment).join(Attachment.message).where(Message.outbox_id == mail.id)
    return [_opened(session, vault, row) for row in session.scalars(wanted.order_by(Attachment.id))]


def _opened(session: Session, vault: Vault, row: Attachment) -> File:
    gone = FileGone("A file of it was erased, so it was not sent; write again without that file.")
    if row.blob_id is None or row.tombstone:
        raise gone
    try:
        return File(row.file_name, row.media_type, vault.get(session, row.blob_id))
    except ContentDestroyed:
        raise gone from None
