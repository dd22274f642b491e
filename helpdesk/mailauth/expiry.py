"""What of a sign-in ends soon, so that somebody mends it before mail stops."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from helpdesk.config import OAuth, Server
from helpdesk.db import now, reading
from helpdesk.mailauth import store
from helpdesk.mailauth.store import Kept
from helpdesk.mailauth.tokens import Ground

DAYS_BEFORE = timedelta(days=14)


def warning(ground: Ground, account: str, server: Server) -> str:
    """A sentence for an operator, or nothing. Of the client secret, the refresh token, and failing renewals."""
    if server.oauth is None:
        return ""
    with reading(ground.sessions) as session:
        kept = store.read(session, ground.vault, account, server.oauth)
    zone = ZoneInfo(ground.settings.timezone)
    return (
        _of_secret(server.oauth, account, zone) or _of_refresh_token(kept, account, zone) or kept.last_failure
    )


def _of_secret(oauth: OAuth, account: str, zone: ZoneInfo) -> str:
    if oauth.secret_expires_on is None:
        return ""
    ends = datetime.combine(oauth.secret_expires_on, time(), tzinfo=zone)
    mend = f"make a new one, set {account}.oauth.client_secret and secret_expires_on"
    if now() >= ends:
        return f"The client secret of {account} has expired on {oauth.secret_expires_on}; {mend}."
    if now() >= ends - DAYS_BEFORE:
        return f"The client secret of {account} expires on {oauth.secret_expires_on}; {mend} before."
    return ""


def _of_refresh_token(kept: Kept, account: str, zone: ZoneInfo) -> str:
    """One that is renewed with each use warns only when that stopped."""
    ends, since = kept.refresh_expires_at, kept.renewed_at
    if ends is None or since is None or now() < ends - min(DAYS_BEFORE, (ends - since) / 4):
        return ""
    return (
        f"The refresh token of {account} expires on {ends.astimezone(zone):%Y-%m-%d %H:%M}; "
        f"consent again before and set {account}.oauth.refresh_token."
    )
