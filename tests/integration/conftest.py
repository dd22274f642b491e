"""What tests with real servers use."""

from collections.abc import Callable, Iterator

import pytest

from helpdesk.services import Services
from tests.conftest import need
from tests.support import dovecot
from tests.support.dovecot import Dovecot, MailUser
from tests.support.ends import Ends
from tests.support.mailboxes import reads
from tests.support.token_endpoint import TokenEndpoint, token_endpoint


@pytest.fixture(scope="session")
def dovecot_server() -> Iterator[Dovecot]:
    need(dovecot.binary(), "Dovecot (dovecot-imapd)")
    with dovecot.running() as server:
        yield server


@pytest.fixture
def user(dovecot_server: Dovecot) -> MailUser:
    return dovecot_server.user()


@pytest.fixture
def ends(sqlite_services: Services) -> Ends:
    return Ends(sqlite_services)


@pytest.fixture
def desk(sqlite_services: Services, user: MailUser) -> Services:
    """Services whose mailbox `it` is the user's INBOX."""
    return reads(sqlite_services, user)


@pytest.fixture
def another_server() -> Iterator[Callable[..., Dovecot]]:
    """Starts a server of another shape (see dovecot.running)."""
    need(dovecot.binary(), "Dovecot (dovecot-imapd)")
    started = []

    def start(**shape: object) -> Dovecot:
        manager = dovecot.running(**shape)  # type: ignore[arg-type]
        server = manager.__enter__()
        started.append(manager)
        return server

    yield start
    for manager in started:
        manager.__exit__(None, None, None)


@pytest.fixture(scope="session")
def token_servers() -> Iterator[tuple[TokenEndpoint, Dovecot]]:
    """A token endpoint, and a Dovecot that asks it whether a token is good."""
    need(dovecot.takes_tokens(), "Dovecot 2.4 (dovecot-imapd)")
    with token_endpoint() as endpoint, dovecot.running(introspection=endpoint.introspection) as server:
        yield endpoint, server


@pytest.fixture
def endpoint(token_servers: tuple[TokenEndpoint, Dovecot]) -> TokenEndpoint:
    token_servers[0].reset()
    return token_servers[0]


@pytest.fixture
def token_user(token_servers: tuple[TokenEndpoint, Dovecot]) -> MailUser:
    return token_servers[1].user()
