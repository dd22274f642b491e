"""Private keys and certificates, from files. What is in them is in no error and no repr."""

import stat
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from helpdesk.errors import HelpdeskError

Key = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey
WEAKEST_RSA = 2048  # RFC 8301 section 3.2: signers should use no less


class SigningError(HelpdeskError):
    """A mail cannot be signed as the settings want it: which setting, why, what to do. Nothing was sent."""


def private_key(setting: str, path: Path) -> Key:
    """The key in a PEM file that only its owner can read. Raises SigningError."""
    data = _bytes(setting, path)
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SigningError(
            f"{setting}: others can read {path} (its rights are {mode:o}); run `chmod 600 {path}`."
        )
    try:
        key = load_pem_private_key(data, password=None)
    except TypeError:
        raise SigningError(
            f"{setting}: {path} is locked with a passphrase; store the key without one, readable by its owner only."
        ) from None
    except Exception:  # noqa: BLE001 (the library raises many kinds, and their texts may hold parts of the key)
        raise SigningError(
            f"{setting}: {path} holds no private key in PEM form; make one with `openssl genpkey`."
        ) from None
    if not isinstance(key, Key):
        raise SigningError(f"{setting}: {path} holds a key of a kind that is not used here; make an RSA one.")
    if isinstance(key, RSAPrivateKey) and key.key_size < WEAKEST_RSA:
        raise SigningError(
            f"{setting}: the key in {path} has {key.key_size} bits; make one of {WEAKEST_RSA} or more."
        )
    return key


def certificates(setting: str, path: Path) -> list[x509.Certificate]:
    """The certificates in a PEM file, in its order. Raises SigningError."""
    try:
        return x509.load_pem_x509_certificates(_bytes(setting, path))
    except ValueError:
        raise SigningError(
            f"{setting}: {path} holds no certificate in PEM form; save it so (it begins with BEGIN CERTIFICATE)."
        ) from None


def _bytes(setting: str, path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise SigningError(
            f"{setting}: {path} cannot be read ({fault.strerror}); mend the path or its rights."
        ) from None
