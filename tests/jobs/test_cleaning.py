"""Time closes what was resolved and forgets who was signed in."""

from datetime import timedelta

from sqlalchemy import func, select

from helpdesk.db import now, reading, writing
from helpdesk.jobs import cleaning
from helpdesk.models import AuditEntry, Ticket, User, WebSession
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewTicket
from helpdesk.tickets.states import Actor, State

DAY = timedelta(days=1)


def _resolved(services: Services, *ages_in_days: float) -> None:
    with writing(services.sessions) as session:
        for days in ages_in_days:
            ticket = actions.open_ticket(session, NewTicket("it", "IT", "jo@x.example"))
            actions.move(ticket, State.RESOLVED, Actor.AGENT)
            ticket.resolved_at = now() - timedelta(days=days)


def test_what_is_resolved_for_the_set_time_is_closed_and_audited(each_engine: Services) -> None:
    _resolved(each_engine, 8, 7.01, 6.9, 0)
    assert cleaning.close_resolved(each_engine) == {"closed": 2}
    with reading(each_engine.sessions) as session:
        states = session.scalars(select(Ticket.state).order_by(Ticket.id)).all()
        acts = session.scalar(select(func.count()).where(AuditEntry.action == "ticket.moved"))
    assert (states, acts) == (["closed", "closed", "resolved", "resolved"], 2)


def test_more_than_a_batch_is_closed_in_one_run(sqlite_services: Services) -> None:
    _resolved(sqlite_services, *([8] * (cleaning.BATCH + 3)))
    assert cleaning.close_resolved(sqlite_services) == {"closed": cleaning.BATCH + 3}
    assert cleaning.close_resolved(sqlite_services) == {"closed": 0}


def test_sessions_that_are_of_no_more_use_are_forgotten(each_engine: Services) -> None:
    at = now()
    rows = {  # token: (created, ended)
        "in use": (at, None),
        "just ended": (at, at),
        "ended long ago": (at - 2 * DAY, at - 1.5 * DAY),
        "too old": (at - 2 * DAY, None),
    }
    with writing(each_engine.sessions) as session:
        user = User(email="a@n.example", name="A", role="agent", password_hash="x")
        session.add(user)
        session.flush()
        for token, (created, ended) in rows.items():
            session.add(
                WebSession(
                    user_id=user.id, token_hash=token, created_at=created, seen_at=created, ended_at=ended
                )
            )
    assert cleaning.forget_sessions(each_engine) == {"forgotten": 2}
    with reading(each_engine.sessions) as session:
        assert set(session.scalars(select(WebSession.token_hash))) == {"in use", "just ended"}
