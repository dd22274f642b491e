"""`helpdesk doctor`: look at everything that the service needs, and say what is wrong and how to mend it."""

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from helpdesk import vault
from helpdesk.cli.checks import accounts, machine, mail, outbound, scanner, senders, storage, wording
from helpdesk.cli.checks.values import Check, Finding, Level, fault, ok
from helpdesk.cli.output import json_option, print_json
from helpdesk.cli.place import Place, pass_place
from helpdesk.config import Settings, SettingsError
from helpdesk.jobs.faults import sentence
from helpdesk.jobs.schedule import place_of

CHECKS: tuple[Check, ...] = (
    machine.disk,
    machine.clock,
    machine.assets,
    storage.database,
    storage.keys,
    accounts.desks,
    wording.templates,
    outbound.signing,
    outbound.alarms,
    scanner.scanner,
    scanner.documents,
    senders.senders,
    mail.mailboxes,
    mail.smtp,
)
MARKS = {Level.OK: "ok     ", Level.WARNING: "warning", Level.FAULT: "FAULT  "}


@click.command()
@click.option("--new-key", is_flag=True, help="Print a new master key for keys.master, and do nothing else.")
@click.option("--show", is_flag=True, help="Print the settings first; secrets are stars.")
@json_option
@pass_place
def doctor(place: Place, new_key: bool, show: bool, as_json: bool) -> None:
    """Check settings, database, keys, disk, clock, templates, scanner and mail servers.

    Ends with 1 when something does not work. Nothing is changed or sent.
    """
    if new_key:
        click.echo(vault.new_key())
        return
    findings = []
    for finding in _look(place, show and not as_json):
        findings.append(finding)
        if as_json:
            print_json(asdict(finding))
        else:
            click.echo(f"{MARKS[finding.level]}  {finding.subject}: {finding.sentence}")
    faults = sum(finding.level is Level.FAULT for finding in findings)
    if not as_json:
        click.echo(f"\n{_summary(faults)}")
    if faults:
        raise click.exceptions.Exit(1)


def _look(place: Place, show: bool) -> Iterator[Finding]:
    where = str(place.file) if place.file else "none, so this is the demo"
    try:
        settings = place.settings()
    except SettingsError as problem:
        yield fault("settings", str(problem))
        return
    if show:
        click.echo(json.dumps(settings.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n")
    yield ok(
        "settings", f"The file is {where}; {len(settings.desks)} desks, {len(settings.mailboxes)} mailboxes."
    )
    for check in CHECKS:
        yield from _run(check, settings)


def _summary(faults: int) -> str:
    if not faults:
        return "All is well."
    return "1 thing does not work." if faults == 1 else f"{faults} things do not work."


def _run(check: Check, settings: Settings) -> Iterator[Finding]:
    try:
        yield from check(settings)
    except Exception as problem:  # noqa: BLE001 (whatever one check meets, the others are still made)
        yield fault(
            check.__name__.replace("_", " "), sentence(problem) or f"It fails with {place_of(problem)}."
        )
