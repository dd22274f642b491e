"""The answer to a mail that was too large to be taken in. Only its header was read."""

from datetime import timedelta

from sqlalchemy.orm import Session

from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.values import Email, OriginKind, Trust
from helpdesk.ingest.visit import RefusalNotice
from helpdesk.models import Receipt
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.enqueue import due_again, enqueue
from helpdesk.outbound.kinds import Kind
from helpdesk.services import Services

ONCE_IN = timedelta(days=1)


def refusal_notice(services: Services, mailbox_key: str) -> RefusalNotice:
    """What `ingest.poll` calls for a refused mail: answers a person, once a day. The trail is written there."""

    def notice(session: Session, receipt: Receipt, header: bytes) -> None:
        email = _person(services, header)
        if email is None or not due_again(session, Kind.TOO_LARGE, None, email.from_address, ONCE_IN):
            return
        draft = compose_answer(
            Kind.TOO_LARGE,
            settings=services.settings,
            tokens=services.tokens,
            desk_key=services.settings.mailboxes[mailbox_key].desk,
            to_address=email.from_address,
            in_reply_to=email.message_id,
            references=email.references,
        )
        enqueue(session, services.settings, draft, receipt_id=receipt.id)

    return notice


def _person(services: Services, header: bytes) -> Email | None:
    """The mail, if a person sent it whose address is not known to be forged (RFC 3834 section 2)."""
    try:
        email = parse(header)
    except ParseError:
        return None
    origin = judge(email, services.settings, services.tokens)
    answerable = origin.kind is OriginKind.PERSON and origin.trust is not Trust.FAILED
    return email if answerable and email.from_address else None
