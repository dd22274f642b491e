"""What people reported: a message that was shown and holds personal data is held (again)"""

from alembic import op
import sqlalchemy as sa

from helpdesk.db import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mail_reports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_mail_id", sa.Integer(), nullable=False),
        sa.Column("reported_by", sa.Integer(), nullable=False),
        sa.Column("reported_at", UtcDateTime(), nullable=False),
        sa.Column("category", sa.String(length=300), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["held_mail_id"], ["held_mails.id"], name=op.f("fk_mail_reports_held_mail_id_held_mails")
        ),
        sa.ForeignKeyConstraint(
            ["reported_by"], ["users.id"], name=op.f("fk_mail_reports_reported_by_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_reports")),
    )
    op.create_index(op.f("ix_mail_reports_held_mail_id"), "mail_reports", ["held_mail_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_mail_reports_held_mail_id"), table_name="mail_reports")
    op.drop_table("mail_reports")
