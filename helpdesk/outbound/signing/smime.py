"""An S/MIME signature (RFC 8551 section 3.5.3): multipart/signed around the content as it goes over the wire."""

import base64
import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7Options, PKCS7SignatureBuilder
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from helpdesk import config_outbound
from helpdesk.db import now
from helpdesk.outbound.signing import keys
from helpdesk.outbound.signing.keys import SigningError

Kind = TypeVar("Kind", bound=x509.ExtensionType)
DETACHED = (PKCS7Options.DetachedSignature, PKCS7Options.Binary)
_LINE = 76
_HEAD = (
    b'Content-Type: multipart/signed; protocol="application/pkcs7-signature";\r\n'
    b' micalg=sha-256; boundary="%b"\r\n'
)
_SIGNATURE = (
    b"Content-Type: application/pkcs7-signature; name=smime.p7s\r\n"
    b"Content-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=smime.p7s\r\n\r\n"
)


@dataclass(frozen=True, slots=True)
class SmimeSigner:
    """Signs as one desk. Its repr shows no key."""

    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]
    key: RSAPrivateKey | EllipticCurvePrivateKey = field(repr=False)

    @property
    def ends(self) -> datetime:
        """When the first certificate of the chain ends."""
        return min(one.not_valid_after_utc for one in (self.certificate, *self.above))

    @property
    def is_valid(self) -> bool:
        begins = max(one.not_valid_before_utc for one in (self.certificate, *self.above))
        return begins <= now() < self.ends

    def sign(self, content: bytes) -> bytes:
        """The mail (CRLF line ends) with its content and a signature of it as two parts.

        The signature holds the time at which it was made, so two tries differ in it.
        """
        outer, inner = _split(content)
        boundary = hashlib.sha256(b"signed" + content).hexdigest()[:40].encode()
        return b"".join(
            [
                outer, _HEAD % boundary, b"\r\n--", boundary, b"\r\n",
                inner, b"\r\n--", boundary, b"\r\n",
                _SIGNATURE, _lines(base64.b64encode(self._signature(inner))), b"\r\n--", boundary, b"--\r\n",
            ]
        )  # fmt: skip

    def _signature(self, inner: bytes) -> bytes:
        builder = PKCS7SignatureBuilder().set_data(inner).add_signer(self.certificate, self.key, SHA256())
        for one in self.above:
            builder = builder.add_certificate(one)
        return builder.sign(Encoding.DER, DETACHED)


def load(setting: str, smime: config_outbound.Smime, address: str) -> SmimeSigner:
    """The signer of a desk with this address. Raises SigningError; not for a certificate that has ended."""
    first, *above = keys.certificates(f"{setting}.certificate_file", smime.certificate_file)
    key = keys.private_key(f"{setting}.key_file", smime.key_file)
    if not isinstance(key, RSAPrivateKey | EllipticCurvePrivateKey):
        raise SigningError(f"{setting}.key_file: {smime.key_file} must hold an RSA or an EC key for S/MIME.")
    if key.public_key() != first.public_key():
        raise SigningError(
            f"{setting}: the key in {smime.key_file} is not that of the first certificate in "
            f"{smime.certificate_file}; name the two that belong together."
        )
    _check_use(f"{setting}.certificate_file", first, address)
    return SmimeSigner(first, tuple(above), key)


def _check_use(setting: str, certificate: x509.Certificate, address: str) -> None:
    """RFC 8550: it is for signing mail (section 4.4), and names the address that mail comes from (section 3)."""
    if address.lower() not in _addresses(certificate):
        raise SigningError(f"{setting}: the certificate is not for {address}; order one for that address.")
    usage = _extension(certificate, x509.KeyUsage)
    extended = _extension(certificate, x509.ExtendedKeyUsage)
    fit = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
    if (usage and not (usage.digital_signature or usage.content_commitment)) or (
        extended and not fit & set(extended)
    ):
        raise SigningError(f"{setting}: the certificate is not for signing mail; order one for S/MIME.")


def _addresses(certificate: x509.Certificate) -> set[str]:
    names = _extension(certificate, x509.SubjectAlternativeName)
    found = names.get_values_for_type(x509.RFC822Name) if names else []
    subject = certificate.subject.get_attributes_for_oid(NameOID.EMAIL_ADDRESS)
    return {str(one).lower() for one in [*found, *(attribute.value for attribute in subject)]}


def _extension(certificate: x509.Certificate, kind: type[Kind]) -> Kind | None:
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _split(content: bytes) -> tuple[bytes, bytes]:
    """The headers of the mail, and its content with the headers that tell of it."""
    head, _, body = content.partition(b"\r\n\r\n")
    outer: list[bytes] = []
    inner: list[bytes] = []
    into = outer
    for line in (head + b"\r\n").splitlines(keepends=True):
        if line[:1] not in b" \t":
            into = inner if line.lower().startswith(b"content-") else outer
        into.append(line)
    return b"".join(outer), b"".join(inner) + b"\r\n" + body


def _lines(text: bytes) -> bytes:
    return b"\r\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE))
