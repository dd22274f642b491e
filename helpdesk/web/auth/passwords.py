"""Passwords: Argon2id hashes (RFC 9106) and what a new password must be."""

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
AT_ONCE = 2  # hashes of 64 MiB each; more sign-ins at a time wait


def make_hasher() -> PasswordHasher:
    """Argon2id with the library's parameters, which follow RFC 9106 section 4 as it stands."""
    return PasswordHasher()


_hasher = make_hasher()
_room = threading.BoundedSemaphore(AT_ONCE)
# Verified against when there is no such user, so that the answer takes as long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    with _room:
        return _hasher.hash(password)


def is_right(password: str, password_hash: str | None) -> bool:
    """Whether the password fits; None (no such user) takes the same time and never fits."""
    with _room:
        try:
            fits = _hasher.verify(password_hash or _NOBODY, password[:LONGEST])
        except (VerificationError, InvalidHashError):
            return False
    return fits and password_hash is not None


def is_dated(password_hash: str) -> bool:
    """True when the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(password_hash)


def new_password() -> str:
    """A password to hand over once, as four groups that can be read aloud."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(4))


def fault_of(password: str, email: str) -> str:
    """What is wrong with a new password, as a sentence, or an empty string."""
    if len(password) < SHORTEST:
        return f"Password must be {SHORTEST} characters or more. Three random words make a good one."
    if len(password) > LONGEST:
        return f"Password must be {LONGEST} characters or fewer."
    if len(set(password)) < FEWEST_DIFFERENT:
        return "Password must have more different characters."
    if email and email.split("@", maxsplit=1)[0].lower() in password.lower():
        return "Password must not contain your email address."
    return ""
