"""One try to sign in: the rules of lock-out, and what the trail keeps of it.

The answer and the time it takes are the same whether or not the address is a user's.
The hash is worked out outside the transaction, so that a slow hash holds no lock.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.audit import Act
from helpdesk.config import Settings
from helpdesk.db import now, reading, writing
from helpdesk.models import User
from helpdesk.web.auth import passwords, sessions
from helpdesk.web.site import Site

NOBODY = "unknown"


@dataclass(frozen=True)
class Try:
    """What was typed, and whether the password fitted the user of that address."""

    email: str
    fits: bool
    fresh_hash: str = ""  # set when the stored one was made with weaker parameters


def sign_in(site: Site, email: str, password: str) -> str | None:
    """A new session's token, or None. Every try is in the trail."""
    one = check(site, email.strip().lower(), password)
    with writing(site.services.sessions) as session:
        user = session.scalar(select(User).where(User.email == one.email).with_for_update())
        token, acts = _apply(session, site.settings, user, one, now())
        audit.record(session, *acts)
    return token


def check(site: Site, email: str, password: str) -> Try:
    with reading(site.services.sessions) as session:
        stored = session.scalar(select(User.password_hash).where(User.email == email))
    fits = passwords.is_right(password, stored)
    dated = fits and stored is not None and passwords.is_dated(stored)
    return Try(email, fits, passwords.hash_password(password) if dated else "")


def _apply(
    session: Session, settings: Settings, user: User | None, one: Try, at: datetime
) -> tuple[str | None, list[Act]]:
    if user is None:
        return None, [Act("sign_in.failed", "user", NOBODY, actor=NOBODY)]
    if user.disabled_at or is_locked(user, at):
        why = "disabled" if user.disabled_at else "locked out"
        return None, [Act("sign_in.refused", "user", user.id, actor=user.email, reason=why)]
    if not one.fits:
        return None, count_failure(settings, user)
    user.failed_sign_ins, user.locked_until, user.signed_in_at = 0, None, at
    user.password_hash = one.fresh_hash or user.password_hash
    token = sessions.open_session(session, settings, user, at=at)
    return token, [Act("sign_in.done", "user", user.id, actor=user.email)]


def is_locked(user: User, at: datetime) -> bool:
    return user.locked_until is not None and user.locked_until > at


def count_failure(settings: Settings, user: User) -> list[Act]:
    """One more failure; at the limit the account is locked. Its open sessions stay: a stranger's
    guesses must not sign anybody out."""
    user.failed_sign_ins += 1
    acts = [Act("sign_in.failed", "user", user.id, actor=user.email)]
    if user.failed_sign_ins >= settings.limits.sign_in_failures:
        user.locked_until = now() + timedelta(minutes=settings.periods.lockout_minutes)
        user.failed_sign_ins = 0
        acts.append(Act("sign_in.locked", "user", user.id, actor=user.email))
    return acts
