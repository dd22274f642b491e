"""`helpdesk import`: mail files onto the same road as mail from a mailbox."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from helpdesk.cli.output import json_option, print_json
from helpdesk.cli.place import Place, pass_place
from helpdesk.ingest import mail_files
from helpdesk.ingest.importing import ImportResult, import_paths
from helpdesk.ingest.pipeline import make_pipeline
from helpdesk.services import Services


@click.command("import")
@click.argument("paths", metavar="PATH...", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--no-answers", is_flag=True, help="Write to nobody: for old mail, whose senders wait for nothing."
)
@json_option
@pass_place
def import_mails(place: Place, paths: tuple[Path, ...], no_answers: bool, as_json: bool) -> None:
    """Take in mails from files: .eml, mbox, Maildir, and folders of these.

    They take the same road as mail from a mailbox: scanned, routed, answered; new tickets go to
    the first desk. A mail that was taken in before is recognised, so an import that stopped can
    simply be started again. Ends with 1 when a mail failed or was too large.
    """
    result = _import(place.services(), list(paths), answers=not no_answers)
    if as_json:
        print_json(asdict(result))
    else:
        click.echo(_words(result))
    for source in result.refused:
        click.echo(f"{source} is over limits.mail_bytes and was left out.", err=True)
    if result.failed or result.refused:
        raise click.exceptions.Exit(1)


def _import(services: Services, paths: list[Path], *, answers: bool) -> ImportResult:
    pipeline = make_pipeline(services)
    total = mail_files.count(paths)
    try:
        with click.progressbar(length=total, label="Importing", file=sys.stderr) as bar:
            return import_paths(services, pipeline, paths, answers=answers, progress=bar.update)
    finally:
        pipeline.close()


def _words(result: ImportResult) -> str:
    waiting = result.taken - result.processed - result.failed
    still = f", {waiting} still on their way" if waiting else ""
    return (
        f"{result.found} mails found: {result.processed} processed, {result.known} known already, "
        f"{result.failed} failed, {len(result.refused)} too large{still}."
    )
