"""How reading each mailbox goes, and what waits on the road."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from helpdesk.config import Mailbox, Settings
from helpdesk.db import now, reading
from helpdesk.ingest.mailbox_status import Health, Kind, healths
from helpdesk.models import MailboxStatus, OutboxMail, Receipt
from helpdesk.models.mail import ReceiptState
from helpdesk.models.outbound import OutboxState
from helpdesk.models.people import Role
from helpdesk.web.access import access
from helpdesk.web.site import site

blueprint = Blueprint("mailboxes", __name__)


TAGS = {
    Kind.NEW: ("Not read yet", "grey"),
    Kind.WORKING: ("Working", "green"),
    Kind.WARNING: ("Needs a look", "yellow"),
    Kind.FAILING: ("Failing", "red"),
    Kind.STALE: ("Nobody reads it", "red"),
}


@dataclass(frozen=True)
class Box:
    """One mailbox of the settings, with how it goes; `status` is None when it was never read."""

    key: str
    settings: Mailbox
    status: MailboxStatus | None
    health: Health

    @property
    def words(self) -> tuple[str, str]:
        """(what is shown, the tag's colour)."""
        return TAGS[self.health.kind]


@blueprint.get("/admin/mailboxes")
@access(Role.ADMIN)
def show() -> str:
    with reading(site().services.sessions) as session:
        shown = boxes(session, site().settings)
        waiting = waits(session)
    return render_template("admin/mailboxes.jinja", boxes=shown, waiting=waiting, at=now())


def boxes(session: Session, settings: Settings) -> list[Box]:
    """Those that somebody should look at first."""
    status = {row.mailbox: row for row in session.scalars(select(MailboxStatus))}
    found = [
        Box(one.mailbox, settings.mailboxes[one.mailbox], status.get(one.mailbox), one)
        for one in healths(session, settings)
    ]
    return sorted(found, key=lambda box: (box.words[1] != "red", box.words[1] != "yellow", box.key))


@dataclass(frozen=True)
class Waiting:
    """What waits on the road, in counts, and since when the oldest does."""

    received: int
    failed: int
    queued: int
    trouble: int
    oldest: datetime | None


def waits(session: Session) -> Waiting:
    """Counted by state, each from its index."""
    receipts = dict(
        session.execute(
            select(Receipt.state, func.count())
            .where(Receipt.state.in_([ReceiptState.RECEIVED.value, ReceiptState.FAILED.value]))
            .group_by(Receipt.state)
        )
        .tuples()
        .all()
    )
    watched = [OutboxState.QUEUED.value, OutboxState.FAILED.value, OutboxState.UNCERTAIN.value]
    mails = dict(
        session.execute(
            select(OutboxMail.state, func.count())
            .where(OutboxMail.state.in_(watched))
            .group_by(OutboxMail.state)
        )
        .tuples()
        .all()
    )
    oldest = session.scalar(
        select(Receipt.received_at)
        .where(Receipt.state == ReceiptState.RECEIVED.value)
        .order_by(Receipt.id)
        .limit(1)
    )
    return Waiting(
        receipts.get(ReceiptState.RECEIVED.value, 0),
        receipts.get(ReceiptState.FAILED.value, 0),
        mails.get(OutboxState.QUEUED.value, 0),
        mails.get(OutboxState.FAILED.value, 0) + mails.get(OutboxState.UNCERTAIN.value, 0),
        oldest,
    )
