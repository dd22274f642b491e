"""`helpdesk failed`: mails that did not reach an end by themselves, and the way back onto the road."""

import click

from helpdesk.cli.output import Row, json_option, print_rows
from helpdesk.cli.place import Place, operator, pass_place
from helpdesk.db import reading, writing
from helpdesk.ingest import failures
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.models import Receipt


@click.group()
def failed() -> None:
    """List mails that could not be processed, and replay them."""


@failed.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_failed(place: Place, limit: int, as_json: bool) -> None:
    """List failed mails, the newest first."""
    with reading(place.services().sessions) as session:
        rows = [_row(receipt) for receipt in failures.failed(session, limit=limit)]
    columns = ("id", "mailbox", "received_at", "step", "tries", "reason")
    print_rows(rows, columns, as_json, nothing="No mail has failed.")


@failed.command()
@click.argument("ids", metavar="[ID]...", type=int, nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every mail on the failed list.")
@pass_place
def replay(place: Place, ids: tuple[int, ...], everything: bool) -> None:
    """Take failed mails to their end once more."""
    if bool(ids) == everything:
        raise click.UsageError("Name the mails to replay by their ids, or say --all.")
    services = place.services()
    with writing(services.sessions) as session:
        replayed = failures.replay(session, None if everything else list(ids), who=operator())
    pipeline = make_pipeline(services, in_process=True)
    outcomes = [pipeline.process(number) for number in replayed]
    again = sum(outcome.record is None for outcome in outcomes)
    click.echo(f"{len(outcomes)} replayed: {len(outcomes) - again} reached their end, {again} failed again.")
    if again:
        raise click.exceptions.Exit(1)


def _row(receipt: Receipt) -> Row:
    return {
        "id": receipt.id,
        "mailbox": receipt.mailbox,
        "received_at": receipt.received_at,
        "step": receipt.failed_step,
        "reason": receipt.failure,
        "tries": receipt.tries,
        "bytes": receipt.size,
    }
