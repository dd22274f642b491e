"""Schema migrations (Alembic), the same on SQLite and PostgreSQL."""

import logging
from pathlib import Path
from typing import cast

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from helpdesk.db import check_reachable

FOLDER = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database to `revision`. Raises DatabaseError when it does not answer."""
    check_reachable(engine)
    _run(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str = "base") -> None:
    """Take the database back to `revision`; what the later tables held is gone."""
    check_reachable(engine)
    _run(engine, command.downgrade, revision)


def current(engine: Engine) -> str | None:
    """The revision that the database is at, or None when it is empty."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def head() -> str:
    """The newest revision that this program knows."""
    return cast("str", ScriptDirectory.from_config(_config()).get_current_head())


def _run(engine: Engine, act: object, revision: str) -> None:
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with engine.execution_options(writing=True).begin() as connection:
        act(_config(connection), revision)  # type: ignore[operator]  # alembic's commands share no type


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config
