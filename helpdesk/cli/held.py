"""`helpdesk held`: what is in quarantine. Ids, severity and the names of rules; never content."""

import click
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from helpdesk.cli.output import Row, json_option, print_rows, values
from helpdesk.cli.place import Place, pass_place
from helpdesk.db import reading
from helpdesk.models import HeldMail
from helpdesk.models.governance import HeldState


@click.group()
def held() -> None:
    """List held mails, without their content."""


@held.command("list")
@click.option(
    "--state", type=click.Choice(["all", *values(HeldState)]), default=HeldState.HELD.value, show_default=True
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_held(place: Place, state: str, limit: int, as_json: bool) -> None:
    """List held mails, the longest held first."""
    query = select(HeldMail).options(joinedload(HeldMail.ticket), joinedload(HeldMail.case))
    if state != "all":
        query = query.where(HeldMail.state == state)
    with reading(place.services().sessions) as session:
        rows = [_row(one) for one in session.scalars(query.order_by(HeldMail.held_at).limit(limit))]
    columns = ("id", "state", "severity", "held_at", "ticket", "case", "rules")
    print_rows(rows, columns, as_json, nothing="Nothing is held.")


def _row(held_mail: HeldMail) -> Row:
    return {
        "id": held_mail.id,
        "state": held_mail.state,
        "severity": held_mail.severity,
        "held_at": held_mail.held_at,
        "decided_at": held_mail.decided_at,
        "ticket": held_mail.ticket.number,
        "case": held_mail.case.reference if held_mail.case else "",
        "rules": [reason["rule"] for reason in held_mail.reasons],
        "policy_version": held_mail.policy_version,
    }
