"""DMARC: what the From's domain says of itself, and whether SPF or DKIM speaks for it (RFC 7489)."""

from collections.abc import Sequence
from dataclasses import dataclass

from helpdesk.ingest.authenticity.domains import aligned, organisation
from helpdesk.ingest.authenticity.resolver import Lookups, Unanswered
from helpdesk.ingest.authenticity.values import Word

POLICIES = frozenset(("none", "quarantine", "reject"))


@dataclass(frozen=True, slots=True)
class Policy:
    """A record that holds for a domain. `pct` is left out: it says how much to punish, not what is true."""

    policy: str
    strict_dkim: bool = False
    strict_spf: bool = False


def look_up(domain: str, lookups: Lookups) -> Policy | Word | None:
    """The policy for a From domain; None when there is none, a temperror when the DNS is silent (section 6.6.3)."""
    try:
        found = _records(lookups, domain)
        if len(found) == 1:
            return _read(found[0], "p")
        above = organisation(domain)
        if found or not above or above == domain:
            return None
        found = _records(lookups, above)
        return _read(found[0], "sp") if len(found) == 1 else None
    except Unanswered as fault:
        return Word("dmarc", "temperror", domain, str(fault))


def judge(domain: str, policy: Policy | Word | None, words: Sequence[Word]) -> Word:
    """The DMARC result for a From domain, by what SPF and DKIM said. Pure."""
    if isinstance(policy, Word):
        return policy
    if policy is None:
        return Word("dmarc", "none", domain)
    speak = [one for one in words if one.domain and _speaks_for(one, domain, policy)]
    results = {one.result for one in speak}
    said = f"p={policy.policy}"
    if "pass" in results:
        return Word("dmarc", "pass", domain, said)
    if "temperror" in results:
        return Word(
            "dmarc", "temperror", domain, next(one.reason for one in speak if one.result == "temperror")
        )
    return Word("dmarc", "policy" if "policy" in results else "fail", domain, said)


def _speaks_for(word: Word, domain: str, policy: Policy) -> bool:
    strict = policy.strict_dkim if word.method == "dkim" else policy.strict_spf
    return word.domain == domain if strict else aligned(word.domain, domain)


def _records(lookups: Lookups, domain: str) -> list[bytes]:
    """The records that begin as one must; more than one is none (section 6.6.3)."""
    texts = lookups.texts(f"_dmarc.{domain}")
    return [one for one in texts if one.split(b";")[0].replace(b" ", b"") == b"v=DMARC1"]


def _read(record: bytes, key: str) -> Policy | None:
    """A record's policy, for its own domain (p) or one below it (sp). None for one that says none that is known."""
    pairs = (one.partition("=") for one in record.decode("ascii", "replace").split(";"))
    tags = {name.strip().lower(): value.strip().lower() for name, _, value in pairs}
    policy = tags.get(key) or tags.get("p", "")
    if policy not in POLICIES:
        if "rua" not in tags:
            return None
        policy = "none"  # section 6.6.3 (6)
    return Policy(policy, tags.get("adkim") == "s", tags.get("aspf") == "s")
