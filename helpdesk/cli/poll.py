"""`helpdesk poll`: take in what waits in the mailboxes, without the service."""

from dataclasses import asdict

import click

from helpdesk.cli.output import json_option, print_rows
from helpdesk.cli.place import Place, pass_place
from helpdesk.errors import HelpdeskError
from helpdesk.ingest import refusals
from helpdesk.ingest.imap_errors import MailboxError
from helpdesk.ingest.pipeline import Pipeline, make_pipeline
from helpdesk.ingest.poll import PollResult, UnknownMailbox, poll_once
from helpdesk.services import Services


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
        keys = [mailbox] if mailbox else list(services.settings.mailboxes)
        results = [_poll(services, key, pipeline) for key in keys]
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


def _poll(services: Services, key: str, pipeline: Pipeline) -> PollResult:
    """One mailbox; what it fails with is in the result, for it stops no other."""
    try:
        return poll_once(services, key, pipeline, on_refused=refusals.notice(services))
    except UnknownMailbox:
        raise
    except MailboxError as fault:
        return PollResult(key, error=str(fault))


def _row(result: PollResult) -> dict[str, object]:
    note = (
        "another poller is at it" if result.busy else result.warning or ("see below" if result.error else "")
    )
    return {**asdict(result), "note": note}
