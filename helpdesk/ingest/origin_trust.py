"""How far the From of a mail can be believed, by the words of those that we trust. Pure.

Of Authentication-Results only the topmost of a trusted authserv-id counts: our server writes above what came
in, and a sender can write one in its name further down (RFC 8601 sections 5 and 7.1). Exchange Online writes
one without any name, which counts for a mailbox that the settings say is there, and only at the top. Where
neither is there, our own checks count, and before them those of a gateway whose ARC seal we trust.
DMARC decides over everything else, and only for the domain that we read in From.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import authres

from helpdesk.config_trust import Checker
from helpdesk.ingest.authenticity.domains import aligned
from helpdesk.ingest.authenticity.values import Authenticity, Word
from helpdesk.ingest.parsing.addresses import ascii_domain
from helpdesk.ingest.values import Email, Trust

MOST_CHARACTERS = 8_000  # the reading of a value takes time that grows with its square
METHODS = ("dmarc", "dkim", "spf", "arc", "compauth")
_AUTHSERV_ID = re.compile(r"\s*(?:\([^()]*\)\s*)*\"?([^\s;()\"]+)")
_NO_NAME = re.compile(r"\s*(?:spf|dkim|dmarc|arc|compauth)\s*=", re.IGNORECASE)
_SEALED = "130"  # Exchange: an ARC seal that the tenant trusts stands over a DMARC failure


@dataclass(frozen=True, slots=True)
class Belief:
    """How far, by whose word (empty: nobody's), and the words."""

    trust: Trust
    by: str = ""
    words: tuple[Word, ...] = ()


def believe(
    email: Email,
    authserv_ids: Iterable[str],
    checker: Checker = "gateway",
    found: Authenticity | None = None,
) -> Belief:
    """Verified, failed or unknown. Several From addresses are never verified (RFC 7489 section 6.6.1).

    `found`: what we found out by ourselves, where the mailbox's checker is that.
    """
    domain = email.from_address.rpartition("@")[2]
    by, words = _heard(email, authserv_ids, checker, found, domain)
    trust = _weigh(words, domain) if domain else Trust.UNKNOWN
    if trust is Trust.VERIFIED and "several-from" in email.defects:
        trust = Trust.UNKNOWN
    return Belief(trust, by, tuple(words))


def is_ours_to_check(email: Email, authserv_ids: Iterable[str], checker: Checker) -> bool:
    """Whether the sender is to be found out by ourselves: no host that we trust has a word on this mail."""
    return checker == "ourselves" and _topmost(email, authserv_ids) is None


def _heard(
    email: Email, authserv_ids: Iterable[str], checker: Checker, found: Authenticity | None, domain: str
) -> tuple[str, list[Word]]:
    """The words that count, and whose they are."""
    if (value := _topmost(email, authserv_ids)) is not None:
        return "gateway", _words(value)
    if checker == "exchange_online":
        value = email.header("authentication-results")
        return "exchange_online", _words(f"exchange; {value}") if _NO_NAME.match(value) else []
    if found is None:
        return "", []
    sealed = _words(found.sealed)
    if sealed and _weigh(sealed, domain) is not Trust.UNKNOWN:
        return "sealer", [*sealed, *(one for one in found.words if one.method == "arc")]
    return "ourselves", list(found.words)


def _topmost(email: Email, authserv_ids: Iterable[str]) -> str | None:
    trusted = frozenset(one.strip().lower() for one in authserv_ids)
    for value in email.all("authentication-results") if trusted else ():
        found = _AUTHSERV_ID.match(value)
        if found and found[1].lower() in trusted:
            return value
    return None


def _words(value: str) -> list[Word]:
    """The results in a header's value; none of one that does not keep to the grammar."""
    if not value or len(value) > MOST_CHARACTERS:
        return []
    try:
        results = authres.all_features().parse_value(value.rstrip("; \t")).results
    except (authres.core.AuthResError, RecursionError, ValueError, TypeError, AttributeError):
        return []  # the library lets its own slips out as well; an answer that cannot be read is no answer
    return [_word(one) for one in results if one.method in METHODS]


def _word(result: authres.core.AuthenticationResult) -> Word:
    """The domain is the one that the method speaks of; RFC 8601 section 2.7 says where it stands."""
    about = {
        "dmarc": [("header", "from")],
        "dkim": [("header", "d"), ("header", "i")],
        "spf": [("smtp", "mailfrom")],
    }.get(result.method, [])
    domain = next((found for place in about if (found := _property(result, *place))), "")
    reason = str(result.reason or "") if result.method == "compauth" else ""
    return Word(result.method, str(result.result), domain, reason if reason.isdigit() else "")


def _property(result: authres.core.AuthenticationResult, kind: str, name: str) -> str:
    """The domain in a property, whether it stands as a domain or as an address."""
    values = (one.value or "" for one in result.properties if one.type == kind and one.name == name)
    return ascii_domain(str(next(values, "")).rpartition("@")[2].strip('"<> '))


def _weigh(words: list[Word], domain: str) -> Trust:
    trust = _by_dmarc([one for one in words if one.method == "dmarc"], domain)
    if trust is None:
        trust = _by_signs([one for one in words if one.method in ("dkim", "spf")], domain)
    return _beside(trust, [one for one in words if one.method == "compauth"])


def _by_dmarc(words: list[Word], domain: str) -> Trust | None:
    """None when DMARC says nothing (none, permerror)."""
    results = {one.result for one in words}
    if "fail" in results:
        return Trust.FAILED
    if "pass" in results:
        # A pass for another From than ours means that two readers saw two senders in one mail.
        asked = [one.domain for one in words if one.result == "pass"]
        return Trust.VERIFIED if all(not one or aligned(one, domain) for one in asked) else Trust.FAILED
    # The DNS was silent, or a signature proves too little: neither for nor against.
    return Trust.UNKNOWN if results & {"temperror", "policy"} else None


def _by_signs(words: list[Word], domain: str) -> Trust:
    """By DKIM signatures and SPF that are about the From domain."""
    results = {one.result for one in words if one.domain and aligned(one.domain, domain)}
    if "pass" in results:
        return Trust.VERIFIED
    if results & {"temperror", "policy"}:
        return Trust.UNKNOWN
    return Trust.FAILED if "fail" in results else Trust.UNKNOWN


def _beside(trust: Trust, words: list[Word]) -> Trust:
    """Exchange's composite word never proves a sender; it can only take a certainty away."""
    for one in words:
        if one.result == "fail" and trust is Trust.VERIFIED:
            return Trust.UNKNOWN
        if one.result == "pass" and one.reason == _SEALED and trust is Trust.FAILED:
            return Trust.UNKNOWN
    return trust
