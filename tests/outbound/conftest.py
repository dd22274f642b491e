"""A mail server that runs, and services that send to it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.config import Server
from helpdesk.services import Services
from tests.outbound.keys import Authority, a_key, an_authority
from tests.support.smtp import SmtpServer


def sending_to(services: Services, smtp: SmtpServer, **over: object) -> Services:
    """The services, with their mail server set to this one."""
    server = Server(
        **{"host": "127.0.0.1", "port": smtp.port, "tls": "plaintext", "timeout_seconds": 5, **over}
    )  # type: ignore[arg-type]
    return replace(services, settings=services.settings.model_copy(update={"smtp": server}))


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def services(sqlite_services: Services, smtp: SmtpServer) -> Services:
    return sending_to(sqlite_services, smtp)


@pytest.fixture
def each_services(each_engine: Services, smtp: SmtpServer) -> Services:
    return sending_to(each_engine, smtp)


Change = Callable[..., Services]


@pytest.fixture
def with_settings(sqlite_services: Services) -> Change:
    """The services with other settings: `with_settings(limits=...)`."""

    def change(**over: object) -> Services:
        settings = sqlite_services.settings
        merged = {
            key: getattr(settings, key).model_copy(update=value) if isinstance(value, dict) else value
            for key, value in over.items()
        }
        return replace(sqlite_services, settings=settings.model_copy(update=merged))

    return change


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def rsa_key(folder: Path) -> Path:
    return a_key(folder / "rsa.pem")


@pytest.fixture(scope="session")
def ed25519_key(folder: Path) -> Path:
    return a_key(folder / "ed25519.pem", "ED25519")


@pytest.fixture(scope="session")
def authority(folder: Path) -> Authority:
    return an_authority(folder)


@pytest.fixture(scope="session", params=["RSA", "EC"])
def smime_key(request: pytest.FixtureRequest, folder: Path) -> Path:
    return a_key(folder / f"smime-{request.param}.pem", request.param)
