"""Checks of the staff accounts: those whose desks the settings do not name see less than somebody meant."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk.cli.checks.storage import in_the_database
from helpdesk.cli.checks.values import Finding, ok, warning
from helpdesk.config import Settings
from helpdesk.models import User
from helpdesk.models.people import Role


def desks(settings: Settings) -> Iterator[Finding]:
    """Every desk that an agent is for is one of the settings."""
    yield from in_the_database(settings, _desks)


def _desks(session: Session, settings: Settings) -> Iterator[Finding]:
    agents = select(User).where(User.role == Role.AGENT.value, User.disabled_at.is_(None)).order_by(User.id)
    said = [one for agent in session.scalars(agents) for one in _of(agent, settings)]
    yield from said or [ok("accounts", "Every desk that an agent is for is in the settings.")]


def _of(agent: User, settings: Settings) -> list[Finding]:
    gone = [desk for desk in agent.desks or () if desk not in settings.desks]
    if not gone:
        return []
    left = (
        "and sees no tickets at all"
        if len(gone) == len(agent.desks or ())
        else "and sees none of their tickets"
    )
    return [
        warning(
            "accounts",
            f"{agent.email} is for {', '.join(gone)}, which the settings do not name, {left}; "
            f"`helpdesk users desks {agent.email}` says it anew.",
        )
    ]
