"""`helpdesk audit`: the trail of who did or saw what."""

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit import START, Broken
from helpdesk.audit import verify as verify_chain
from helpdesk.cli.output import Row, json_option, print_json, print_rows
from helpdesk.cli.place import Place, pass_place
from helpdesk.db import reading
from helpdesk.models import AuditEntry


@click.group()
def audit() -> None:
    """List the audit trail and verify it."""


@audit.command()
@click.option(
    "--holds",
    metavar="HASH",
    help="A last hash that an earlier run printed; it must still be in the trail.",
)
@json_option
@pass_place
def verify(place: Place, holds: str | None, as_json: bool) -> None:
    """Walk the whole trail and check that nothing in it was changed or taken out.

    A chain cannot show that its end was cut off, or that all of it was written anew: note the last hash
    elsewhere, and name it with --holds the next time.
    """
    with reading(place.services().sessions) as session:
        read, broken = verify_chain(session)
        last = session.scalar(select(AuditEntry.hash).where(AuditEntry.id == read)) or START
        if not broken and holds and not _has(session, holds):
            broken = Broken(read + 1, "the entry with the hash of --holds is not in the trail")
    if as_json:
        at, why = (broken.entry_id, broken.why) if broken else (None, None)
        print_json({"entries": read, "whole": not broken, "broken_at": at, "why": why, "last_hash": last})
    elif broken:
        click.echo(
            f"The trail is broken at entry {broken.entry_id}: {broken.why}. The {read} entries before it hold. "
            "Keep this database as it is and compare it with a backup.",
            err=True,
        )
    else:
        click.echo(f"The trail holds: {read} entries, none of them changed, none missing between them.")
        click.echo(f"Note its last hash elsewhere, for `--holds` the next time: {last}")
    if broken:
        raise click.exceptions.Exit(1)


def _has(session: Session, noted: str) -> bool:
    entry = select(AuditEntry.id).where(AuditEntry.hash == noted.strip().lower())
    return session.scalar(entry) is not None or noted == START


@audit.command("list")
@click.option("--actor", help="Only what this person, or `system`, did.")
@click.option("--action", help="Only acts whose name begins so, such as `ticket.`.")
@click.option("--subject", help="Only acts on this, such as a ticket's number.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_entries(
    place: Place, actor: str | None, action: str | None, subject: str | None, limit: int, as_json: bool
) -> None:
    """List entries, the newest first."""
    query = select(AuditEntry)
    if actor:
        query = query.where(AuditEntry.actor == actor)
    if action:
        query = query.where(AuditEntry.action.startswith(action, autoescape=True))
    if subject:
        query = query.where(AuditEntry.subject_id == subject)
    with reading(place.services().sessions) as session:
        rows = [_row(entry) for entry in session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit))]
    print_rows(rows, ("id", "at", "actor", "action", "on", "reason"), as_json, nothing="No such entries.")


def _row(entry: AuditEntry) -> Row:
    names = ("id", "at", "actor", "action", "subject_kind", "subject_id", "reason", "detail", "hash")
    return {
        **{name: getattr(entry, name) for name in names},
        "on": f"{entry.subject_kind} {entry.subject_id}".strip(),
    }
