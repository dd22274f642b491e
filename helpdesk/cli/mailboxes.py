"""`helpdesk mailboxes`: how reading each mailbox goes."""

import click
from sqlalchemy import func, select

from helpdesk.cli.output import Row, json_option, print_rows
from helpdesk.cli.place import Place, pass_place
from helpdesk.config import Mailbox
from helpdesk.db import reading
from helpdesk.ingest.mailbox_status import Health, healths
from helpdesk.models import MailboxStatus, Receipt
from helpdesk.models.mail import ReceiptState


@click.group()
def mailboxes() -> None:
    """Show how reading each mailbox goes."""


@mailboxes.command()
@json_option
@pass_place
def status(place: Place, as_json: bool) -> None:
    """List the mailboxes: last success, failures in a row and why, mails on their way."""
    services = place.services()
    with reading(services.sessions) as session:
        known = {one.mailbox: one for one in session.scalars(select(MailboxStatus))}
        waiting = dict(
            session.execute(
                select(Receipt.mailbox, func.count())
                .where(Receipt.state == ReceiptState.RECEIVED.value)
                .group_by(Receipt.mailbox)
            )
            .tuples()
            .all()
        )
        health = {one.mailbox: one for one in healths(session, services.settings)}
    rows = [
        _row(health[key], box, known.get(key), waiting.get(key, 0))
        for key, box in services.settings.mailboxes.items()
    ]
    columns = ("mailbox", "desk", "health", "last_success_at", "failures", "waiting", "sentence")
    print_rows(rows, columns, as_json, nothing="The settings name no mailbox.")


def _row(health: Health, box: Mailbox, status: MailboxStatus | None, waiting: int) -> Row:
    return {
        "mailbox": health.mailbox,
        "health": health.kind.value,
        "sentence": health.sentence,
        "desk": box.desk,
        "address": box.address,
        "host": box.host,
        "last_success_at": status.last_success_at if status else None,
        "last_failure_at": status.last_failure_at if status else None,
        "last_failure": status.last_failure if status else "",
        "failures": status.failures if status else 0,
        "wait_until": status.wait_until if status else None,
        "waiting": waiting,
    }
