"""What can be done to a ticket, on both engines."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from helpdesk.db import now, reading, writing
from helpdesk.db_search import matching_ids
from helpdesk.models import Message, SearchEntry, Ticket
from helpdesk.models.tickets import Direction, Standing
from helpdesk.services import Services
from helpdesk.tickets import actions
from helpdesk.tickets.actions import NewTicket
from helpdesk.tickets.numbering import next_number, tags_in
from helpdesk.tickets.states import Actor, IllegalMove, State

NEW = NewTicket(
    desk="it", prefix="IT", requester_address="jo@northmoor.nhs.uk", subject="Printer jam on ward 4"
)


def opened(services: Services, state: State = State.NEW) -> int:
    with writing(services.sessions) as session:
        ticket = actions.open_ticket(session, NEW)
        ticket.state = state.value
        return ticket.id


def test_numbers_run_on_for_each_prefix(each_engine: Services) -> None:
    with writing(each_engine.sessions) as session:
        numbers = [next_number(session, prefix) for prefix in ("IT", "IT", "HR", "IT")]
    assert numbers == ["IT-000001", "IT-000002", "HR-000001", "IT-000003"]


def test_no_number_is_given_twice_to_writers_at_once(each_engine: Services) -> None:
    def take(_: int) -> str:
        with writing(each_engine.sessions) as session:
            return next_number(session, "IT")

    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(take, range(40)))
    assert sorted(numbers) == [f"IT-{n:06d}" for n in range(1, 41)]


@pytest.mark.parametrize(
    ("subject", "tags"),
    [
        ("Re: [IT-000123] Printer", ["IT-000123"]),
        ("[IT-000123] [HR-000004] both", ["IT-000123", "HR-000004"]),
        ("[IT-000123] [IT-000123] twice", ["IT-000123"]),
        ("part IT-000123 without brackets", []),
        ("[EXTERNAL] printer", []),
        ("[it-000123]", []),
    ],
)
def test_tags_are_read_from_a_subject(subject: str, tags: list[str]) -> None:
    assert tags_in(subject) == tags


def test_re_activation_lets_the_replies_kept_aside_join(each_engine: Services) -> None:
    number = opened(each_engine, State.RESOLVED)
    with writing(each_engine.sessions) as session:
        ticket = session.get_one(Ticket, number)
        for standing in (Standing.ASIDE, Standing.KEPT):
            message = Message(direction=Direction.INBOUND.value, standing=standing.value)
            actions.add_message(session, ticket, message)
        acts = actions.reactivate(session, ticket, actor=Actor.REQUESTER, who="jo@northmoor.nhs.uk")
    with reading(each_engine.sessions) as session:
        assert session.get_one(Ticket, number).state == State.IN_PROGRESS.value
        assert set(session.scalars(select(Message.standing))) == {Standing.ADDED.value, Standing.KEPT.value}
    assert dict(acts[-1].detail) == {"joined": 1}


@pytest.mark.parametrize("state", [s for s in State if s is not State.RESOLVED])
def test_only_a_resolved_ticket_can_be_re_activated(sqlite_services: Services, state: State) -> None:
    number = opened(sqlite_services, state)
    with pytest.raises(IllegalMove), writing(sqlite_services.sessions) as session:
        ticket = session.get_one(Ticket, number)
        actions.reactivate(session, ticket, actor=Actor.REQUESTER, who="jo@northmoor.nhs.uk")


def test_what_was_resolved_long_enough_ago_closes_by_itself(each_engine: Services) -> None:
    numbers = [opened(each_engine, State.RESOLVED), opened(each_engine, State.RESOLVED), opened(each_engine)]
    with writing(each_engine.sessions) as session:
        for number, days in zip(numbers, (8, 6, 9), strict=True):
            session.get_one(Ticket, number).resolved_at = now() - timedelta(days=days)
    with writing(each_engine.sessions) as session:
        assert len(actions.close_overdue(session, timedelta(days=7))) == 1
    with reading(each_engine.sessions) as session:
        states = [session.get_one(Ticket, number).state for number in numbers]
    assert states == [State.CLOSED.value, State.RESOLVED.value, State.NEW.value]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("printer", True),
        ("PRINT", True),
        ("ward printer", True),
        ("scanner", False),
        ("it 000001", True),
        ("jo northmoor", True),
        ('"; DROP', False),
        ("", False),
    ],
)
def test_search_finds_words_and_beginnings(each_engine: Services, query: str, found: bool) -> None:
    opened(each_engine)
    with reading(each_engine.sessions) as session:
        ids = matching_ids(session, query)
        tickets = list(session.scalars(select(SearchEntry.ticket_id).where(SearchEntry.id.in_(ids))))
    assert bool(tickets) is found
