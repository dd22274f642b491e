"""Tickets that become one, and that go to another desk: whatever led to them still does. On both engines."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from helpdesk import audit
from helpdesk.db import reading, writing
from helpdesk.db_search import matching_ids
from helpdesk.models import Message, Participant, SearchEntry, Ticket
from helpdesk.models.tickets import Direction, Standing
from helpdesk.services import Services
from helpdesk.tickets import actions, queue
from helpdesk.tickets.conversation import history, ticket_by_number
from helpdesk.tickets.merging import CannotMerge, merge, pair_of, unmerge
from helpdesk.tickets.moving import CannotMove, move_to_desk
from helpdesk.tickets.queue import Filters
from helpdesk.tickets.states import State
from helpdesk.tickets.wall import EVERY_DESK

WHO = "amal.khan@northmoor.nhs.uk"


def opened(session: Session, who: str, state: State = State.IN_PROGRESS, words: str = "said") -> str:
    ticket = actions.open_ticket(session, actions.NewTicket("it", "IT", f"{who}@x.example", f"{who} asks"))
    ticket.state = state.value
    say(session, ticket, words)
    return ticket.number


def say(session: Session, ticket: Ticket, words: str, standing: Standing = Standing.ADDED) -> None:
    message = Message(direction=Direction.INBOUND.value, standing=standing.value, text=words)
    actions.add_message(session, ticket, message, searchable=words)


def merged(services: Services, gone: str, stays: str) -> None:
    with writing(services.sessions) as session:
        audit.record(session, *merge(session, pair_of(session, gone, stays, EVERY_DESK, lock=True), who=WHO))


def said(services: Services, number: str) -> list[str]:
    with reading(services.sessions) as session:
        ticket = session.scalars(select(Ticket).where(Ticket.number == number)).one()
        rows = select(Message.text).where(Message.ticket_id == ticket.id).order_by(Message.id)
        return list(session.scalars(rows))


def leads(services: Services, number: str) -> str:
    with reading(services.sessions) as session:
        ticket = ticket_by_number(session, number, EVERY_DESK)
        assert ticket is not None
        return ticket.number


@pytest.fixture
def two(each_engine: Services) -> Services:
    """IT-000001 of Ann and IT-000002 of Ben, both in progress."""
    with writing(each_engine.sessions) as session:
        opened(session, "ann", words="annswords")
        opened(session, "ben", words="benswords")
    return each_engine


def test_all_of_it_is_on_the_ticket_that_stays_and_the_number_leads_there(two: Services) -> None:
    merged(two, "IT-000001", "IT-000002")
    assert said(two, "IT-000002") == ["annswords", "benswords"]
    assert said(two, "IT-000001") == []
    assert leads(two, "it-000001") == "IT-000002"
    with reading(two.sessions) as session:
        shell = session.scalars(select(Ticket).where(Ticket.number == "IT-000001")).one()
        assert (shell.state, shell.needs_agent, shell.held_messages) == ("closed", False, 0)
        stays = ticket_by_number(session, "IT-000002", EVERY_DESK)
        assert stays is not None
        assert {one.address: one.requester for one in stays.participants} == {
            "ann@x.example": False,
            "ben@x.example": True,
        }
        assert [act.action for act in history(session, stays)] == ["ticket.merged", "ticket.merged_away"]


def test_the_shell_is_in_no_list_and_its_words_find_the_ticket_that_stays(two: Services) -> None:
    merged(two, "IT-000001", "IT-000002")
    with reading(two.sessions) as session:
        every = queue.find(session, Filters(1, EVERY_DESK, states=tuple(State)))
        assert [one.number for one in every.tickets] == ["IT-000002"]
        for words in ("annswords", "IT-000001"):
            found = session.scalars(
                select(SearchEntry.ticket_id).where(SearchEntry.id.in_(matching_ids(session, words)))
            )
            assert {session.get_one(Ticket, one).number for one in found} == {"IT-000002"}


def test_the_same_two_are_not_merged_twice_nor_in_a_circle(two: Services) -> None:
    merged(two, "IT-000001", "IT-000002")
    for gone, stays in (("IT-000001", "IT-000002"), ("IT-000002", "IT-000001"), ("IT-000002", "IT-000002")):
        with pytest.raises(CannotMerge, match="the same ticket"):
            merged(two, gone, stays)
    with pytest.raises(CannotMerge, match="no ticket IT-000009"):
        merged(two, "IT-000001", "IT-000009")


def test_a_merged_ticket_can_be_merged_on_and_all_numbers_lead_to_the_last(two: Services) -> None:
    with writing(two.sessions) as session:
        opened(session, "cat", words="catswords")
    merged(two, "IT-000001", "IT-000002")
    merged(two, "IT-000001", "IT-000003")  # the first number stands for the second by now
    assert {leads(two, f"IT-00000{n}") for n in (1, 2, 3)} == {"IT-000003"}
    assert said(two, "IT-000003") == ["annswords", "benswords", "catswords"]


@pytest.mark.parametrize(
    ("gone", "stays", "refused"),
    [
        (State.NEW, State.CLOSED, "is closed"),
        (State.CLOSED, State.CLOSED, "is closed"),
        (State.NEW, State.RESOLVED, "is resolved while"),
        (State.RESOLVED, State.RESOLVED, ""),
        (State.RESOLVED, State.NEW, ""),
        (State.CLOSED, State.NEW, ""),
    ],
)
def test_nothing_open_is_buried_in_what_is_done(
    sqlite_services: Services, gone: State, stays: State, refused: str
) -> None:
    with writing(sqlite_services.sessions) as session:
        numbers = opened(session, "ann", gone), opened(session, "ben", stays)
    if refused:
        with pytest.raises(CannotMerge, match=refused):
            merged(sqlite_services, *numbers)
        return
    merged(sqlite_services, *numbers)
    with reading(sqlite_services.sessions) as session:
        kept = session.scalars(select(Ticket).where(Ticket.number == numbers[1])).one()
        assert kept.state == stays.value  # as it was


def test_what_was_kept_aside_joins_an_open_ticket(two: Services) -> None:
    with writing(two.sessions) as session:
        ann = session.scalars(select(Ticket).where(Ticket.number == "IT-000001")).one()
        ann.state = State.RESOLVED.value
        say(session, ann, "later", Standing.ASIDE)
    merged(two, "IT-000001", "IT-000002")
    with reading(two.sessions) as session:
        assert set(session.scalars(select(Message.standing))) == {"added"}


def test_a_merge_can_be_undone_and_what_came_in_since_stays(two: Services) -> None:
    with writing(two.sessions) as session:
        ann = session.scalars(select(Ticket).where(Ticket.number == "IT-000001")).one()
        ann.state = State.RESOLVED.value
        say(session, ann, "later", Standing.ASIDE)
    merged(two, "IT-000001", "IT-000002")
    with writing(two.sessions) as session:
        stays = ticket_by_number(session, "IT-000001", EVERY_DESK, lock=True)
        assert stays is not None
        say(session, stays, "since")
        audit.record(session, *unmerge(session, "IT-000001", EVERY_DESK, who=WHO))
    assert (said(two, "IT-000001"), said(two, "IT-000002")) == (
        ["annswords", "later"],
        ["benswords", "since"],
    )
    assert leads(two, "IT-000001") == "IT-000001"
    with reading(two.sessions) as session:
        ann = session.scalars(select(Ticket).where(Ticket.number == "IT-000001")).one()
        standings = select(Message.standing).where(Message.ticket_id == ann.id).order_by(Message.id)
        assert (ann.state, list(session.scalars(standings))) == ("resolved", ["added", "aside"])
        people = session.execute(select(Participant.ticket_id, Participant.address)).tuples()
        assert sorted(people) == [(1, "ann@x.example"), (2, "ben@x.example")]
    with pytest.raises(CannotMerge, match="is not merged"), writing(two.sessions) as session:
        unmerge(session, "IT-000001", EVERY_DESK, who=WHO)
    merged(two, "IT-000001", "IT-000002")  # and again
    assert leads(two, "IT-000001") == "IT-000002"


def test_merges_are_undone_from_the_last(two: Services) -> None:
    with writing(two.sessions) as session:
        opened(session, "cat", words="catswords")
    merged(two, "IT-000001", "IT-000002")
    merged(two, "IT-000002", "IT-000003")
    with pytest.raises(CannotMerge, match="undo that merge first"), writing(two.sessions) as session:
        unmerge(session, "IT-000001", EVERY_DESK, who=WHO)
    with writing(two.sessions) as session:
        unmerge(session, "IT-000002", EVERY_DESK, who=WHO)
    assert leads(two, "IT-000001") == "IT-000002"
    with writing(two.sessions) as session:
        unmerge(session, "IT-000001", EVERY_DESK, who=WHO)
    assert [said(two, f"IT-00000{n}") for n in (1, 2, 3)] == [["annswords"], ["benswords"], ["catswords"]]


def moved(services: Services, number: str, desk: str = "hr", prefix: str = "HR") -> str:
    with writing(services.sessions) as session:
        ticket = ticket_by_number(session, number, EVERY_DESK, lock=True)
        assert ticket is not None
        audit.record(session, *move_to_desk(session, ticket, desk, prefix, who=WHO))
        return ticket.number


def test_a_ticket_takes_a_number_of_its_new_desk_and_the_old_one_leads_to_it(two: Services) -> None:
    assert moved(two, "IT-000001") == "HR-000001"
    assert (leads(two, "IT-000001"), leads(two, "HR-000001")) == ("HR-000001", "HR-000001")
    assert moved(two, "IT-000001", "it", "IT") == "IT-000003"  # back again: a number is used once
    assert {leads(two, one) for one in ("IT-000001", "HR-000001", "IT-000003")} == {"IT-000003"}
    with reading(two.sessions) as session:
        ticket = ticket_by_number(session, "IT-000001", EVERY_DESK)
        assert ticket is not None
        assert (ticket.desk, ticket.owner_id, ticket.needs_agent) == ("it", None, True)
        assert [act.action for act in history(session, ticket)] == ["ticket.moved_desk"] * 2
        for words in ("IT-000001", "HR-000001", "IT-000003"):
            assert session.scalars(matching_ids(session, words)).all()


@pytest.mark.parametrize("state", [State.RESOLVED, State.CLOSED])
def test_only_an_open_ticket_is_moved_and_only_elsewhere(sqlite_services: Services, state: State) -> None:
    with writing(sqlite_services.sessions) as session:
        opened(session, "ann", state)
        opened(session, "ben")
    with pytest.raises(CannotMove, match="only an open ticket"):
        moved(sqlite_services, "IT-000001")
    with pytest.raises(CannotMove, match="at this desk already"):
        moved(sqlite_services, "IT-000002", "it", "IT")


def test_a_moved_ticket_can_be_merged_and_a_merged_one_moved(two: Services) -> None:
    moved(two, "IT-000001")
    merged(two, "HR-000001", "IT-000002")
    moved(two, "IT-000002")
    assert {leads(two, one) for one in ("IT-000001", "HR-000001", "IT-000002")} == {"HR-000002"}
    with writing(two.sessions) as session:
        unmerge(session, "HR-000001", EVERY_DESK, who=WHO)
    assert leads(two, "IT-000001") == "HR-000001"
