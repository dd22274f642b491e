"""DKIM: which signatures hold, and whether what they cover is enough (RFC 6376 sections 6.1 and 8)."""

import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

import dkim

from helpdesk.ingest.authenticity.domains import aligned
from helpdesk.ingest.authenticity.keys import NoKey
from helpdesk.ingest.authenticity.resolver import Lookups, Unanswered
from helpdesk.ingest.authenticity.signed import (
    Field,
    Malformed,
    SignedMail,
    Tags,
    Unsound,
    hold,
    listed,
    tags_of,
)
from helpdesk.ingest.authenticity.values import Word
from helpdesk.ingest.parsing.addresses import ascii_domain

MOST_SIGNATURES = 6  # that are checked
MOST_READ = 50
MUST_COVER = (b"from", b"subject")
# Once in a mail (RFC 5322 section 3.6, RFC 2045 section 3): a second one would be shown unsigned.
ONCE = (
    b"from", b"subject", b"to", b"cc", b"date", b"reply-to", b"sender", b"message-id", b"in-reply-to",
    b"references", b"mime-version", b"content-type", b"content-transfer-encoding",
)  # fmt: skip


def check(mail: SignedMail, domain: str, at: datetime | None, lookups: Lookups) -> tuple[Word, ...]:
    """A result for each signature of the From's organisation; those of others prove nothing and ask nobody.

    `at`: when our border took the mail, which its expiry is measured by (section 3.5, x=); now when not known.
    """
    found = [_signature(one) for one in mail.every(b"dkim-signature")[:MOST_READ]]
    ours = [one for one in found if isinstance(one, Signature) and aligned(one.domain, domain)]
    words = [one for one in found if isinstance(one, Word)][:1]
    checked = [_checked(mail, one, at, lookups) for one in ours[:MOST_SIGNATURES]]
    if not found or (not ours and not words):
        return (Word("dkim", "none", reason="no signature of that organisation"),)
    return (*checked, *words)


class Signature:
    """A signature's header that can be read."""

    def __init__(self, header: Field, tags: dict[bytes, bytes]) -> None:
        self.header = header
        self.tags = tags
        self.domain = ascii_domain(tags[b"d"].decode("ascii"))
        self.names = listed(tags[b"h"])


def _signature(header: Field) -> Signature | Word:
    try:
        tags = tags_of(header[1])
        # x= is ours to weigh: by the time of arrival, not of reading
        dkim.validate_signature_fields({name: value for name, value in tags.items() if name != b"x"})
        return Signature(header, tags)
    except Malformed as fault:
        return Word("dkim", "permerror", reason=str(fault))
    except (dkim.DKIMException, UnicodeDecodeError, ValueError, TypeError):
        return Word("dkim", "permerror", reason="the signature lacks what one must have")


def _checked(mail: SignedMail, one: Signature, at: datetime | None, lookups: Lookups) -> Word:
    try:
        _not_expired(one, at)
        _not_sent_on(mail, one)
        hold(mail, one.tags, one.names, one.header, lookups)
    except Unanswered as fault:
        return Word("dkim", "temperror", one.domain, str(fault))
    except (NoKey, Malformed) as fault:
        return Word("dkim", "permerror", one.domain, str(fault))
    except Unsound as fault:
        return Word("dkim", "fail", one.domain, str(fault))
    weak = weakness(mail, one.tags, one.names)
    return Word("dkim", "policy" if weak else "pass", one.domain, weak)


def _not_expired(one: Signature, at: datetime | None) -> None:
    end = one.tags.get(b"x")
    if end is None:
        return
    if not end.isdigit():
        raise Malformed("the signature's end is no number")
    if float(end) < (at.timestamp() if at else time.time()):
        raise Unsound("the signature had expired when the mail came")


def _not_sent_on(mail: SignedMail, one: Signature) -> None:
    """A header alone may stand over another body, and go to others than it was written to."""
    if not mail.whole and b"to" not in one.names:
        raise Unsound("the body was not fetched, and To is not signed")


def weakness(mail: SignedMail, tags: Tags, names: Sequence[bytes]) -> str:
    """Why a good signature proves too little of what a person sees; empty when it is enough."""
    if b"l" in tags:
        return "it covers only the beginning of the body (l=)"
    covered, there = Counter(names), Counter(name.lower() for name, _ in mail.fields)
    if any(name not in covered for name in MUST_COVER):
        return "it does not cover From and Subject"
    if any(there[name] > max(covered[name], 1) for name in ONCE):
        return "a header stands more often than it is signed"
    return "" if mail.whole else "its body was not fetched"
