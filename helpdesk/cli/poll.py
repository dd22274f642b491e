"""`helpdesk poll`: take in what waits in the mailboxes, without the service."""

from dataclasses import asdict

import click

from helpdesk.cli.output import json_option, print_rows
from helpdesk.cli.place import Place, pass_place
from helpdesk.errors import HelpdeskError
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.ingest.poll import PollResult, poll_all, poll_once


@click.command()
@click.option(
    "--once", is_flag=True, required=True, help="Poll each mailbox once and end; `run` polls for ever."
)
@click.option("--mailbox", help="Only this mailbox, by its key in the settings.")
@json_option
@pass_place
def poll(place: Place, once: bool, mailbox: str | None, as_json: bool) -> None:  # noqa: ARG001 (it is there to be said)
    """Take in, process and move everything that waits in the mailboxes now."""
    services = place.services()
    pipeline = make_pipeline(services)
    try:
        results = [poll_once(services, mailbox, pipeline)] if mailbox else poll_all(services, pipeline)
    finally:
        pipeline.close()
    columns = ("mailbox", "found", "taken", "processed", "failed", "refused", "moved", "note")
    print_rows(
        [_row(result) for result in results], columns, as_json, nothing="The settings name no mailbox."
    )
    faults = [result.error for result in results if result.error]
    if faults:
        raise HelpdeskError("\n".join(faults))
    if any(result.failed for result in results):
        raise click.exceptions.Exit(1)


def _row(result: PollResult) -> dict[str, object]:
    note = (
        "another poller is at it" if result.busy else result.warning or ("see below" if result.error else "")
    )
    return {**asdict(result), "note": note}
