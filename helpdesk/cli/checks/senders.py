"""Who checks the senders of each mailbox's mail; and where we do it ourselves, whether the DNS answers."""

from collections.abc import Iterator

from helpdesk.cli.checks.values import Finding, fault, ok, warning
from helpdesk.config import Settings
from helpdesk.config_trust import network_of

NOBODY = (
    "nobody checks who sent its mail, so every sender is unproved; name the host that does in trust.authserv_ids, "
    'or set sender_checks = "ourselves" or "exchange_online".'
)
_ASKED = "_dmarc.nhs.uk"


def senders(settings: Settings) -> Iterator[Finding]:
    """A finding for each mailbox, and one for the DNS where we ask it."""
    for key in settings.mailboxes:
        yield _mailbox(settings, key)
    if any(settings.checker_of(key) == "ourselves" for key in settings.mailboxes):
        yield _dns(settings)


def _mailbox(settings: Settings, key: str) -> Finding:
    subject, checker = f"senders of {key}", settings.checker_of(key)
    hosts = ", ".join(settings.trust.authserv_ids)
    first = f"what {hosts} says of them counts" if hosts else ""
    if checker == "exchange_online":
        also = "what Exchange Online wrote on top of a mail counts"
        return ok(subject, f"{_sentence(first, also)}.")
    if checker == "ourselves":
        return _ourselves(settings, subject, first)
    return ok(subject, f"{_sentence(first)}.") if first else warning(subject, f"For this mailbox {NOBODY}")


def _ourselves(settings: Settings, subject: str, first: str) -> Finding:
    said = _sentence(first, "SPF, DKIM and DMARC are checked here")
    if all(network_of(one) for one in settings.trust.relays):
        return warning(
            subject, f"{said}; without the names of your mail hosts in trust.relays SPF says nothing."
        )
    return ok(subject, f"{said}.")


def _sentence(*parts: str) -> str:
    said = "; where it says nothing, ".join(part for part in parts if part)
    return said[:1].upper() + said[1:]


def _dns(settings: Settings) -> Finding:
    from helpdesk.ingest.authenticity.resolver import (  # noqa: PLC0415 (heavy: only where it is asked)
        Resolver,
        Unanswered,
    )

    try:
        Resolver(settings.trust.dns).for_one_mail().ask(_ASKED, "TXT")
    except Unanswered as problem:
        return fault(
            "dns",
            f"It cannot be asked about senders: {problem}; look at trust.dns.nameservers and the firewall.",
        )
    return ok("dns", "It answers; senders can be checked.")
