"""Telling a person that their mail was over the limit, where an answer to it would go out. Only its header is known here."""

import logging
from functools import cached_property, partial
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from helpdesk.errors import HelpdeskError
from helpdesk.ingest import origin
from helpdesk.ingest.authenticity.values import Authenticity
from helpdesk.ingest.origin_trust import is_ours_to_check
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.values import Email, OriginKind, Trust
from helpdesk.ingest.visit import RefusalNotice, Told
from helpdesk.models import Receipt
from helpdesk.outbound.addresses import base_of
from helpdesk.outbound.compose import compose_answer
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.kinds import Kind
from helpdesk.services import Services

if TYPE_CHECKING:
    from helpdesk.ingest.authenticity.examine import Examiner

log = logging.getLogger(__name__)


def notice(services: Services) -> RefusalNotice:
    """What a visit asks about each mail that it refuses."""
    return _Notices(services).due


class _Notices:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._settings = services.settings

    def due(self, mailbox: str, header: bytes) -> Told | None:
        """What tells the sender, in the transaction of the receipt; None where nobody is told."""
        email = _read(header)
        if email is None or not self._may_be_answered(email, header, mailbox):
            return None
        return partial(_tell, services=self._services, email=email)

    def _may_be_answered(self, email: Email, header: bytes, mailbox: str) -> bool:
        """RFC 3834 section 2: a person's mail, that somebody reads answers to, and not under a forged name.

        The parts of a bounce are not here to be looked at, so that its type or its null return path decides.
        """
        if not email.from_address or email.return_path == "" or _is_report(email):
            return False
        found = self._examined(email, header, mailbox)
        judged = origin.judge(email, self._settings, self._services.tokens, mailbox=mailbox, found=found)
        if judged.kind is not OriginKind.PERSON or judged.silent or judged.trust is Trust.FAILED:
            return False
        return found is None or judged.trust is Trust.VERIFIED or self._is_to_us(email)

    def _examined(self, email: Email, header: bytes, mailbox: str) -> Authenticity | None:
        checker = self._settings.checker_of(mailbox)
        if not is_ours_to_check(email, self._settings.trust.authserv_ids, checker):
            return None
        return self._examiner.examine(header, email, whole=False)

    @cached_property
    def _examiner(self) -> "Examiner":
        from helpdesk.ingest.authenticity.examine import Examiner  # noqa: PLC0415 (only where senders are checked)

        return Examiner(self._settings.trust)

    def _is_to_us(self, email: Email) -> bool:
        """What is signed may have been written to somebody who sends it on to us."""
        own = {base_of(address) for address in self._settings.own_addresses}
        return any(base_of(address) in own for _, address in email.to)


def _read(header: bytes) -> Email | None:
    try:
        return parse(header)
    except ParseError:
        return None


def _is_report(email: Email) -> bool:
    return email.header("content-type").strip().lower().startswith("multipart/report")


def _tell(session: Session, receipt: Receipt, *, services: Services, email: Email) -> None:
    try:
        _enqueue(session, services, receipt, email)
    except HelpdeskError as fault:  # a desk's template that does not fit must not keep the mail in the way
        log.warning("receipt %d: its notice cannot be written: %s", receipt.id, fault)


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
