"""What is done to a staff account, by the command line and by an admin's page alike.

Each runs in the caller's transaction and returns what is to be audited.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.errors import HelpdeskError
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.tickets import actions
from helpdesk.tickets.wall import sight_of

ALL_DESKS = "all"


class CannotChange(HelpdeskError):
    """The account cannot be changed like this, with the reason."""


def check_desks(role: str, desks: Sequence[str] | None) -> None:
    """Raise CannotChange where desks are named for somebody who has no queue."""
    if desks is not None and role != Role.AGENT.value:
        raise CannotChange(
            "Only agents have desks: an IG officer works on held mail of all desks, and an admin sees no tickets."
        )


def set_desks(
    session: Session, user: User, desks: Sequence[str] | None, known: Collection[str], *, who: str
) -> list[Act]:
    """Let an agent see the tickets of these desks, or (None) of all. Raises CannotChange.

    The tickets they own and do not see any more go back to their desk's queue: nobody else would look at them.
    """
    check_desks(user.role, desks)
    was, user.desks = user.desks, None if desks is None else list(dict.fromkeys(desks))
    changed = act("user.desks_changed", user, who, was=desks_words(was))
    return [changed, *actions.hand_back_unseen(session, user, sight_of(user, known), who=who)]


def handed_back(acts: Collection[Act]) -> str:
    """How many tickets went back to their queues, as a sentence; nothing where none did."""
    count = sum(one.action == "ticket.assigned" for one in acts)
    if not count:
        return ""
    return f" {count} of their tickets {'is' if count == 1 else 'are'} back in the queue of another desk."


def desks_words(desks: Sequence[str] | None) -> str:
    """`it, hr`, or `all`, or `none`."""
    return ALL_DESKS if desks is None else ", ".join(desks) or "none"


def act(action: str, user: User, who: str, **more: Any) -> Act:
    """An act on an account: with its address and role, and the desks of an agent who is not for all."""
    detail = {"email": user.email, "role": user.role}
    if "desks" in action or (user.desks is not None and user.role == Role.AGENT.value):
        detail["desks"] = desks_words(user.desks)
    return Act(action, "user", user.id, actor=who, detail=(*detail.items(), *more.items()))
