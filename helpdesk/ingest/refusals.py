"""Telling a person that their mail was over the limit. Only its header is known here."""

import logging

from sqlalchemy.orm import Session

from helpdesk.errors import HelpdeskError
from helpdesk.ingest import origin
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.values import Email, OriginKind, Trust
from helpdesk.ingest.visit import RefusalNotice
from helpdesk.models import Receipt
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.kinds import Kind
from helpdesk.services import Services

log = logging.getLogger(__name__)


def notice(services: Services) -> RefusalNotice:
    """What a visit calls for each mail that it refuses, in the transaction of the receipt."""

    def tell(session: Session, receipt: Receipt, header: bytes) -> None:
        email = _read(header)
        if email is None or not _may_be_answered(email, services, receipt.mailbox):
            return
        try:
            _enqueue(session, services, receipt, email)
        except (
            HelpdeskError
        ) as fault:  # a desk's template that does not fit must not keep the mail in the way
            log.warning("receipt %d: its notice cannot be written: %s", receipt.id, fault)

    return tell


def _read(header: bytes) -> Email | None:
    try:
        return parse(header)
    except ParseError:
        return None


def _may_be_answered(email: Email, services: Services, mailbox: str) -> bool:
    """RFC 3834 section 2: a person's mail, and not under a forged name.

    The parts of a bounce are not here to be looked at, so that its type or its null return path decides.
    """
    if not email.from_address or email.return_path == "" or _is_report(email):
        return False
    judged = origin.judge(email, services.settings, services.tokens, mailbox=mailbox)
    return judged.kind is OriginKind.PERSON and judged.trust is not Trust.FAILED


def _is_report(email: Email) -> bool:
    return email.header("content-type").strip().lower().startswith("multipart/report")


def _enqueue(session: Session, services: Services, receipt: Receipt, email: Email) -> None:
    draft = compose_answer(
        Kind.TOO_LARGE.value,
        settings=services.settings,
        tokens=services.tokens,
        desk_key=services.settings.mailboxes[receipt.mailbox].desk,
        to_address=email.from_address,
        in_reply_to=email.message_id,
        references=email.references,
        session=session,
    )
    enqueue(session, services.settings, draft, receipt_id=receipt.id)
