"""What else is known of a ticket and its requester: other numbers, merged tickets, other addresses."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from helpdesk.models import Ticket
from helpdesk.tickets import merging, numbers, persons


@dataclass(frozen=True)
class Known:
    """What the page of a ticket tells beside the conversation."""

    numbers: Sequence[str]
    merged: Sequence[str]
    other_addresses: Sequence[str]


def known(session: Session, ticket: Ticket) -> Known:
    """Two queries, one more for a ticket that others were merged into."""
    former = numbers.former_numbers(session, ticket)
    merged = merging.merged_into(session, ticket) if former else []
    return Known(
        [one for one in former if one not in merged],
        merged,
        persons.others_of(session, ticket.requester_address),
    )
