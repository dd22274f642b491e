"""What every test may use: settings, services on SQLite, and on PostgreSQL where it is installed."""

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from helpdesk import config, migrations, services
from tests.support import postgres

CORPUS = Path(os.environ.get("HELPDESK_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus")


def need(thing: object, name: str) -> None:
    """Skip with a word when a server is not installed; fail where servers are required."""
    if thing:
        return
    message = f"{name} is not installed"
    if os.environ.get("HELPDESK_REQUIRE_SERVERS"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def corpus() -> Path:
    if not CORPUS.exists():
        pytest.skip("the shared corpus is not here (set HELPDESK_CORPUS)")
    return CORPUS


def settings_for(folder: Path, **over: object) -> config.Settings:
    """Settings of a small trust with two desks, in a folder of its own."""
    base: dict[str, object] = {
        "organisation": "Northmoor NHS Trust",
        "data_folder": folder,
        "desks": {
            "it": {
                "name": "IT Service Desk",
                "address": "servicedesk@northmoor.nhs.uk",
                "prefix": "IT",
                "phone": "0151 496 0100",
            },
            "hr": {"name": "HR Desk", "address": "hr@northmoor.nhs.uk", "prefix": "HR"},
        },
        "mailboxes": {
            "it": {
                "desk": "it",
                "address": "servicedesk@northmoor.nhs.uk",
                "host": "127.0.0.1",
                "tls": "plaintext",
            },
            "hr": {"desk": "hr", "address": "hr@northmoor.nhs.uk", "host": "127.0.0.1", "tls": "plaintext"},
        },
        "trust": {"authserv_ids": ["mx.northmoor.nhs.uk"], "own_domains": ["northmoor.nhs.uk"]},
        "pii": {"workers": 1},
    }
    return config.load(None, **{**base, **over})


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return settings_for(tmp_path)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("template")
    made = services.start(settings_for(folder))
    migrations.upgrade(made.engine)
    with made.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    made.engine.dispose()
    return folder / "helpdesk.db"


@pytest.fixture
def sqlite_services(settings: config.Settings, sqlite_template: Path) -> Iterator[services.Services]:
    (settings.data_folder / "helpdesk.db").write_bytes(sqlite_template.read_bytes())
    made = services.start(settings)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    need(postgres.binaries(), "PostgreSQL")
    with postgres.cluster() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated, empty database that others are copied from."""
    _create(postgres_url, "template_helpdesk")
    url = f"{postgres_url}/template_helpdesk"
    made = services.start(settings_for(tmp_path_factory.mktemp("pg"), database=url))
    migrations.upgrade(made.engine)
    made.engine.dispose()
    return "template_helpdesk"


@pytest.fixture
def postgres_services(
    tmp_path: Path, postgres_url: str, postgres_template: str
) -> Iterator[services.Services]:
    name = f"test_{uuid.uuid4().hex[:12]}"
    _create(postgres_url, name, postgres_template)
    made = services.start(settings_for(tmp_path, database=f"{postgres_url}/{name}"))
    yield made
    made.engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def each_engine(request: pytest.FixtureRequest) -> services.Services:
    """Services on SQLite, then the same test on PostgreSQL."""
    return request.getfixturevalue("sqlite_services" if request.param == "sqlite" else "postgres_services")


@pytest.fixture(scope="session")
def scanner(tmp_path_factory: pytest.TempPathFactory) -> object:
    """The real scanner, its model loaded once for all tests of this process."""
    from helpdesk.pii.scanner import Scanner

    return Scanner(settings_for(tmp_path_factory.mktemp("scanner")))


@pytest.fixture
def fresh_postgres(postgres_url: str) -> Callable[[], str]:
    """Makes an empty database and returns its URL."""

    def make() -> str:
        name = f"empty_{uuid.uuid4().hex[:12]}"
        _create(postgres_url, name)
        return f"{postgres_url}/{name}"

    return make


def _create(url: str, name: str, template: str = "template1") -> None:
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()
