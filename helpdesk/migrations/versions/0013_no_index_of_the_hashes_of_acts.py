"""The trail's hashes have no index: each entry's was on a page of its own, and only a check of the whole trail looks for one"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import op
from alembic.operations import BatchOperations

from helpdesk.db import APPEND_ONLY_DOWN, APPEND_ONLY_UP, run_ddl

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

UNIQUE = "uq_audit_entries_hash"


def upgrade() -> None:
    with _trail() as table:
        table.drop_constraint(UNIQUE, type_="unique")


def downgrade() -> None:
    with _trail() as table:
        table.create_unique_constraint(UNIQUE, ["hash"])


@contextmanager
def _trail() -> Iterator[BatchOperations]:
    """SQLite makes the table anew, which the triggers against any change would not survive: they are set again."""
    run_ddl(op.get_bind(), APPEND_ONLY_DOWN)
    with op.batch_alter_table("audit_entries") as table:
        yield table
    run_ddl(op.get_bind(), APPEND_ONLY_UP)
