"""Mails signed for real: keys made for a test, DKIM and ARC by dkimpy, Ed25519 by `cryptography`."""

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import dkim
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from dkim.canonicalization import CanonicalizationPolicy

HEADERS = (b"from", b"to", b"subject", b"date", b"message-id", b"content-type", b"mime-version")


@dataclass(frozen=True)
class Signer:
    """A domain, a selector, and the key behind them."""

    domain: str
    selector: str
    key: RSAPrivateKey

    @property
    def name(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"

    @property
    def record(self) -> str:
        der = self.key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return f"v=DKIM1; k=rsa; p={base64.b64encode(der).decode()}"

    @property
    def pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())

    def sign(self, raw: bytes, headers: tuple[bytes, ...] = HEADERS, **over: Any) -> bytes:
        """The mail with a DKIM signature on top."""
        signature = dkim.sign(
            raw,
            self.selector.encode(),
            self.domain.encode(),
            self.pem,
            include_headers=[*headers],
            canonicalize=(b"relaxed", b"relaxed"),
            **over,
        )
        return bytes(signature) + raw

    def seal(self, raw: bytes, authserv_id: str) -> bytes:
        """The mail with one more ARC link, of what the Authentication-Results of that name says."""
        lines = dkim.arc_sign(
            raw, self.selector.encode(), self.domain.encode(), self.pem, authserv_id.encode(), [*HEADERS]
        )
        assert lines, "dkimpy found no Authentication-Results of that name"
        return b"".join(lines) + raw


@lru_cache
def rsa_key(bits: int = 2048, number: int = 0) -> RSAPrivateKey:
    """A key; the same one for the same number in one process."""
    return generate_private_key(65537, bits)


def signed_by_hand(raw: bytes, domain: str, selector: str, tags: dict[str, str], key: Any) -> bytes:
    """A signature with any tags: `key` signs the digest. For what dkimpy does not make (Ed25519, x=)."""
    fields, body = dkim.rfc822_parse(raw)
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    digest = base64.b64encode(hashlib.sha256(policy.canonicalize_body(body)).digest()).decode()
    names = [name.decode() for name in HEADERS]
    all_tags = {"v": "1", "a": "rsa-sha256", "c": "relaxed/relaxed", "d": domain, "s": selector,
                "h": ":".join(names), **tags, "bh": digest, "b": ""}  # fmt: skip
    value = " " + "; ".join(f"{name}={said}" for name, said in all_tags.items())
    hasher = hashlib.sha256()
    dkim.hash_headers(
        hasher, policy, policy.canonicalize_headers(fields), [name.encode() for name in names],
        (b"DKIM-Signature", value.encode()), all_tags,
    )  # fmt: skip
    signature = base64.b64encode(key(hasher.digest())).decode()
    return f"DKIM-Signature:{value}{signature}\r\n".encode() + raw


def ed25519() -> tuple[Ed25519PrivateKey, str]:
    """A key and its record (RFC 8463)."""
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    return key, f"v=DKIM1; k=ed25519; p={public}"
