"""Fewer pages are written a mail when many are stored: two indexes hold less, and ids of ours stand together"""

import hashlib
import re
from collections.abc import Callable

from alembic import op
import sqlalchemy as sa

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NOT_FIRST = sa.text("coalesce(first_digest, '') = ''")
COUNTED = sa.text("automatic AND state <> 'suppressed'")
CHUNK = 5_000
OURS = re.compile(r"([a-z]{2,6}-\d{6,9})\.[a-z0-9]+\.[a-z2-7]{16}@[^<>@\s]+", re.IGNORECASE)

_ids = sa.table("message_ids", sa.column("id"), sa.column("digest"), sa.column("outbox_id"))
_outbox = sa.table("outbox", sa.column("id"), sa.column("message_id"))


def upgrade() -> None:
    op.drop_index("ix_outbox_counted_to", table_name="outbox")
    op.drop_index("ix_receipts_digest", table_name="receipts")
    op.create_index(
        "ix_receipts_digest",
        "receipts",
        ["digest"],
        sqlite_where=NOT_FIRST,
        postgresql_where=NOT_FIRST,
    )
    _digest_ours_with(_with_number)


def downgrade() -> None:
    _digest_ours_with(_without_number)
    op.drop_index("ix_receipts_digest", table_name="receipts")
    op.create_index("ix_receipts_digest", "receipts", ["digest"])
    op.create_index(
        "ix_outbox_counted_to",
        "outbox",
        ["to_address", "created_at"],
        sqlite_where=COUNTED,
        postgresql_where=COUNTED,
    )


def _digest_ours_with(digest: Callable[[str], str]) -> None:
    """What is stored of the ids of our own mails, anew, some thousand at a time."""
    bind, last = op.get_bind(), 0
    one_row = sa.update(_ids).where(_ids.c.id == sa.bindparam("of")).values(digest=sa.bindparam("new"))
    while True:
        rows = bind.execute(
            sa.select(_ids.c.id, _outbox.c.message_id)
            .join_from(_ids, _outbox, _ids.c.outbox_id == _outbox.c.id)
            .where(_ids.c.id > last)
            .order_by(_ids.c.id)
            .limit(CHUNK)
        ).all()
        if not rows:
            return
        bind.execute(one_row, [{"of": number, "new": digest(message_id)} for number, message_id in rows])
        last = rows[-1].id


def _without_number(message_id: str) -> str:
    bare = message_id.strip().strip("<>")
    return hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()


def _with_number(message_id: str) -> str:
    ours = OURS.fullmatch(message_id.strip().strip("<>"))
    digest = _without_number(message_id)
    return f"{ours[1].lower()}.{digest}"[:64] if ours else digest
