"""Who or what sent a mail, and how far its From can be believed. Pure.

Nothing that any sender can write makes us drop a person's mail: only a mail under our own
address, or one that carries our own signed Message-ID, counts as ours come back.
"""

from helpdesk.config import Settings
from helpdesk.ingest import origin_automatic, origin_bounce, origin_list, origin_silent, origin_trust
from helpdesk.ingest.authenticity.values import Authenticity
from helpdesk.ingest.values import Email, Origin, OriginKind
from helpdesk.outbound.tokens import Tokens


def judge(
    email: Email,
    settings: Settings,
    tokens: Tokens,
    *,
    mailbox: str = "",
    found: Authenticity | None = None,
) -> Origin:
    """The origin of a mail. Total: every mail has one.

    `found`: what we found out of its sender by ourselves, where nobody that we trust says it.
    """
    checker = settings.checker_of(mailbox)
    belief = origin_trust.believe(email, settings.trust.authserv_ids, checker, found)
    bounced = origin_bounce.bounced(email)
    kind, why = _kind(email, settings, tokens, is_bounce=bool(bounced))
    return Origin(
        kind=kind,
        trust=belief.trust,
        why=why,
        claims_own_domain=_claims_own_domain(email, settings),
        bounced=bounced if kind is OriginKind.BOUNCE else (),
        checked=bool(settings.trust.authserv_ids) or checker != "gateway",
        vouched_by=belief.by,
        proof=tuple(map(str, belief.words)),
        silent=origin_silent.silent(email, settings) if kind is OriginKind.PERSON else "",
    )


def _kind(email: Email, settings: Settings, tokens: Tokens, *, is_bounce: bool) -> tuple[OriginKind, str]:
    """The first that fits: ours, a bounce, an answering machine, a list, else a person."""
    if why := _own(email, settings, tokens):
        return OriginKind.OWN, why
    if is_bounce:
        return OriginKind.BOUNCE, "a delivery report"
    if why := origin_automatic.answering_machine(email):
        return OriginKind.AUTO_REPLY, why
    own_list = origin_list.own_list(email, settings.senders.own_lists)
    if not own_list and (why := origin_list.mailing_list(email)):
        return OriginKind.LIST, why
    if why := origin_automatic.other_machine(email, through_own_list=bool(own_list)):
        return OriginKind.AUTO_REPLY, why
    return OriginKind.PERSON, "it came through a list of ours" if own_list else "no sign of a machine"


def _own(email: Email, settings: Settings, tokens: Tokens) -> str:
    if _without_plus(email.from_address) in settings.own_addresses:
        return "From is an address of ours"
    if email.message_id and tokens.ticket_of_message_id(email.message_id):
        return "its Message-ID is one that we signed"
    return ""


def _without_plus(address: str) -> str:
    """Our signed addresses are ours as well: `desk+reply.….….@…` is `desk@…`."""
    local, at, domain = address.rpartition("@")
    return local.split("+", 1)[0] + at + domain


def _claims_own_domain(email: Email, settings: Settings) -> bool:
    domain = email.from_address.rpartition("@")[2]
    addresses = {address.rpartition("@")[2] for address in settings.own_addresses}
    own = addresses | {one.lower().strip(".") for one in settings.trust.own_domains}
    return bool(domain) and any(domain == one or domain.endswith("." + one) for one in own if one)
