"""Envelope encryption: each content has a key of its own; destroying the key erases the content.

AES-256-GCM for contents and for wrapping (NIST SP 800-38D): 12 random bytes of nonce
before each ciphertext. A content's key is wrapped by the master key whose number stands
in the first byte, so that master keys can be rotated.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.orm import Session

from helpdesk.config import Settings
from helpdesk.db import now
from helpdesk.errors import HelpdeskError
from helpdesk.models.blobs import Blob

KEY_BYTES = 32
NONCE_BYTES = 12
FINGERPRINT_BYTES = 4


class VaultError(HelpdeskError):
    """A key is missing or unfit, or a content does not open with the keys there are."""


class ContentDestroyed(HelpdeskError):
    """The content was purged; its key no longer exists."""


@dataclass(frozen=True)
class Sealed:
    """A wrapped key and the ciphertext it opens."""

    wrapped_key: bytes
    content: bytes


class Vault:
    """Seals and opens contents with the master keys; the first seals, all open."""

    def __init__(self, master_keys: list[bytes]) -> None:
        if not master_keys or any(len(key) != KEY_BYTES for key in master_keys):
            raise VaultError(
                "keys.master: each master key is 32 bytes in URL-safe base64; "
                "make one with `helpdesk doctor --new-key`."
            )
        self._keys = {_fingerprint(key): AESGCM(key) for key in master_keys}
        self._first = _fingerprint(master_keys[0])
        self._signing = {name: _derive(master_keys[0], name) for name in ("tokens", "web")}

    def __repr__(self) -> str:
        return f"Vault({len(self._keys)} keys)"

    def signing_key(self, purpose: str) -> bytes:
        """A key for signatures, derived from the first master key (HKDF, RFC 5869)."""
        return self._signing[purpose]

    def seal(self, data: bytes) -> Sealed:
        key = AESGCM.generate_key(256)
        wrapped = self._first + _encrypt(self._keys[self._first], key)
        return Sealed(wrapped, _encrypt(AESGCM(key), data))

    def open(self, wrapped_key: bytes | None, content: bytes) -> bytes:
        """Raise ContentDestroyed when the key is gone, VaultError when no key opens it."""
        if wrapped_key is None:
            raise ContentDestroyed("This content was purged and cannot be shown or recovered.")
        master = self._keys.get(wrapped_key[:FINGERPRINT_BYTES])
        if master is None:
            raise VaultError(
                "A stored content was sealed with a master key that is not in keys.master; add that key back."
            )
        try:
            return _decrypt(AESGCM(_decrypt(master, wrapped_key[FINGERPRINT_BYTES:])), content)
        except InvalidTag:
            raise VaultError("A stored content was changed outside the helpdesk and does not open.") from None

    def put(self, session: Session, data: bytes) -> Blob:
        """Seal `data` into a new row (flushed, so it has its id)."""
        sealed = self.seal(data)
        blob = Blob(wrapped_key=sealed.wrapped_key, content=sealed.content, size=len(data))
        session.add(blob)
        session.flush()
        return blob

    def get(self, session: Session, blob_id: int) -> bytes:
        blob = session.get_one(Blob, blob_id)
        return self.open(blob.wrapped_key, blob.content)

    @staticmethod
    def destroy(session: Session, blob_id: int) -> None:
        """Erase: the key goes, and the ciphertext with it. Nothing brings it back."""
        blob = session.get_one(Blob, blob_id)
        blob.wrapped_key, blob.content = None, b""
        blob.destroyed_at = now()


def open_vault(settings: Settings) -> Vault:
    """The vault of these settings; makes the key file on the first start."""
    if settings.keys.master:
        return Vault([_decode(key.get_secret_value()) for key in settings.keys.master])
    path = settings.key_file
    if not path.exists():
        write_key_file(path)
    try:
        lines = path.read_text().split()
    except OSError as fault:
        raise VaultError(f"The key file {path} cannot be read ({fault.strerror}); mend its rights.") from None
    return Vault([_decode(line) for line in lines])


def new_key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def write_key_file(path: Path) -> None:
    """A new master key that only this user can read. Without it nothing sealed can be opened again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another process was first; its key is ours too
        return
    with os.fdopen(handle, "w") as file:
        file.write(new_key() + "\n")


def _decode(text: str) -> bytes:
    try:
        return base64.urlsafe_b64decode(text)
    except (binascii.Error, ValueError):
        raise VaultError(
            "keys.master: a key is not URL-safe base64; make one with `helpdesk doctor --new-key`."
        ) from None


def _encrypt(key: AESGCM, data: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + key.encrypt(nonce, data, None)


def _decrypt(key: AESGCM, data: bytes) -> bytes:
    return key.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], None)


def _derive(key: bytes, name: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=b"helpdesk " + name.encode()).derive(key)


def _fingerprint(key: bytes) -> bytes:
    return _derive(key, "fingerprint")[:FINGERPRINT_BYTES]
