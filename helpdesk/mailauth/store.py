"""The tokens of an account in the database, sealed by the vault."""

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from sqlalchemy.orm import Session

from helpdesk.config import OAuth
from helpdesk.db import now
from helpdesk.mailauth.values import Granted
from helpdesk.models import MailToken
from helpdesk.vault import Vault, VaultError

SENTENCE_CHARACTERS = 500
FINGERPRINT_CHARACTERS = 32


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept for an account; empty where nothing fits the settings as they are now."""

    access_token: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    renewed_at: datetime | None = None
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    failures: int = 0
    last_failure: str = ""
    wait_until: datetime | None = None

    @classmethod
    def of(cls, row: MailToken, vault: Vault, *, same_secret: bool) -> Self:
        """A wait is not kept on when the secret was changed: it may be mended now."""
        opened = _open(row, vault)
        return cls(
            access_token=opened.get("access", ""),
            refresh_token=opened.get("refresh", ""),
            renewed_at=row.renewed_at,
            expires_at=row.expires_at,
            refresh_expires_at=row.refresh_expires_at,
            failures=row.failures,
            last_failure=row.last_failure,
            wait_until=row.wait_until if same_secret else None,
        )


def read(session: Session, vault: Vault, account: str, oauth: OAuth) -> Kept:
    row = session.get(MailToken, account)
    if row is None:
        return Kept()
    grant, secret = _fingerprint(vault, oauth)
    if row.fingerprint[:FINGERPRINT_CHARACTERS] != grant:
        return Kept()
    return Kept.of(row, vault, same_secret=row.fingerprint[FINGERPRINT_CHARACTERS:] == secret)


def keep(session: Session, vault: Vault, account: str, oauth: OAuth, granted: Granted) -> None:
    """The new tokens in place of the old."""
    row = _row(session, vault, account, oauth)
    tokens = {"access": granted.access_token, "refresh": granted.refresh_token}
    sealed = vault.seal(json.dumps(tokens).encode())
    row.wrapped_key, row.content = sealed.wrapped_key, sealed.content
    row.renewed_at, row.expires_at = now(), granted.expires_at
    row.refresh_expires_at = granted.refresh_expires_at
    row.failures, row.last_failure, row.wait_until = 0, "", None


def note_failure(
    session: Session, vault: Vault, account: str, oauth: OAuth, sentence: str, wait_seconds: float
) -> None:
    """Count it; the tokens that are there stay."""
    row = _row(session, vault, account, oauth)
    row.failures += 1
    row.last_failure = sentence[:SENTENCE_CHARACTERS]
    row.wait_until = now() + timedelta(seconds=wait_seconds)


def _row(session: Session, vault: Vault, account: str, oauth: OAuth) -> MailToken:
    """The account's row, emptied where it was for other settings."""
    grant, secret = _fingerprint(vault, oauth)
    row = session.get(MailToken, account)
    if row is None:
        row = MailToken(account=account, fingerprint="", content=b"", failures=0, last_failure="")
        session.add(row)
    if row.fingerprint[:FINGERPRINT_CHARACTERS] != grant:
        row.wrapped_key, row.content = None, b""
        row.renewed_at = row.expires_at = row.refresh_expires_at = None
        row.failures = 0
    row.fingerprint = grant + secret
    return row


def _open(row: MailToken, vault: Vault) -> dict[str, str]:
    if row.wrapped_key is None:
        return {}
    try:
        opened: dict[str, str] = json.loads(vault.open(row.wrapped_key, row.content))
    except VaultError:  # sealed with a master key that is gone: begin with the settings again
        return {}
    return opened


def _fingerprint(vault: Vault, oauth: OAuth) -> tuple[str, str]:
    """(of what the tokens were granted for, of the secret), so that a changed setting is noticed."""
    first = oauth.refresh_token.get_secret_value()
    grant = _digest(vault, oauth.flow, oauth.endpoint, oauth.client_id, oauth.scope, first)
    return grant, _digest(vault, oauth.client_secret.get_secret_value())


def _digest(vault: Vault, *texts: str) -> str:
    key, message = vault.signing_key("tokens"), "\0".join(("mail tokens", *texts))
    return hmac.new(key, message.encode(), hashlib.sha256).hexdigest()[:FINGERPRINT_CHARACTERS]
