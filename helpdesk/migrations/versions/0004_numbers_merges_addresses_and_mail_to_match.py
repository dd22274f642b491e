"""Former numbers and merges of tickets, other addresses of a person, mail that waits to be matched"""

from alembic import op
import sqlalchemy as sa

from helpdesk.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "other_addresses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("main", sa.String(length=320), nullable=False),
        sa.Column("added_by", sa.String(length=255), nullable=False),
        sa.Column("added_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_other_addresses")),
        sa.UniqueConstraint("address", name=op.f("uq_other_addresses_address")),
    )
    op.create_index(op.f("ix_other_addresses_main"), "other_addresses", ["main"], unique=False)
    op.create_table(
        "ticket_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("state_before", sa.String(length=24), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("merged_at", UtcDateTime(), nullable=False),
        sa.Column("merged_by", sa.String(length=255), nullable=False),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["from_id"], ["tickets.id"], name=op.f("fk_ticket_merges_from_id_tickets")),
        sa.ForeignKeyConstraint(["into_id"], ["tickets.id"], name=op.f("fk_ticket_merges_into_id_tickets")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_merges")),
    )
    op.create_index(op.f("ix_ticket_merges_from_id"), "ticket_merges", ["from_id"], unique=False)
    op.create_index(op.f("ix_ticket_merges_into_id"), "ticket_merges", ["into_id"], unique=False)
    op.create_table(
        "ticket_numbers",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_numbers_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_ticket_numbers")),
    )
    op.create_index(op.f("ix_ticket_numbers_ticket_id"), "ticket_numbers", ["ticket_id"], unique=False)
    op.create_table(
        "unmatched_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("receipt_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("desk", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_address", sa.String(length=320), nullable=False),
        sa.Column("author_name", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("trust", sa.String(length=16), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("policy_version", sa.String(length=64), nullable=False),
        sa.Column("waits_since", UtcDateTime(), nullable=False),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("decided_by", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["receipt_id"], ["receipts.id"], name=op.f("fk_unmatched_mails_receipt_id_receipts")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_unmatched_mails_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_mails")),
        sa.UniqueConstraint("receipt_id", name=op.f("uq_unmatched_mails_receipt_id")),
    )
    op.create_index("ix_unmatched_mails_state", "unmatched_mails", ["state", "id"], unique=False)


def downgrade() -> None:

    op.drop_index("ix_unmatched_mails_state", table_name="unmatched_mails")
    op.drop_table("unmatched_mails")
    op.drop_index(op.f("ix_ticket_numbers_ticket_id"), table_name="ticket_numbers")
    op.drop_table("ticket_numbers")
    op.drop_index(op.f("ix_ticket_merges_into_id"), table_name="ticket_merges")
    op.drop_index(op.f("ix_ticket_merges_from_id"), table_name="ticket_merges")
    op.drop_table("ticket_merges")
    op.drop_index(op.f("ix_other_addresses_main"), table_name="other_addresses")
    op.drop_table("other_addresses")
