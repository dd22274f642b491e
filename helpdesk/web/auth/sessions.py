"""Server-side sessions: the cookie carries a random token, the table only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import session as cookie
from sqlalchemy import ColumnElement, Select, select, update
from sqlalchemy.orm import Session, joinedload

from helpdesk.config import Settings
from helpdesk.db import now, reading, writing
from helpdesk.models import User, WebSession
from helpdesk.models.people import Role
from helpdesk.tickets.wall import Sight, sight_of
from helpdesk.web.site import Site

TOKEN_BYTES = 32
TOKEN_KEY = "token"  # noqa: S105 (the name of a cookie's field)
SEEN_EVERY = timedelta(minutes=1)  # how exact the idle time is kept: not a write for each page


@dataclass(frozen=True)
class SignedIn:
    """Who is signed in, for one request, and whose tickets they see."""

    id: int
    email: str
    name: str
    role: Role
    session_id: int
    sight: Sight


def token_of_request() -> str:
    return str(cookie.get(TOKEN_KEY, ""))


def open_session(session: Session, settings: Settings, user: User, *, at: datetime) -> str:
    """A new session with a new token. The oldest beyond `limits.sessions_per_user` end."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    session.add(WebSession(user_id=user.id, token_hash=_hash(token), created_at=at, seen_at=at))
    session.flush()
    newest = (
        select(WebSession.id)
        .where(WebSession.user_id == user.id, WebSession.ended_at.is_(None))
        .order_by(WebSession.id.desc())
    )
    for number in session.scalars(newest.offset(settings.limits.sessions_per_user)).all():
        _end(session, at, WebSession.id == number)
    return token


def find(site: Site, token: str) -> SignedIn | None:
    """Who holds this token, if their session is neither ended, idle nor too old, nor they disabled."""
    if not token:
        return None
    at = now()
    with reading(site.services.sessions) as session:
        row = session.scalar(_live(site.settings, token, at))
        if row is None:
            return None
        found = _signed_in(row, site.settings)
        seen_long_ago = at - row.seen_at >= SEEN_EVERY
    if seen_long_ago:
        with writing(site.services.sessions) as session:
            session.execute(update(WebSession).where(WebSession.id == found.session_id).values(seen_at=at))
    return found


def _signed_in(row: WebSession, settings: Settings) -> SignedIn:
    user = row.user
    return SignedIn(user.id, user.email, user.name, Role(user.role), row.id, sight_of(user, settings.desks))


def _live(settings: Settings, token: str, at: datetime) -> Select[tuple[WebSession]]:
    periods = settings.periods
    return (
        select(WebSession)
        .join(WebSession.user)
        .options(joinedload(WebSession.user))
        .where(
            WebSession.token_hash == _hash(token),
            WebSession.ended_at.is_(None),
            WebSession.created_at > at - timedelta(hours=periods.session_hours),
            WebSession.seen_at > at - timedelta(minutes=periods.session_idle_minutes),
            User.disabled_at.is_(None),
        )
    )


def end(session: Session, session_id: int) -> None:
    _end(session, now(), WebSession.id == session_id)


def end_all(session: Session, user_id: int, *, but: int = 0) -> None:
    """End a person's sessions, but for the one they are using."""
    _end(session, now(), WebSession.user_id == user_id, WebSession.id != but)


def _end(session: Session, at: datetime, *which: ColumnElement[bool]) -> None:
    session.execute(update(WebSession).where(WebSession.ended_at.is_(None), *which).values(ended_at=at))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
