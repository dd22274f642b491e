"""Domains of one organisation (RFC 7489 section 3.1), by the public suffix list in the package."""

from functools import lru_cache

import tldextract

_SUFFIXES = tldextract.TLDExtract(
    suffix_list_urls=(),  # the list in the package: nothing is fetched
    cache_dir=None,
    include_psl_private_domains=True,  # two customers of one host are two organisations
)


def aligned(one: str, other: str) -> bool:
    """Whether two domains are the same or belong to one organisation (relaxed, RFC 7489 section 3.1)."""
    if one == other:
        return True
    mine = organisation(one)
    return bool(mine) and mine == organisation(other)


@lru_cache(maxsize=4096)
def organisation(domain: str) -> str:
    """The organisational domain; empty for a public suffix itself.

    Below a suffix that the list does not have, one label counts, as the list's own rule `*` says.
    """
    found = _SUFFIXES(domain)
    return found.top_domain_under_public_suffix if found.suffix else ".".join(domain.split(".")[-2:])
