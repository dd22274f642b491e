"""A helpdesk to measure: its own folder, database, mailbox on a real Dovecot, and pipeline."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from helpdesk import config, migrations
from helpdesk.services import Services, start
from tests.support import dovecot, postgres
from tests.support.dovecot import PASSWORD, Dovecot, MailUser

DESK = "servicedesk@northmoor.nhs.uk"


@dataclass(frozen=True)
class Ground:
    """The servers that all measurements of a run share."""

    dovecot: Dovecot
    postgres: str | None
    folder: Path

    @contextmanager
    def place(self, engine: str, mails: Sequence[bytes] = (), **over: Any) -> Iterator["Place"]:
        """A new helpdesk on this engine, with these mails in its mailbox."""
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix="place-"))
        user = self.dovecot.user()
        user.deliver(*mails)
        settings = settings_of(folder, user, **{**self._database(engine), **over})
        services = start(settings)
        migrations.upgrade(services.engine)
        try:
            yield Place(services, user, folder)
        finally:
            services.engine.dispose()
            shutil.rmtree(folder, ignore_errors=True)
            shutil.rmtree(user.maildir.parent, ignore_errors=True)

    def _database(self, engine: str) -> dict[str, str]:
        if engine == "sqlite":
            return {}
        assert self.postgres
        name = f"bench_{uuid.uuid4().hex[:10]}"
        made = create_engine(f"{self.postgres}/postgres", isolation_level="AUTOCOMMIT")
        with made.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        made.dispose()
        return {"database": f"{self.postgres}/{name}"}


@dataclass(frozen=True)
class Place:
    """One helpdesk."""

    services: Services
    user: MailUser
    folder: Path


def settings_of(folder: Path, user: MailUser, **over: Any) -> config.Settings:
    box = {"desk": "it", "address": DESK, "host": "127.0.0.1", "tls": "plaintext",
           "port": user.server.port, "user": user.name, "password": PASSWORD}  # fmt: skip
    base: dict[str, Any] = {
        "organisation": "Northmoor NHS Trust",
        "data_folder": folder,
        "desks": {"it": {"name": "IT Service Desk", "address": DESK, "prefix": "IT"}},
        "mailboxes": {"it": box},
        "trust": {"authserv_ids": ["mx.northmoor.nhs.uk"], "own_domains": ["northmoor.nhs.uk"]},
    }
    return config.load(None, **{**base, **over})


@contextmanager
def ground(engines: Sequence[str]) -> Iterator[Ground]:
    """Start a Dovecot, and a PostgreSQL that writes to the disk as one in use does."""
    folder = Path(tempfile.mkdtemp(prefix="helpdesk-bench-"))
    try:
        with dovecot.running() as server:
            if "postgresql" not in engines:
                yield Ground(server, None, folder)
                return
            with postgres.cluster(durable=True) as url:
                yield Ground(server, url, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
