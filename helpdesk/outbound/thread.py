"""Which mail ours answers: In-Reply-To, References and the ids that replies are found by (RFC 5322 section 3.6.4)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.db_rows import insert_later
from helpdesk.models import MessageId, OutboxMail
from helpdesk.outbound.tokens import Tokens, id_digest

MAX_IDS = 20
MAX_CHARACTERS = 2_000
MAX_ID_CHARACTERS = 250
# What RFC 5322 allows in an id and what readers send beside it; nothing that ends a header or starts a comment.
_ID = re.compile(r"<[!#-'*+\-./0-9:=?A-Z\[\]^_`a-z{|}~]+@[!#-'*+\-./0-9:=?@A-Z\[\]^_`a-z{|}~]+>")


@dataclass(frozen=True, slots=True)
class Parent:
    """The mail that ours answers: its id and its own references, oldest first."""

    message_id: str = ""
    references: tuple[str, ...] = ()


def is_fit(message_id: str) -> bool:
    """Whether a foreign id may be written into a mail of ours."""
    return len(message_id) <= MAX_ID_CHARACTERS and _ID.fullmatch(message_id) is not None


def in_reply_to(parent: Parent) -> str:
    return parent.message_id if is_fit(parent.message_id) else ""


def references(parent: Parent) -> tuple[str, ...]:
    """The parent's references and its id. Of too many the first and the newest stay."""
    ids = _unique([*parent.references, parent.message_id])
    while len(ids) > MAX_IDS or len(" ".join(ids)) > MAX_CHARACTERS:
        del ids[1]
    return tuple(ids)


def _unique(ids: Iterable[str]) -> list[str]:
    newest_last = dict.fromkeys(reversed([one for one in ids if is_fit(one)]))
    return list(reversed(newest_last))


def new_message_id(tokens: Tokens, number: str, domain: str) -> str:
    """A signed id for a mail of ours on this ticket."""
    return tokens.message_id(number, domain)


def loose_number(prefix: str) -> str:
    """The number that stands in the id of a mail that belongs to no ticket; numbering starts at 1."""
    return f"{prefix}-000000"


def remember(session: Session, mail: OutboxMail) -> None:
    """Keep the id of a mail of ours, so that replies to it find the ticket."""
    if mail.ticket_id is not None:
        keep_id(session, mail.message_id, mail.ticket_id, outbox_id=mail.id)


def keep_id(session: Session, message_id: str, ticket_id: int, *, outbox_id: int | None = None) -> None:
    """File an id with a ticket, as a row only: nobody needs it as an object."""
    insert_later(session, MessageId, digest=id_digest(message_id), ticket_id=ticket_id, outbox_id=outbox_id)


def parent_on_ticket(session: Session, ticket_id: int, to_address: str) -> Parent:
    """What an agent's reply to this address answers: our last mail to it on this ticket.

    That mail names the person's own mail in its references, so their reader shows one thread.
    """
    last = session.execute(
        select(OutboxMail.message_id, OutboxMail.references)
        .where(OutboxMail.ticket_id == ticket_id, OutboxMail.to_address == to_address.lower())
        .order_by(OutboxMail.created_at.desc(), OutboxMail.id.desc())
        .limit(1)
    ).first()
    return Parent(last.message_id, tuple(last.references)) if last else Parent()
