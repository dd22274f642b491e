"""What was found of a sender stays with a mail that fails, until it comes to its end"""

from alembic import op
import sqlalchemy as sa

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipts", sa.Column("sender", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    op.drop_column("receipts", "sender")
