"""ARC: what a gateway that we trust found before it sent a mail on (RFC 8617).

A chain that holds and whose last link is a trusted sealer's hands on that sealer's results; every other chain
counts for nothing, whatever it says.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import dkim

from helpdesk.ingest.authenticity.keys import NoKey
from helpdesk.ingest.authenticity.resolver import Lookups, Unanswered
from helpdesk.ingest.authenticity.signatures import weakness
from helpdesk.ingest.authenticity.signed import (
    MOST_TAGS,
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

MOST_LINKS = 10  # the RFC allows 50; each costs two lookups
_NAMES = (b"arc-authentication-results", b"arc-message-signature", b"arc-seal")
_FIRST = re.compile(rb"\s*i\s*=\s*([0-9]{1,3})\s*;")  # of the results, where it stands first
_TAG = re.compile(rb"(?:^|;)\s*i\s*=\s*([0-9]{1,3})\s*(?:;|$)")
_RELAXED = b"relaxed/relaxed"
_MUST_HAVE = [b"i", b"a", b"b", b"d", b"s"]


@dataclass(frozen=True, slots=True)
class Link:
    """One sealer's three headers, and the tags of two."""

    results: Field
    message: Field
    seal: Field
    message_tags: Tags
    seal_tags: Tags

    @property
    def sealer(self) -> str:
        return self.seal_tags[b"d"].decode("ascii", "replace").lower()


def check(mail: SignedMail, sealers: Collection[str], lookups: Lookups) -> tuple[Word, str]:
    """The result, and the Authentication-Results that a trusted sealer hands on; else empty."""
    if not sealers or not any(mail.every(name) for name in _NAMES):
        return Word("arc", "none"), ""
    try:
        links = _links(mail)
        if not _trusted(links[-1], sealers):
            return Word("arc", "none", reason="the last sealer is none of ours"), ""
        _holds(mail, links, lookups)
    except Unanswered as fault:
        return Word("arc", "temperror", reason=str(fault)), ""
    except (Unsound, NoKey, Malformed) as fault:
        return Word("arc", "fail", reason=str(fault)), ""
    value = _FIRST.sub(b"", links[-1].results[1], count=1)
    return Word("arc", "pass", links[-1].sealer), " ".join(value.decode("utf-8", "replace").split())


def _links(mail: SignedMail) -> list[Link]:
    """The links from the first to the last. Raises Malformed where one is missing or stands twice."""
    found: dict[int, dict[bytes, Field]] = {}
    for name in _NAMES:
        for header in mail.every(name):
            value = header[1][:MOST_TAGS]
            instance = _FIRST.match(value) if name == _NAMES[0] else _TAG.search(value)
            if (
                instance is None
                or found.setdefault(int(instance[1]), {}).setdefault(name, header) is not header
            ):
                raise Malformed("a link of the chain cannot be read, or stands twice")
    if not len(found) <= MOST_LINKS or sorted(found) != list(range(1, len(found) + 1)):
        raise Malformed("links of the chain are missing, or too many")
    return [_link(found[number]) for number in sorted(found)]


def _link(headers: dict[bytes, Field]) -> Link:
    if len(headers) < len(_NAMES):
        raise Malformed("a link of the chain lacks a header")
    results, message, seal = (headers[name] for name in _NAMES)
    return Link(results, message, seal, _tags(message, [b"bh", b"h"], _RELAXED), _tags(seal, [b"cv"], None))


def _tags(header: Field, must_have: list[bytes], default: bytes | None) -> Tags:
    """The tags; their canonicalisation is relaxed, for a seal always and for a message unless it says else."""
    tags = tags_of(header[1])
    try:
        dkim.validate_signature_fields(tags, _MUST_HAVE + must_have, True)
    except (dkim.DKIMException, ValueError, TypeError):
        raise Malformed("a link of the chain lacks what one must have") from None
    return {**tags, b"c": tags.get(b"c", default) if default else _RELAXED}


def _trusted(last: Link, sealers: Collection[str]) -> bool:
    both = {last.sealer, last.message_tags[b"d"].decode("ascii", "replace").lower()}
    return both <= set(sealers)


def _holds(mail: SignedMail, links: list[Link], lookups: Lookups) -> None:
    """Every seal, and the last signature over the mail itself (RFC 8617 section 5.2). Raises as `hold`."""
    for number, link in enumerate(links):
        if link.seal_tags[b"cv"] != (b"pass" if number else b"none") or b"h" in link.seal_tags:
            raise Unsound("a sealer found the chain broken")
    last = links[-1]
    names = listed(last.message_tags[b"h"])
    if weak := weakness(mail, last.message_tags, names):
        raise Unsound(weak)
    hold(mail, last.message_tags, names, last.message, lookups)
    for number in range(len(links), 0, -1):
        _seal_holds(mail, links[:number], lookups)


def _seal_holds(mail: SignedMail, links: list[Link], lookups: Lookups) -> None:
    """A seal covers all headers of the chain so far, each link's results, message and seal (section 5.1.1)."""
    covered = [header for link in links for header in (link.results, link.message, link.seal)][:-1]
    names = [name.lower() for name, _ in covered]
    # dkimpy takes headers of one name from the last to the first.
    hold(mail, links[-1].seal_tags, names, links[-1].seal, lookups, fields=covered[::-1])
