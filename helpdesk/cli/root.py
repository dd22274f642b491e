"""The root of the commands: imports a command's file when it is used, and turns faults into sentences."""

import importlib
from pathlib import Path
from typing import Any, cast

import click

# name: where it is and what it does. The words stand here so that `helpdesk --help` imports none of them.
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("helpdesk.cli.run:run", "Start the service: mailboxes, scanner, answers, pages."),
    "demo": ("helpdesk.cli.demo:demo", "Start the demo, or send it a mail."),
    "poll": ("helpdesk.cli.poll:poll", "Take in what waits in the mailboxes, once."),
    "import": ("helpdesk.cli.imports:import_mails", "Take in mail files: .eml, mbox, Maildir."),
    "tickets": ("helpdesk.cli.tickets:tickets", "List, show, merge and move tickets."),
    "held": ("helpdesk.cli.held:held", "List held mails, without their content."),
    "unmatched": (
        "helpdesk.cli.unmatched:unmatched",
        "List and show mail to be matched, and say where it belongs.",
    ),
    "users": ("helpdesk.cli.users:users", "Add, list and change the people who sign in."),
    "mailboxes": ("helpdesk.cli.mailboxes:mailboxes", "Show how reading each mailbox goes."),
    "outbox": (
        "helpdesk.cli.outbox:outbox",
        "Outgoing mails, stopped addresses, alarms: list, try again, lift, acknowledge.",
    ),
    "failed": ("helpdesk.cli.failed:failed", "List mails that could not be processed, and replay them."),
    "templates": ("helpdesk.cli.templates:templates", "Check, list and preview the texts of answers."),
    "audit": ("helpdesk.cli.audit:audit", "List the audit trail and verify it."),
    "pii": ("helpdesk.cli.pii:pii", "Scan files for personal data; measure and explain the scanner."),
    "db": ("helpdesk.cli.db:db", "Bring the database to this program's tables, or back."),
    "doctor": ("helpdesk.cli.doctor:doctor", "Check everything that the service needs."),
}


class Fault(click.ClickException):
    """A sentence for stderr, and exit code 1; no traceback."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, file=file, err=file is None)


class Root(click.Group):
    """A group whose commands are imported when they are used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 (as above)
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name][0].split(":")
        return cast("click.Command", getattr(importlib.import_module(module), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as fault:
            # the one place where faults become sentences; a defect has none and keeps its traceback
            from helpdesk.jobs.faults import sentence  # noqa: PLC0415 (slow, and needed only now)

            said = sentence(fault)
            if said is None:
                raise
            raise Fault(said) from None


@click.group(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--settings",
    "file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The settings file; else HELPDESK_SETTINGS, else helpdesk.toml here, else the demo.",
)
@click.version_option(package_name="helpdesk")
def main(file: Path | None) -> None:
    """A helpdesk that takes in mail, holds back personal data, and answers each reply by its ticket's state.

    Without a settings file every command works on the demo.
    """
