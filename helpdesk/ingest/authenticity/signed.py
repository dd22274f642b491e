"""A mail cut as DKIM and ARC sign it, and the check of one signature over it (RFC 6376, RFC 8301, RFC 8463).

dkimpy cuts, canonicalises and selects; `cryptography` checks. What dkimpy does in more than linear time on a
hostile body is done here first.
"""

import base64
import binascii
import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from typing import Any

import dkim
from dkim.canonicalization import CanonicalizationPolicy, InvalidCanonicalizationPolicyError
from dkim.util import InvalidTagValueList, parse_tag_value

from helpdesk.errors import HelpdeskError
from helpdesk.ingest.authenticity import keys
from helpdesk.ingest.authenticity.resolver import Lookups

# It logs values of headers, and no content may reach a log.
logging.getLogger("dkimpy").setLevel(logging.CRITICAL + 1)

MOST_TAGS = 8_192  # bytes of one signature's header: its reading takes time that grows with its square
_LONG_BLANK = re.compile(rb"\s{200}")
_BLANKS = re.compile(rb"[\t ]+")
_BODY = re.compile(rb"\r?\n\r?\n")

Tags = Mapping[bytes, bytes]
Field = tuple[bytes, bytes]


class Unsound(HelpdeskError):
    """A signature does not hold, and why."""


class Malformed(HelpdeskError):
    """A signature, or the mail around it, cannot be read."""


class SignedMail:
    """The fields and the body of a mail; not `whole` where only its header was fetched. Raises Malformed."""

    def __init__(self, raw: bytes, *, whole: bool = True) -> None:
        self.whole = whole
        found = _BODY.search(raw)
        head, body = (raw[: found.start()], raw[found.end() :]) if found else (raw, b"")
        try:
            parsed, _ = dkim.rfc822_parse(head + b"\r\n\r\n")
        except (dkim.DKIMException, IndexError):
            raise Malformed("the header has lines that are no fields") from None
        self.fields: list[Field] = [(name, value) for name, value in parsed]
        self._body = body.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self._canonical: dict[bytes, bytes] = {}

    def every(self, name: bytes) -> list[Field]:
        return [one for one in self.fields if one[0].lower() == name]

    def body_digest(self, policy: CanonicalizationPolicy, length: bytes | None) -> bytes:
        body = self._body_as(policy)
        return hashlib.sha256(body if length is None else body[: int(length)]).digest()

    def _body_as(self, policy: CanonicalizationPolicy) -> bytes:
        kind: bytes = policy.body_algorithm.name
        if kind not in self._canonical:
            body = self._body
            if kind == b"relaxed":  # dkimpy looks at each blank of a long run again and again
                body = _BLANKS.sub(b" ", body).replace(b" \r\n", b"\r\n")
            self._canonical[kind] = policy.canonicalize_body(body)
        return self._canonical[kind]


def tags_of(value: bytes) -> dict[bytes, bytes]:
    """The tags of a signature's header. Raises Malformed."""
    if len(value) > MOST_TAGS or _LONG_BLANK.search(value):
        raise Malformed("the signature is longer than any that is meant")
    try:
        tags: dict[bytes, bytes] = parse_tag_value(b" ".join(value.split()))
    except InvalidTagValueList:
        raise Malformed("the signature cannot be read") from None
    return tags


def listed(value: bytes) -> list[bytes]:
    """The names of headers in h=, lower case."""
    return [one.strip().lower() for one in value.split(b":")]


def hold(
    mail: SignedMail,
    tags: Tags,
    names: Sequence[bytes],
    header: Field,
    lookups: Lookups,
    fields: Sequence[Field] | None = None,
) -> None:
    """Whether a signature holds: its body hash, where it has one and the body is there, and its signature over these headers.

    `fields`: other ones than the mail's. Raises Unsound when it does not, NoKey and Malformed where it cannot be checked, Unanswered where the DNS is silent.
    """
    if tags[b"a"] == b"rsa-sha1":
        raise Unsound("SHA-1 does not count any more")
    policy = _policy(tags)
    if mail.whole and b"bh" in tags and mail.body_digest(policy, tags.get(b"l")) != _decoded(tags[b"bh"]):
        raise Unsound("the body was altered")
    key = keys.find(_text(tags[b"s"]), _text(tags[b"d"]), lookups)
    if key.algorithm != tags[b"a"]:
        raise Unsound("the key is not for that algorithm")
    if key.strict and _text(tags.get(b"i", b"@" + tags[b"d"])).rpartition("@")[2] != _text(tags[b"d"]):
        raise Unsound("the key is for its own domain only")
    if not key.signed(
        _decoded(tags[b"b"]), _header_digest(fields or mail.fields, policy, tags, names, header)
    ):
        raise Unsound("a signed header was altered")


def _header_digest(
    fields: Sequence[Field],
    policy: CanonicalizationPolicy,
    tags: Tags,
    names: Sequence[bytes],
    header: Field,
) -> bytes:
    # A From more than was signed is looked for, so that one cannot be added.
    looked_for = [*names, b"from"] if b"from" in names else [*names]
    hasher: Any = hashlib.sha256()
    dkim.hash_headers(hasher, policy, policy.canonicalize_headers(fields), looked_for, header, tags)
    return bytes(hasher.digest())


def _policy(tags: Tags) -> CanonicalizationPolicy:
    try:
        return CanonicalizationPolicy.from_c_value(tags.get(b"c", b"simple/simple").lower())
    except InvalidCanonicalizationPolicyError:
        raise Malformed("the signature names no known way of reading the mail") from None


def _decoded(value: bytes) -> bytes:
    try:
        return base64.b64decode(b"".join(value.split()), validate=True)
    except binascii.Error:
        raise Malformed("the signature is no base64") from None


def _text(value: bytes) -> str:
    try:
        return value.decode("ascii").lower()
    except UnicodeDecodeError:
        raise Malformed("the signature names a domain that is not ASCII") from None
