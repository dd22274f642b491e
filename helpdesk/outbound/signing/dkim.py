"""A DKIM signature (RFC 6376, RFC 8463): relaxed/relaxed, the same for the same mail.

The canonical forms are dkimpy's. The signature itself is cryptography's: dkimpy takes the
time of day into it, so that a second try would differ, and its own RSA is plain Python.
"""

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from dkim import rfc822_parse, select_headers
from dkim.canonicalization import Relaxed

from helpdesk import config_outbound
from helpdesk.outbound.signing import keys
from helpdesk.outbound.signing.keys import SigningError

Headers = list[tuple[bytes, bytes]]
SIGNED = (
    "from", "to", "cc", "reply-to", "subject", "date", "message-id", "in-reply-to", "references",
    "mime-version", "content-type", "content-transfer-encoding",
    "auto-submitted", "x-auto-response-suppress",
)  # fmt: skip
# Signed once more than they stand there, so that a second one breaks the signature (section 8.15).
NO_MORE = ("from", "to", "cc", "reply-to", "subject", "date", "content-type")
_LINE = 72
_BLANKS = re.compile(rb"[ \t]+")  # dkimpy looks at each blank of a long run again and again


@dataclass(frozen=True, slots=True)
class DkimSigner:
    """Signs for a domain. Its repr shows no key."""

    domain: str
    selector: str
    key: RSAPrivateKey | Ed25519PrivateKey = field(repr=False)

    def sign(self, content: bytes, at: datetime) -> bytes:
        """The mail (CRLF line ends) with a signature as its first header; `at` is when it was written."""
        headers, body = rfc822_parse(content)
        value = self._tags(headers, body, at)
        canonical = Relaxed.canonicalize_headers(headers)
        signed = select_headers(canonical, [name.encode() for name in _names(headers)])
        ours = Relaxed.canonicalize_headers([(b"DKIM-Signature", value)])[0]
        text = b"".join(name + b":" + line for name, line in [*signed, (ours[0], ours[1].rstrip())])
        signature = b"\r\n\t ".join(_pieces(base64.b64encode(self._sign(text))))
        return b"DKIM-Signature:" + value + signature + b"\r\n" + content

    def _tags(self, headers: Headers, body: bytes, at: datetime) -> bytes:
        algorithm = "rsa-sha256" if isinstance(self.key, RSAPrivateKey) else "ed25519-sha256"
        canonical = Relaxed.canonicalize_body(_BLANKS.sub(b" ", body))
        digest = base64.b64encode(hashlib.sha256(canonical).digest()).decode()
        return (
            f" v=1; a={algorithm}; c=relaxed/relaxed; d={self.domain};\r\n"
            f"\ts={self.selector}; t={int(at.timestamp())};\r\n"
            f"\th={_folded(_names(headers))};\r\n"
            f"\tbh={digest};\r\n"
            f"\tb="
        ).encode()

    def _sign(self, text: bytes) -> bytes:
        digest = hashlib.sha256(text).digest()
        if isinstance(self.key, RSAPrivateKey):
            return self.key.sign(digest, PKCS1v15(), Prehashed(SHA256()))
        return self.key.sign(digest)  # RFC 8463 section 3: PureEdDSA over the SHA-256


def load(setting: str, dkim: config_outbound.Dkim) -> DkimSigner:
    """The signer that the settings describe. Raises SigningError."""
    key = keys.private_key(f"{setting}.key_file", dkim.key_file)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise SigningError(
            f"{setting}.key_file: {dkim.key_file} must hold an RSA or an Ed25519 key for DKIM."
        )
    return DkimSigner(dkim.domain, dkim.selector, key)


def _names(headers: Headers) -> list[str]:
    """What `h=` lists: each signed header as often as it stands there, and some once more."""
    there = [name.decode("ascii").lower() for name, _ in headers]
    return [name for name in there if name in SIGNED] + list(NO_MORE)


def _folded(names: list[str]) -> str:
    lines, line = [], ""
    for name in names:
        if line and len(line) + len(name) > _LINE:
            lines.append(line)
            line = ""
        line += f"{name}:"
    return "\r\n\t ".join([*lines, line]).removesuffix(":")


def _pieces(text: bytes) -> Iterator[bytes]:
    return (text[at : at + _LINE] for at in range(0, len(text), _LINE))
