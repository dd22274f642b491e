"""A purge reaches the mailbox; OAuth 2.0 tokens of mail accounts"""

from alembic import op
import sqlalchemy as sa

from helpdesk.db import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TO_ERASE = sa.text("erase_from_mailbox AND erased_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "mail_tokens",
        sa.Column("account", sa.String(length=64), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("renewed_at", UtcDateTime(), nullable=True),
        sa.Column("expires_at", UtcDateTime(), nullable=True),
        sa.Column("refresh_expires_at", UtcDateTime(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failure", sa.String(length=500), nullable=False),
        sa.Column("wait_until", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_mail_tokens")),
    )
    op.add_column("receipts", sa.Column("erasing_since", UtcDateTime(), nullable=True))
    op.add_column("receipts", sa.Column("erase_missed_at", UtcDateTime(), nullable=True))
    op.create_index(
        "ix_receipts_to_erase",
        "receipts",
        ["mailbox"],
        unique=False,
        sqlite_where=TO_ERASE,
        postgresql_where=TO_ERASE,
    )


def downgrade() -> None:
    op.drop_index("ix_receipts_to_erase", table_name="receipts")
    op.drop_column("receipts", "erase_missed_at")
    op.drop_column("receipts", "erasing_since")
    op.drop_table("mail_tokens")
