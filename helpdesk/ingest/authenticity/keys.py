"""Public keys of DKIM and ARC from their DNS records (RFC 6376 section 3.6.1, RFC 8463), read by `cryptography`."""

import base64
import binascii
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from dkim.util import InvalidTagValueList, parse_tag_value

from helpdesk.errors import HelpdeskError
from helpdesk.ingest.authenticity.resolver import Lookups

FEWEST_BITS = 1_024  # RFC 8301 section 3.2
MOST_BITS = 8_192  # more would only cost us time


class NoKey(HelpdeskError):
    """There is no key that a signature could be checked with; the message says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key, and whether it is for its own domain only (t=s)."""

    public: RSAPublicKey | Ed25519PublicKey
    strict: bool = False

    @property
    def algorithm(self) -> bytes:
        return b"rsa-sha256" if isinstance(self.public, RSAPublicKey) else b"ed25519-sha256"

    def signed(self, signature: bytes, digest: bytes) -> bool:
        """Whether the signature is this key's over a SHA-256 digest."""
        try:
            if isinstance(self.public, RSAPublicKey):
                self.public.verify(signature, digest, PKCS1v15(), Prehashed(SHA256()))
            else:
                self.public.verify(signature, digest)
        except InvalidSignature:
            return False
        return True


def find(selector: str, domain: str, lookups: Lookups) -> Key:
    """The key of a selector. Raises NoKey, and Unanswered where the DNS is silent."""
    records = lookups.texts(f"{selector}._domainkey.{domain}")
    if not records:
        raise NoKey("there is no key of that selector")
    return read(records[0])


def read(record: bytes) -> Key:
    """The key in a record. Raises NoKey."""
    try:
        tags: dict[bytes, bytes] = parse_tag_value(record)
    except InvalidTagValueList:
        raise NoKey("the key record cannot be read") from None
    if tags.get(b"v", b"DKIM1") != b"DKIM1" or not _serves_mail(tags):
        raise NoKey("the key is not for this use")
    if not (data := b"".join(tags.get(b"p", b"").split())):
        raise NoKey("the key was revoked")
    try:
        public = _public(tags.get(b"k", b"rsa"), base64.b64decode(data, validate=True))
    except (binascii.Error, ValueError, TypeError, UnsupportedAlgorithm):
        raise NoKey("the key cannot be read") from None
    return Key(public, b"s" in _listed(tags, b"t"))


def _public(kind: bytes, data: bytes) -> RSAPublicKey | Ed25519PublicKey:
    if kind == b"ed25519":
        return Ed25519PublicKey.from_public_bytes(data)
    if kind != b"rsa":
        raise NoKey("the key is of an unknown kind")
    public = load_der_public_key(data)
    if not isinstance(public, RSAPublicKey):
        raise NoKey("the key is of another kind than it says")
    if not FEWEST_BITS <= public.key_size <= MOST_BITS:
        raise NoKey(f"the key has {public.key_size} bits; {FEWEST_BITS} to {MOST_BITS} count")
    return public


def _serves_mail(tags: dict[bytes, bytes]) -> bool:
    services, hashes = _listed(tags, b"s"), _listed(tags, b"h")
    return (not services or bool(services & {b"*", b"email"})) and (not hashes or b"sha256" in hashes)


def _listed(tags: dict[bytes, bytes], name: bytes) -> frozenset[bytes]:
    return frozenset(one.strip() for one in tags.get(name, b"").split(b":") if one.strip())
