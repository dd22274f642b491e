"""Alembic's entry: runs in the connection that `helpdesk.migrations` hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from helpdesk import models  # noqa: F401 (fills the metadata)
from helpdesk.db import Base, UtcDateTime


def compares(_object: object, name: str | None, kind: str, _reflected: bool, _to: object) -> bool:
    """Leave out what db_search makes: it differs between the engines."""
    if kind == "column":
        return name != "words"
    return not (
        kind in ("table", "index") and str(name).startswith(("search_entries_fts", "ix_search_entries_words"))
    )


def rendered(kind: str, column_type: object, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its name, so that a migration needs one import."""
    if kind == "type" and isinstance(column_type, UtcDateTime):
        autogen.imports.add("from helpdesk.db import UtcDateTime")
        return "UtcDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=compares,
    render_item=rendered,
)
with context.begin_transaction():
    context.run_migrations()
