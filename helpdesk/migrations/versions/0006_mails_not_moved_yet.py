"""Mails that were not moved yet are found without a look at all that ever came"""

from alembic import op
import sqlalchemy as sa

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NOT_MOVED = sa.text("acknowledged_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_receipts_not_moved",
        "receipts",
        ["mailbox", "uidvalidity"],
        sqlite_where=NOT_MOVED,
        postgresql_where=NOT_MOVED,
    )


def downgrade() -> None:
    op.drop_index("ix_receipts_not_moved", table_name="receipts")
