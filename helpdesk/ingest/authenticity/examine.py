"""All checks of one mail, in the order in which a stranger can spend least of our time.

What the From's own domain is asked comes first; names that a sender chooses come last.
"""

from helpdesk.config_trust import Trust
from helpdesk.ingest.authenticity import border, chain, envelope, policy, signatures
from helpdesk.ingest.authenticity.resolver import Lookups, Resolver
from helpdesk.ingest.authenticity.signed import Malformed, SignedMail
from helpdesk.ingest.authenticity.values import Authenticity, Word
from helpdesk.ingest.values import Email


class Examiner:
    """Checks mails in this process, with one cache of answers."""

    def __init__(self, settings: Trust) -> None:
        self._relays = border.relays(settings.relays)
        self._sealers = frozenset(settings.arc_sealers)
        self._resolver = Resolver(settings.dns)

    def examine(self, raw: bytes, email: Email, *, whole: bool = True) -> Authenticity:
        """What a mail's own evidence says of its From. Total: a mail that cannot be checked says nothing good.

        `whole`: False where only its header is there, which no signature is enough for.
        """
        domain = email.from_address.rpartition("@")[2]
        if not domain:
            return Authenticity((Word("dmarc", "none", reason="the mail has no sender"),))
        lookups = self._resolver.for_one_mail()
        found = border.border(email, self._relays)
        stated = policy.look_up(domain, lookups)
        mail = _cut(raw, email, whole=whole)
        signed = (
            _unreadable(mail) if isinstance(mail, str) else signatures.check(mail, domain, found.at, lookups)
        )
        sent = envelope.check(email, found.client, lookups)
        words = (policy.judge(domain, stated, (sent, *signed)), *signed, sent)
        return self._with_chain(words, mail, lookups)

    def _with_chain(self, words: tuple[Word, ...], mail: SignedMail | str, lookups: Lookups) -> Authenticity:
        if isinstance(mail, str) or not mail.whole:
            return Authenticity(words)
        said, sealed = chain.check(mail, self._sealers, lookups)
        return Authenticity((*words, said), sealed)


def _cut(raw: bytes, email: Email, *, whole: bool) -> SignedMail | str:
    """The mail as it was signed, or why it cannot be cut so."""
    if "too-many-headers" in email.defects:
        return "the mail has more headers than are looked at"
    try:
        return SignedMail(raw, whole=whole)
    except Malformed as fault:
        return str(fault)


def _unreadable(why: str) -> tuple[Word, ...]:
    return (Word("dkim", "permerror", reason=why),)
