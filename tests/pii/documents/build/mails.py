"""Mails, signed mails and TNEF."""

import base64
import datetime as dt
import struct
from email.message import EmailMessage
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID

from tests.pii.documents.build import pictures

HELLO = b"Sister Bellweather\n"


def mail(subject: str, text: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "Ann <ann@example.org>", "desk@example.org", subject
    message["MIME-Version"] = "1.0"
    message.set_content(text)
    return message


def nested() -> bytes:
    outer = mail("Zoë outer", "Outer text")
    outer.add_attachment(mail("Inner", "Inner text"))
    outer.add_attachment(HELLO, maintype="application", subtype="octet-stream", filename="notes łódź.txt")
    return outer.as_bytes()


def mailbox() -> bytes:
    mails = (mail("First", "One"), mail("Second", "Two"))
    return b"".join(
        b"From ann@example.org Tue Nov 24 12:00:00 2026\n" + one.as_bytes() + b"\n" for one in mails
    )


def deep(levels: int) -> bytes:
    message = mail("Level 0", "The innermost")
    for level in range(levels):
        around = mail(f"Level {level + 1}", "around")
        around.add_attachment(message)
        message = around
    return message.as_bytes()


def without_boundary() -> bytes:
    return b"From: a@x.org\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\nStill said\n"


def encrypted() -> bytes:
    return (
        b"From: a@x.org\nSubject: s\nMIME-Version: 1.0\nContent-Type: multipart/encrypted; boundary=b\n\n"
        b"--b\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--b\nContent-Type: application/octet-stream\n\n"
        b"-----BEGIN PGP MESSAGE-----\nxx\n-----END PGP MESSAGE-----\n--b--\n"
    )


@cache
def _signer() -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    key = ec.generate_private_key(ec.SECP256R1())
    return _certificate(key), key


def _certificate(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Test")])
    now = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now, now + dt.timedelta(9)
    )
    return builder.sign(key, hashes.SHA256())


def signature(content: bytes, *, apart: bool) -> bytes:
    """SignedData in DER, with the content inside or apart."""
    options = [pkcs7.PKCS7Options.Binary, *([pkcs7.PKCS7Options.DetachedSignature] if apart else [])]
    certificate, key = _signer()
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(certificate, key, hashes.SHA256())
    return builder.sign(serialization.Encoding.DER, options)


def opaque() -> bytes:
    return signature(mail("Signed", "Signed words").as_bytes(), apart=False)


def enveloped() -> bytes:
    builder = (
        pkcs7.PKCS7EnvelopeBuilder()
        .set_data(b"x")
        .add_recipient(_certificate(rsa.generate_private_key(65537, 2048)))
    )
    return builder.encrypt(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def tnef() -> bytes:
    """winmail.dat with a subject and one file ([MS-OXTNEF])."""
    out = struct.pack("<IH", 0x223E9F78, 1)
    out += _attribute(1, 0x00069007, struct.pack("<II", 1252, 0))
    out += _attribute(1, 0x00018004, b"Re Ann\0")
    out += _attribute(2, 0x00069002, b"\0" * 14)
    out += _attribute(2, 0x00018010, b"slip.txt\0")
    return out + _attribute(2, 0x0006800F, HELLO)


def _attribute(level: int, number: int, body: bytes) -> bytes:
    return struct.pack("<BII", level, number, len(body)) + body + struct.pack("<H", sum(body) & 0xFFFF)


def html_with_picture() -> bytes:
    picture = base64.b64encode(pictures.saved(pictures.words("NHS 999"))).decode()
    return f'<html><body><img src="data:image/png;base64,{picture}">Hello</body></html>'.encode()
