"""`helpdesk outbox`: outgoing mails. What they say is not shown."""

import click
from sqlalchemy import select

from helpdesk.cli.output import Row, json_option, print_rows, values
from helpdesk.cli.place import Place, operator, pass_place
from helpdesk.db import reading, writing
from helpdesk.models import OutboxMail, Suppression
from helpdesk.models.outbound import OutboxState
from helpdesk.outbound import alarms, resend

WAITING = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.FAILED, OutboxState.UNCERTAIN)

STOPPED = ("address", "reason", "created_at")
ALARMS = ("id", "kind", "subject", "count", "first_at", "last_at", "sentence")


@click.group()
def outbox() -> None:
    """Outgoing mails, stopped addresses, alarms: list, try again, lift, acknowledge."""


@outbox.command("list")
@click.option(
    "--state",
    type=click.Choice(["waiting", "all", *values(OutboxState)]),
    default="waiting",
    show_default=True,
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_mails(place: Place, state: str, limit: int, as_json: bool) -> None:
    """List outgoing mails, the newest first; `waiting` is all that needs a server or a person."""
    query = select(OutboxMail)
    if state != "all":
        query = query.where(OutboxMail.state.in_(WAITING if state == "waiting" else [state]))
    with reading(place.services().sessions) as session:
        rows = [_row(mail) for mail in session.scalars(query.order_by(OutboxMail.id.desc()).limit(limit))]
    columns = ("id", "state", "kind", "to_address", "tries", "next_try_at", "last_error")
    print_rows(rows, columns, as_json, nothing="No such mails.")


@outbox.command()
@click.argument("mail_id", metavar="ID", type=int)
@pass_place
def retry(place: Place, mail_id: int) -> None:
    """Send a mail at the next delivery, though it failed or may have gone out already."""
    with writing(place.services().sessions) as session:
        resend.retry(session, mail_id, operator())
    click.echo(f"Mail {mail_id} is queued again.")


@outbox.command("give-up")
@click.argument("mail_id", metavar="ID", type=int)
@pass_place
def give_up(place: Place, mail_id: int) -> None:
    """Do not send a mail any more."""
    with writing(place.services().sessions) as session:
        resend.give_up(session, mail_id, operator())
    click.echo(f"Mail {mail_id} will not be sent.")


@outbox.command()
@json_option
@pass_place
def stopped(place: Place, as_json: bool) -> None:
    """List the addresses that no mail is sent to any more, and why."""
    query = select(Suppression).order_by(Suppression.id.desc())
    with reading(place.services().sessions) as session:
        rows = [{name: getattr(one, name) for name in STOPPED} for one in session.scalars(query)]
    print_rows(rows, STOPPED, as_json, nothing="Mail is sent to every address.")


@outbox.command()
@click.argument("address")
@click.option("--reason", default="", help="Why, for the audit trail.")
@pass_place
def lift(place: Place, address: str, reason: str) -> None:
    """Send mail to an address again that was stopped. What was not sent meanwhile stays unsent."""
    with writing(place.services().sessions) as session:
        resend.lift(session, address, operator(), reason)
    click.echo(f"Mail to {address} is sent again.")


@outbox.command("alarms")
@json_option
@pass_place
def list_alarms(place: Place, as_json: bool) -> None:
    """List what stopped or changed outgoing mails: caps that were reached, texts that failed."""
    services = place.services()
    with reading(services.sessions) as session:
        rows = [
            {name: getattr(one, name) for name in ALARMS} for one in alarms.active(session, services.settings)
        ]
    print_rows(rows, ALARMS, as_json, nothing="There are no alarms.")


@outbox.command()
@click.argument("alarm_id", metavar="ID", type=int)
@pass_place
def acknowledge(place: Place, alarm_id: int) -> None:
    """Silence an alarm for as long as one lasts (outbound.alarm_hours)."""
    services = place.services()
    with writing(services.sessions) as session:
        alarms.acknowledge(session, services.settings, alarm_id, operator())
    click.echo(f"Alarm {alarm_id} is acknowledged.")


def _row(mail: OutboxMail) -> Row:
    names = (
        "id", "state", "kind", "automatic", "desk", "to_address", "ticket_id", "tries",
        "next_try_at", "sent_at", "last_error", "created_at",
    )  # fmt: skip
    return {name: getattr(mail, name) for name in names}
