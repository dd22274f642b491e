"""`helpdesk unmatched`: mail that names several tickets, or somebody else's, and where it belongs."""

from typing import Any

import click

from helpdesk.cli.output import Row, json_option, print_json, print_rows, safe
from helpdesk.cli.place import Place, operator, pass_place
from helpdesk.db import reading
from helpdesk.ingest import unmatched as mails
from helpdesk.ingest.parse import text_of
from helpdesk.ingest.unmatched import Waiting
from helpdesk.models import Ticket, UnmatchedMail
from helpdesk.tickets.wall import EVERY_DESK
from helpdesk.web.matching import evidence
from helpdesk.web.ticket.marks import MARKS

COLUMNS = ("id", "desk", "waits_since", "author_address", "names", "subject")
TICKETS = ("number", "state", "desk", "requester_address", "subject")


@click.group()
def unmatched() -> None:
    """List and show mail to be matched, and say where it belongs."""


@unmatched.command("list")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_mails(place: Place, limit: int, as_json: bool) -> None:
    """List the mails that wait, the oldest first."""
    with reading(place.services().sessions) as session:
        rows = [_row(mail) for mail in mails.oldest(session, EVERY_DESK, limit)]
    print_rows(rows, COLUMNS, as_json, nothing="Nothing is to be matched.")


@unmatched.command()
@click.argument("mail_id", metavar="ID", type=int)
@json_option
@pass_place
def show(place: Place, mail_id: int, as_json: bool) -> None:
    """Show a mail that waits: what it says, its signs, and the tickets that they lead to."""
    seen = mails.look(place.services(), mail_id, EVERY_DESK)
    if as_json:
        print_json(_whole(seen))
    else:
        _print(seen)


@unmatched.command()
@click.argument("mail_id", metavar="ID", type=int)
@click.option("--ticket", help="Put it on this ticket, whether it names it or not.")
@click.option("--new", is_flag=True, help="Make a new ticket of it; its sender is sent the acknowledgement.")
@pass_place
def settle(place: Place, mail_id: int, ticket: str | None, new: bool) -> None:
    """Say where a mail belongs; it is answered then as that ticket's state asks."""
    if bool(ticket) == new:
        raise click.UsageError("Say where it belongs: --ticket with a number, or --new.")
    called = mails.settle(place.services(), mail_id, ticket or "", EVERY_DESK, who=operator())
    click.echo(f"The mail is the new ticket {called}." if new else f"The mail was added to {called}.")


def _row(mail: UnmatchedMail) -> Row:
    names = ("id", "desk", "waits_since", "author_address", "author_name", "subject", "trust", "flags")
    return {**{name: getattr(mail, name) for name in names}, "names": mails.named(mail)}


def _whole(seen: Waiting) -> dict[str, Any]:
    return {
        **_row(seen.mail),
        "why": evidence.why(seen),
        "signs": _signs(seen),
        "tickets": _tickets(seen),
        "text": text_of(seen.email),
        "attachments": _files(seen),
    }


def _signs(seen: Waiting) -> list[Row]:
    lines = [evidence.line(one.kind, one.header, one.written, one.ticket.number) for one in seen.signs]
    return [{"ticket": one.number, "sure": one.sure, "says": one.says, "where": one.where} for one in lines]


def _tickets(seen: Waiting) -> list[Row]:
    def row(ticket: Ticket) -> Row:
        return {name: getattr(ticket, name) for name in TICKETS}

    return [row(ticket) for ticket in seen.tickets]


def _files(seen: Waiting) -> list[str]:
    return [part.file_name or "file" for part in seen.email.parts if part.attachment]


def _print(seen: Waiting) -> None:
    mail = seen.mail
    click.echo(f"{mail.id}  {safe(mail.subject)}")
    for name in ("author_address", "author_name", "waits_since", "desk"):
        click.echo(f"  {name.replace('_', ' ')}: {safe(getattr(mail, name))}")
    for mark in (MARKS[flag] for flag in mail.flags if flag in MARKS):
        click.echo(f"  {mark.text}{f': {mark.warning}' if mark.warning else ''}")
    click.echo(f"\n{evidence.why(seen)}\n")
    for line in text_of(seen.email).strip().splitlines():
        click.echo(f"    {safe(line, widest=None)}")
    for name in _files(seen):
        click.echo(f"    [file] {safe(name)}")
    click.echo("\nIts signs, the surest first:")
    for one in _signs(seen):
        click.echo(f"  {one['ticket']}  {one['sure']}: {one['says']} Found in: {one['where']}.")
    click.echo("\nThe tickets that they lead to:")
    print_rows(_tickets(seen), TICKETS, as_json=False)
