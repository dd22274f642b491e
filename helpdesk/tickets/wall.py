"""The wall between desks: the one place that decides whose tickets an account sees.

Whatever shows or changes tickets for a person takes that person's Sight, and asks it or puts its condition into the
query. A ticket behind the wall is not found, so that the answer is that of a ticket which is not there. The mail side
finds the tickets of all desks and knows nothing of this.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, SQLColumnExpression, false, select, true
from sqlalchemy.orm import Session

from helpdesk.models import User
from helpdesk.models.people import Role


@dataclass(frozen=True)
class Sight:
    """The desks whose tickets somebody sees; None: all, and those that the settings name no more."""

    desks: frozenset[str] | None

    def sees(self, desk: str) -> bool:
        return self.desks is None or desk in self.desks

    def reaches(self, desk: SQLColumnExpression[str]) -> ColumnElement[bool]:
        """The same as a condition of a query, on the column that has the desk's key."""
        if self.desks is None:
            return true()
        if len(self.desks) < 2:
            return desk == next(iter(self.desks)) if self.desks else false()
        return desk.in_(sorted(self.desks))

    def within(self, desk: str) -> "Sight":
        """What is left of it at one desk; all of it where none is named."""
        if not desk:
            return self
        return Sight(frozenset({desk})) if self.sees(desk) else NO_DESK


EVERY_DESK = Sight(None)
NO_DESK = Sight(frozenset())


def sight_of(user: User, known: Collection[str]) -> Sight:
    """The sight of an account; `known` are the desks of the settings.

    The wall is for agents: an officer holds mail of all desks, and neither officer nor admin has a queue. A desk that the
    settings do not name gives no sight, so an account whose desks are all gone sees nothing.
    """
    if user.role != Role.AGENT.value or user.desks is None:
        return EVERY_DESK
    return Sight(frozenset(user.desks) & frozenset(known))


def may_own(user: User, desk: str, known: Collection[str]) -> bool:
    """Whether a ticket of this desk can be given to them."""
    works = user.role == Role.AGENT.value and user.disabled_at is None
    return works and sight_of(user, known).sees(desk)


def owners_for(session: Session, desk: str, known: Collection[str]) -> list[User]:
    """Those who can own a ticket of this desk, by name."""
    agents = select(User).where(User.role == Role.AGENT.value, User.disabled_at.is_(None)).order_by(User.name)
    return [one for one in session.scalars(agents) if may_own(one, desk, known)]
