"""What our own mail server says of the From domain (RFC 8601), and nothing that others say.

Only the topmost Authentication-Results of a trusted authserv-id counts: our server writes
above what came in, and a sender can write one in its name further down (section 5, 7.1).
DMARC decides over everything else, and only for the domain that we read in From.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

import authres
import tldextract

from helpdesk.ingest.parsing.addresses import ascii_domain
from helpdesk.ingest.values import Email, Trust

MOST_CHARACTERS = 8_000  # the reading of a value takes time that grows with its square
_AUTHSERV_ID = re.compile(r"\s*(?:\([^()]*\)\s*)*\"?([^\s;()\"]+)")
_SUFFIXES = tldextract.TLDExtract(
    suffix_list_urls=(), cache_dir=None
)  # the list in the package: nothing is fetched


def trust(email: Email, authserv_ids: Iterable[str]) -> Trust:
    """Verified, failed or unknown. Several From addresses are never verified (RFC 7489 section 6.6.1)."""
    domain = email.from_address.rpartition("@")[2]
    value = _topmost(email, frozenset(one.strip().lower() for one in authserv_ids))
    if not domain or value is None:
        return Trust.UNKNOWN
    verdict = _weigh(_results(value), domain)
    if verdict is Trust.VERIFIED and "several-from" in email.defects:
        return Trust.UNKNOWN
    return verdict


def _topmost(email: Email, trusted: frozenset[str]) -> str | None:
    for value in email.all("authentication-results"):
        found = _AUTHSERV_ID.match(value)
        if found and found[1].lower() in trusted:
            return value
    return None


def _results(value: str) -> list[authres.core.AuthenticationResult]:
    """The results of a header; none of one that does not keep to the grammar."""
    if len(value) > MOST_CHARACTERS:
        return []
    try:
        return list(authres.all_features().parse_value(value).results)
    except (authres.core.AuthResError, RecursionError, ValueError, TypeError, AttributeError):
        return []  # the library lets its own slips out as well; an answer that cannot be read is no answer


def _weigh(results: list[authres.core.AuthenticationResult], domain: str) -> Trust:
    dmarc = _dmarc([one for one in results if one.method == "dmarc"], domain)
    if dmarc is not None:
        return dmarc
    signs = [_sign(one, domain) for one in results if one.method in ("dkim", "spf")]
    if "pass" in signs:
        return Trust.VERIFIED
    return Trust.FAILED if "fail" in signs else Trust.UNKNOWN


def _dmarc(results: list[authres.core.AuthenticationResult], domain: str) -> Trust | None:
    """None when DMARC says nothing (none, temperror, permerror)."""
    words = {one.result for one in results}
    if "fail" in words:
        return Trust.FAILED
    if "pass" not in words:
        return None
    # A pass for another From than ours means that two readers saw two senders in one mail.
    asked = [_property(one, "header", "from") for one in results if one.result == "pass"]
    return Trust.VERIFIED if all(not one or aligned(one, domain) for one in asked) else Trust.FAILED


def _sign(result: authres.core.AuthenticationResult, domain: str) -> str:
    """pass or fail of a DKIM signature or of SPF that is about the From domain; else empty."""
    if result.method == "dkim":
        about = _property(result, "header", "d") or _property(result, "header", "i")
    else:
        about = _property(result, "smtp", "mailfrom")
    if not about or not aligned(about, domain):
        return ""
    return result.result if result.result in ("pass", "fail") else ""


def _property(result: authres.core.AuthenticationResult, kind: str, name: str) -> str:
    """The domain in a property, whether it stands as a domain or as an address."""
    values = (one.value or "" for one in result.properties if one.type == kind and one.name == name)
    return ascii_domain(str(next(values, "")).rpartition("@")[2].strip('"<> '))


def aligned(one: str, other: str) -> bool:
    """Whether two domains are the same or belong to one organisation (relaxed, RFC 7489 section 3.1)."""
    if one == other:
        return True
    organisation = _organisation(one)
    return bool(organisation) and organisation == _organisation(other)


@lru_cache(maxsize=4096)
def _organisation(domain: str) -> str:
    return _SUFFIXES(domain).top_domain_under_public_suffix
