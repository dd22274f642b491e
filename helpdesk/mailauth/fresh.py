"""Keeping tokens fresh while nobody signs in: a connection may last for days, and a refresh token ends unused."""

from helpdesk.config import Server
from helpdesk.mailauth import expiry
from helpdesk.mailauth.errors import TokenError
from helpdesk.mailauth.tokens import Ground, access_to


def keep_fresh(ground: Ground, account: str, server: Server) -> str:
    """Renew this account's token when it is time.

    Returns what an operator should know of its sign-in, or nothing: it may be long before somebody signs in again.
    """
    access = access_to(ground, account, server, patient=True)
    if access is None:
        return ""
    try:
        access()
    except TokenError as fault:
        return str(fault)
    return expiry.warning(ground, account, server)


def keep_all_fresh(ground: Ground) -> list[str]:
    """The same for every server of the settings; the sentences of those that want mending."""
    servers: dict[str, Server] = {f"mailboxes.{key}": box for key, box in ground.settings.mailboxes.items()}
    if ground.settings.smtp is not None:
        servers["smtp"] = ground.settings.smtp
    told = (keep_fresh(ground, account, server) for account, server in servers.items())
    return [sentence for sentence in told if sentence]
