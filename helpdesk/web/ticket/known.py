"""What else is known of a ticket and its requester: other numbers, merged tickets, other addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.models import Ticket
from helpdesk.tickets import merging, numbers, persons
from helpdesk.tickets.merging import Pair
from helpdesk.tickets.wall import Sight


@dataclass(frozen=True)
class Merged:
    """The number of a ticket that was merged into this one, and whether they may take it out again."""

    number: str
    can_undo: bool


@dataclass(frozen=True)
class Known:
    """What the page of a ticket tells beside the conversation."""

    numbers: Sequence[str]
    merged: Sequence[Merged]
    other_addresses: Sequence[str]


def known(session: Session, ticket: Ticket, sight: Sight) -> Known:
    """Two queries, one more for a ticket that others were merged into."""
    former = numbers.former_numbers(session, ticket)
    gone = merging.merged_into(session, ticket) if former else []
    merged = [Merged(one.number, merging.can_undo(Pair(one, ticket), sight)) for one in gone]
    return Known(
        [one for one in former if one not in {gone.number for gone in merged}],
        merged,
        persons.others_of(session, ticket.requester_address),
    )
