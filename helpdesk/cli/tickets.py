"""`helpdesk tickets`: list and show tickets, make one of two, move one. What is held has no content here either."""

from typing import Any

import click
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from helpdesk import audit
from helpdesk.cli.output import Row, json_option, print_json, print_rows, safe, values
from helpdesk.cli.place import Place, desk_key, operator, pass_place
from helpdesk.db import reading, writing
from helpdesk.errors import HelpdeskError
from helpdesk.models import Message, Ticket
from helpdesk.models.tickets import Direction, Standing
from helpdesk.tickets import merging
from helpdesk.tickets.conversation import ticket_by_number
from helpdesk.tickets.moving import move_to_desk
from helpdesk.tickets.states import OPEN_STATES, State
from helpdesk.tickets.wall import EVERY_DESK

COLUMNS = ("number", "state", "desk", "owner", "updated_at", "requester_address", "subject")
HELD = "(held: an information governance officer decides about this message)"


class NoSuchTicket(HelpdeskError):
    """No ticket has that number."""


@click.group()
def tickets() -> None:
    """List, show, merge and move tickets."""


@tickets.command("list")
@click.option(
    "--state", type=click.Choice(["open", "all", *values(State)]), default="open", show_default=True
)
@click.option("--desk", help="Only this desk's, by its key in the settings.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True)
@json_option
@pass_place
def list_tickets(place: Place, state: str, desk: str | None, limit: int, as_json: bool) -> None:
    """List tickets, the newest change first."""
    query = _query(state, desk).order_by(Ticket.updated_at.desc(), Ticket.id.desc()).limit(limit)
    with reading(place.services().sessions) as session:
        rows = [_row(ticket) for ticket in session.scalars(query)]
    print_rows(rows, COLUMNS, as_json, nothing="No such tickets.")


@tickets.command("show")
@click.argument("number")
@json_option
@pass_place
def show_ticket(place: Place, number: str, as_json: bool) -> None:
    """Show a ticket and what was said on it."""
    with reading(place.services().sessions) as session:
        ticket = _find(session, number)
        messages = [_message(message) for message in _conversation(session, ticket)]
        shown = {**_row(ticket), "participants": [one.address for one in ticket.participants]}
    if as_json:
        print_json({**shown, "messages": messages})
    else:
        _print(shown, messages)


@tickets.command()
@click.argument("gone", metavar="FROM")
@click.argument("stays", metavar="INTO")
@pass_place
def merge(place: Place, gone: str, stays: str) -> None:
    """Make one ticket of two: FROM is closed, all that was said on it and all replies to it go to INTO."""
    with writing(place.services().sessions) as session:
        pair = merging.pair_of(session, gone, stays, EVERY_DESK, lock=True)
        audit.record(session, *merging.merge(session, pair, who=operator()))
        was, now = pair.gone.number, pair.stays.number
    click.echo(f"{was} is part of {now} now; `helpdesk tickets unmerge {was}` takes them apart.")


@tickets.command()
@click.argument("number")
@pass_place
def unmerge(place: Place, number: str) -> None:
    """Make a ticket that was merged a ticket of its own again; what came in since stays where it is."""
    with writing(place.services().sessions) as session:
        audit.record(session, *merging.unmerge(session, number, EVERY_DESK, who=operator()))
    click.echo(f"{number.upper()} is a ticket of its own again.")


@tickets.command("move")
@click.argument("number", metavar="TICKET")
@click.argument("desk")
@pass_place
def move_ticket(place: Place, number: str, desk: str) -> None:
    """Move an open ticket to another desk, where it has a new number and no owner; the old number leads to it."""
    services = place.services()
    desks = services.settings.desks
    key = desk_key(services.settings, desk)
    with writing(services.sessions) as session:
        ticket = _find(session, number, lock=True)
        was = ticket.number
        audit.record(session, *move_to_desk(session, ticket, key, desks[key].prefix, who=operator()))
        now = ticket.number
    click.echo(f"{was} is {now} now, at {desks[key].name}.")


def _query(state: str, desk: str | None) -> Select[tuple[Ticket]]:
    query = select(Ticket).options(joinedload(Ticket.owner))
    if desk:
        query = query.where(Ticket.desk == desk)
    if state == "all":
        return query
    return query.where(Ticket.state.in_(OPEN_STATES if state == "open" else [state]))


def _find(session: Session, number: str, *, lock: bool = False) -> Ticket:
    ticket = ticket_by_number(session, number, EVERY_DESK, lock=lock)
    if ticket is None:
        raise NoSuchTicket(f"There is no ticket {number}; list them with `helpdesk tickets list`.")
    return ticket


def _conversation(session: Session, ticket: Ticket) -> list[Message]:
    query = select(Message).where(Message.ticket_id == ticket.id).options(selectinload(Message.attachments))
    return list(session.scalars(query.order_by(Message.created_at, Message.id)))


def _row(ticket: Ticket) -> Row:
    names = (
        "number", "state", "desk", "subject", "requester_address", "requester_name", "needs_agent",
        "held_messages", "created_at", "updated_at", "resolved_at", "closed_at",
    )  # fmt: skip
    row: dict[str, Any] = {name: getattr(ticket, name) for name in names}
    return {**row, "owner": ticket.owner.email if ticket.owner else ""}


def _message(message: Message) -> Row:
    held = message.direction == Direction.HELD.value
    names = ("id", "direction", "standing", "author_address", "sender", "trust", "flags", "created_at")
    return {
        **{name: getattr(message, name) for name in names},
        "text": "" if held else message.text,
        "attachments": [] if held else [one.file_name for one in message.attachments],
    }


def _print(ticket: Row, messages: list[Row]) -> None:
    click.echo(f"{ticket['number']}  {safe(ticket['subject'])}")
    for name in ("state", "desk", "owner", "requester_address", "created_at", "updated_at"):
        click.echo(f"  {name.replace('_', ' ')}: {safe(ticket[name])}")
    for message in messages:
        standing = "" if message["standing"] == Standing.ADDED.value else f", {message['standing']}"
        click.echo(
            f"\n{safe(message['created_at'])}  {message['direction']}{standing}  {message['author_address']}"
        )
        text = HELD if message["direction"] == Direction.HELD.value else message["text"].strip()
        for line in text.splitlines():
            click.echo(f"    {safe(line, widest=None)}")
        for name in message["attachments"]:
            click.echo(f"    [file] {safe(name)}")
