"""What is done to a staff account, by the command line and by an admin's page alike.

Each runs in the caller's transaction and returns what is to be audited.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.audit import Act
from helpdesk.db import now, serialise
from helpdesk.errors import HelpdeskError
from helpdesk.models import User
from helpdesk.models.people import Role
from helpdesk.tickets import actions
from helpdesk.tickets.wall import sight_of
from helpdesk.web.auth.sessions import end_all

ALL_DESKS = "all"


class CannotChange(HelpdeskError):
    """The account cannot be changed like this, with the reason."""


@dataclass(frozen=True)
class NewAccount:
    """Whom to add. `desks`: whose tickets an agent sees; None: all."""

    email: str
    name: str
    role: str
    desks: Sequence[str] | None
    password_hash: str = field(repr=False)


def add(session: Session, new: NewAccount, *, who: str) -> Act:
    """Add somebody, who can sign in at once. Raises CannotChange."""
    check_desks(new.role, new.desks)
    desks = None if new.desks is None else list(dict.fromkeys(new.desks))
    user = User(email=new.email, name=new.name, role=new.role, desks=desks, password_hash=new.password_hash)
    session.add(user)
    session.flush()
    return _act("user.added", user, who)


def disable(session: Session, user: User, *, who: str) -> Act:
    """Let somebody sign in no more, and end what they are signed in to. Raises CannotChange for the last admin."""
    _check_not_the_last_admin(session, user)
    user.disabled_at = user.disabled_at or now()
    end_all(session, user.id)
    return _act("user.disabled", user, who)


def enable(user: User, *, who: str) -> Act:
    """Let somebody sign in again; also ends a lock-out."""
    user.disabled_at, user.locked_until, user.failed_sign_ins = None, None, 0
    return _act("user.enabled", user, who)


def set_password(session: Session, user: User, password_hash: str, *, who: str) -> Act:
    """A new password, which ends a lock-out and what they are signed in to."""
    user.password_hash, user.locked_until, user.failed_sign_ins = password_hash, None, 0
    end_all(session, user.id)
    return _act("user.password_reset", user, who)


def set_role(session: Session, user: User, role: str, *, who: str) -> Act:
    """Another role, which ends what they are signed in to. Raises CannotChange for the last admin.

    The desks stay: who becomes an agent again sees no more than before.
    """
    if role != Role.ADMIN.value:
        _check_not_the_last_admin(session, user)
    was, user.role = user.role, role
    end_all(session, user.id)
    return _act("user.role_changed", user, who, was=was)


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
    changed = _act("user.desks_changed", user, who, was=desks_words(was))
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


def _act(action: str, user: User, who: str, **more: Any) -> Act:
    """An act on an account: with its address and role, and the desks of an agent who is not for all."""
    detail = {"email": user.email, "role": user.role}
    if "desks" in action or (user.desks is not None and user.role == Role.AGENT.value):
        detail["desks"] = desks_words(user.desks)
    return Act(action, "user", user.id, actor=who, detail=(*detail.items(), *more.items()))


def _check_not_the_last_admin(session: Session, user: User) -> None:
    """One after the other, so that two admins do not each take the other for the one who stays."""
    serialise(session, "admins")
    session.refresh(user)  # as it is now that nobody else changes an admin
    admins = select(User.id).where(User.role == Role.ADMIN.value, User.disabled_at.is_(None))
    if list(session.scalars(admins.limit(2))) == [user.id]:
        raise CannotChange(
            f"{user.email} is the only admin who can sign in. Make somebody else an admin first, then try again."
        )
