"""What tells an operator that something stopped without a failure: stale mailboxes, tokens and certificates that end."""

import logging

from helpdesk.db import reading
from helpdesk.ingest.mailbox_status import Kind, healths
from helpdesk.jobs.schedule import Counts
from helpdesk.mailauth.fresh import keep_all_fresh
from helpdesk.outbound.signing.signers import warnings
from helpdesk.services import Services

log = logging.getLogger(__name__)


def keep_tokens_fresh(services: Services) -> Counts:
    """Renew the tokens of mail accounts before they end, those that nobody uses too; warn of what needs a person."""
    sentences = keep_all_fresh(services)
    for sentence in sentences:
        log.warning("%s", sentence)
    return {"warnings": len(sentences)}


def look_at_mailboxes(services: Services) -> Counts:
    """Warn of mailboxes that nobody has read for too long."""
    with reading(services.sessions) as session:
        stale = [one for one in healths(session, services.settings) if one.kind is Kind.STALE]
    for one in stale:
        log.warning("mailbox %s: %s", one.mailbox, one.sentence)
    return {"stale": len(stale)}


def look_at_certificates(services: Services) -> Counts:
    """Warn of certificates that sign outgoing mail and end soon."""
    sentences = warnings(services.settings)
    for sentence in sentences:
        log.warning("%s", sentence)
    return {"warnings": len(sentences)}
