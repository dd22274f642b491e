"""Which addresses are one person's, by an agent's word. It counts for verified senders only."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import OtherAddress


class CannotJoin(HelpdeskError):
    """These addresses cannot be said to be one person's, with the reason."""


def addresses_of(session: Session, address: str) -> set[str]:
    """Every address of the person who has this one, itself included: one query, two when there are more."""
    here = address.lower()
    rows = session.scalars(
        select(OtherAddress).where(or_(OtherAddress.address == here, OtherAddress.main == here))
    ).all()
    main = next((row.main for row in rows if row.address == here), here)
    if main != here:
        rows = session.scalars(select(OtherAddress).where(OtherAddress.main == main)).all()
    return {here, main, *(row.address for row in rows)}


def others_of(session: Session, address: str) -> Sequence[str]:
    """The person's other addresses, in order."""
    return sorted(addresses_of(session, address) - {address.lower()})


def join(session: Session, address: str, same_as: str, *, ticket: str, who: str, reason: str) -> list[Act]:
    """Say that `address` is the same person's as `same_as`; `ticket` is where it was said. Raises CannotJoin."""
    new, known = address.strip().lower(), same_as.strip().lower()
    if new in addresses_of(session, known):
        raise CannotJoin(f"{new} is known as an address of this person already.")
    if len(addresses_of(session, new)) > 1:
        raise CannotJoin(
            f"{new} is known as an address of another person; take that back on one of their tickets first."
        )
    main = session.scalar(select(OtherAddress.main).where(OtherAddress.address == known)) or known
    session.add(OtherAddress(address=new, main=main, added_by=who))
    session.flush()
    return [_act("person.address_added", ticket, new, main, who, reason)]


def part(session: Session, address: str, same_as: str, *, ticket: str, who: str) -> list[Act]:
    """Take it back, whichever of the two was said to be the other's. Raises CannotJoin when nobody said it."""
    pair = [address.strip().lower(), same_as.strip().lower()]
    rows = session.scalars(select(OtherAddress).where(OtherAddress.address.in_(pair))).all()
    said = {row.address: row for row in rows}
    row = said.get(pair[0]) or said.get(pair[1])
    if row is None or pair[0] not in addresses_of(session, pair[1]):
        raise CannotJoin(f"{pair[0]} is not known as another address of this person; reload the page.")
    session.delete(row)
    session.flush()
    return [_act("person.address_removed", ticket, row.address, row.main, who, "")]


def _act(action: str, ticket: str, address: str, main: str, who: str, reason: str) -> Act:
    detail = (("address", address), ("same_as", main))
    return Act(action, "ticket", ticket, actor=who, reason=reason, detail=detail)
