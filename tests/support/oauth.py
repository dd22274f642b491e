"""Pointing a server of the settings at a token endpoint of the test's."""

from typing import Any

from helpdesk.config import OAuth, Server
from helpdesk.services import Services
from tests.support.mailboxes import with_mailbox
from tests.support.token_endpoint import SECRET, TokenEndpoint


def oauth(endpoint: TokenEndpoint, client: str, **over: Any) -> dict[str, Any]:
    """An oauth section, as the settings file has it."""
    base = {"token_endpoint": endpoint.url, "client_id": client, "client_secret": SECRET, "scope": "mail"}
    return base | over


def with_tokens(
    services: Services, endpoint: TokenEndpoint, client: str, key: str = "it", **over: Any
) -> Services:
    """The same services with `mailboxes.<key>` signed in to by tokens. `over`: of the oauth section."""
    return with_mailbox(services, key, user=client, password="", oauth=oauth(endpoint, client, **over))


def server(endpoint: TokenEndpoint, client: str = "desk", **over: Any) -> Server:
    settings = OAuth.model_validate(oauth(endpoint, client, **over))
    return Server(host="127.0.0.1", tls="plaintext", user=client, oauth=settings)
