"""The message that a mail of ours carries is found by the mail, and by that its files"""

from alembic import op
import sqlalchemy as sa

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

CARRIED = sa.text("outbox_id IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "ix_messages_outbox", "messages", ["outbox_id"], sqlite_where=CARRIED, postgresql_where=CARRIED
    )


def downgrade() -> None:
    op.drop_index("ix_messages_outbox", table_name="messages")
