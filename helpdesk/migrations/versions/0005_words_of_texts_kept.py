"""The words of searchable texts are kept on PostgreSQL, so that a common word is found at once"""

from alembic import op

from helpdesk.db import run_ddl
from helpdesk.db_search import SEARCH_WORDS_DOWN, SEARCH_WORDS_UP

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_ddl(op.get_bind(), SEARCH_WORDS_UP)


def downgrade() -> None:
    run_ddl(op.get_bind(), SEARCH_WORDS_DOWN)
