"""The desks whose tickets an account sees; who is there already sees all, as before"""

from alembic import op
import sqlalchemy as sa

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("users", sa.Column("desks", sa.JSON(none_as_null=True), nullable=True))


# The program of before knows no wall: there every agent sees every desk again.
def downgrade() -> None:
    op.drop_column("users", "desks")
