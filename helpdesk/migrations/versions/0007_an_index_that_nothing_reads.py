"""Mails by domain are counted from an index of their own; the older one was written and never read"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_outbox_to_domain", table_name="outbox")


def downgrade() -> None:
    op.create_index("ix_outbox_to_domain", "outbox", ["to_domain"])
