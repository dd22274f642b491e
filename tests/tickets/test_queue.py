"""Which tickets a list shows, on both engines, at a price that does not grow with their number."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from helpdesk import db_search
from helpdesk.db import now, reading, writing
from helpdesk.models import Ticket, User
from helpdesk.services import Services
from helpdesk.tickets import queue
from helpdesk.tickets.queue import Filters, Order, Owner
from helpdesk.tickets.states import OPEN_STATES, State
from helpdesk.tickets.wall import EVERY_DESK, NO_DESK, Sight
from tests.web import reads, rows


@pytest.fixture
def filled(each_engine: Services) -> Services:
    """Seven tickets, one in each state; the first two by name of their subject."""
    with writing(each_engine.sessions) as session:
        people = rows.add_people(session)
        for number, state in enumerate(State):
            owner = people["agent"] if state in (State.ASSIGNED, State.RESOLVED) else None
            ticket = rows.add_ticket(
                session,
                f"Subject of {state.value}",
                state=state,
                owner=owner,
                requester=f"{chr(ord('g') - number)}@example.org",
                prefix="HR" if state is State.WAITING_USER else "IT",
                text="The lift at Ward Rose is stuck" if state is State.NEW else "something else",
            )
            ticket.updated_at = now() - timedelta(hours=number)
    return each_engine


def subjects(services: Services, size: int = 25, **filters: object) -> list[str]:
    with reading(services.sessions) as session:
        found = queue.find(
            session, Filters(**{"agent_id": agent_id(services), "sight": EVERY_DESK, **filters}), size
        )  # type: ignore[arg-type]
    return [ticket.subject.removeprefix("Subject of ") for ticket in found.tickets]


def agent_id(services: Services) -> int:
    with reading(services.sessions) as session:
        return session.scalars(select(User.id).where(User.email == rows.PEOPLE["agent"][0])).one()


OPEN = [state.value for state in OPEN_STATES]

TABLE: list[tuple[str, dict[str, object], list[str]]] = [
    ("open ones unless asked otherwise, the latest first", {}, OPEN),
    ("the states asked for", {"states": (State.CLOSED, State.RESOLVED)}, ["resolved", "closed"]),
    ("all", {"states": tuple(State)}, [*OPEN, "resolved", "closed"]),
    ("mine", {"owner": Owner.MINE}, ["assigned"]),
    ("nobody's", {"owner": Owner.UNASSIGNED}, [one for one in OPEN if one != "assigned"]),
    ("a desk's", {"desk": "hr"}, ["waiting_user"]),
    ("those that need an agent", {"needs_agent": True}, ["new", "assigned", "in_progress"]),
    ("by a word of a message", {"words": "rose"}, ["new"]),
    ("by several words, the last one begun", {"words": "lift stu"}, ["new"]),
    ("by all words, not by some", {"words": "lift banana"}, []),
    ("by the requester's address", {"words": "g@example.org"}, ["new"]),
    ("by number", {"words": "IT-000002"}, ["assigned"]),
    ("not by marks alone, which are no words", {"words": "%_*\"'"}, OPEN),
    ("by words and state together", {"words": "something", "states": (State.CLOSED,)}, ["closed"]),
    ("by words at a desk", {"words": "something", "desk": "hr"}, ["waiting_user"]),
    ("only what is in sight", {"sight": Sight(frozenset({"hr"}))}, ["waiting_user"]),
    ("of several desks in sight", {"sight": Sight(frozenset({"hr", "it"}))}, OPEN),
    ("nothing where nothing is in sight", {"sight": NO_DESK}, []),
    ("no desk that is out of sight", {"sight": Sight(frozenset({"hr"})), "desk": "it"}, []),
    (
        "by words only what is in sight",
        {"words": "something", "sight": Sight(frozenset({"hr"}))},
        ["waiting_user"],
    ),
    ("oldest first", {"descending": False}, OPEN[::-1]),
    (
        "by requester",
        {"order": Order.REQUESTER, "descending": False},
        OPEN[::-1],
    ),
    ("by state", {"order": Order.STATE, "descending": False}, sorted(OPEN)),
]


@pytest.mark.parametrize(("what", "filters", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_list_shows(filled: Services, what: str, filters: dict[str, object], expected: list[str]) -> None:
    assert subjects(filled, **filters) == expected


SEARCHES = [row for row in TABLE if "words" in row[1]]


@pytest.mark.parametrize(("what", "filters", "expected"), SEARCHES, ids=[row[0] for row in SEARCHES])
def test_words_that_every_text_has_are_found_in_the_same_tickets(
    filled: Services,
    what: str,
    filters: dict[str, object],
    expected: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(db_search, "COMMON", 0)
    assert subjects(filled, **filters) == expected
    assert subjects(filled, **filters, order=Order.NUMBER) == sorted(expected, key=list(State).index)[::-1]


def test_pages_follow_one_another_without_a_gap(filled: Services) -> None:
    pages = [subjects(filled, size=2, page=number) for number in (1, 2, 3, 4)]
    assert pages == [OPEN[0:2], OPEN[2:4], OPEN[4:5], []]


def test_counting_stops_where_nobody_reads_on(filled: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "COUNT_TO", 3)
    with reading(filled.sessions) as session:
        found = queue.find(session, Filters(agent_id=0, sight=EVERY_DESK), 2)
    assert (found.total, found.capped, found.more) == (3, True, True)


def add_many(services: Services, count: int) -> None:
    with writing(services.sessions) as session:
        session.execute(
            insert(Ticket),
            [
                {
                    "number": f"IT-{number + 1000:06d}",
                    "desk": "it",
                    "subject": "one of many",
                    "state": "new",
                    "requester_address": f"{number}@example.org",
                    "owner_id": number % 3 + 1,
                    "updated_at": now() - timedelta(seconds=number),
                }
                for number in range(count)
            ],
        )


def test_a_page_costs_three_queries_however_many_tickets_there_are(filled: Services) -> None:
    def cost() -> int:
        with reads.counted_queries(filled) as seen, reading(filled.sessions) as session:
            found = queue.find(session, Filters(agent_id=1, sight=EVERY_DESK, states=tuple(State)))
            assert all(ticket.owner is None or ticket.owner.name for ticket in found.tickets)
        return len(seen)

    few = cost()
    add_many(filled, 200)
    assert few == cost() == 3


@pytest.mark.parametrize("order", list(Order))
def test_no_order_sorts_the_whole_table(sqlite_services: Services, order: Order) -> None:
    """SQLite says in its plan when it would sort rows itself instead of walking an index."""
    add_people_and_many(sqlite_services)
    filters = Filters(agent_id=1, sight=EVERY_DESK, states=tuple(State), order=order)
    assert "USE TEMP B-TREE" not in plan_of(sqlite_services, filters)


def test_the_tickets_of_one_desk_are_found_without_a_look_at_those_of_others(
    sqlite_services: Services,
) -> None:
    add_people_and_many(sqlite_services)
    for order in (Order.UPDATED, Order.REQUESTER):
        plan = plan_of(sqlite_services, Filters(agent_id=1, sight=EVERY_DESK, desk="hr", order=order))
        assert "ix_tickets_queue (desk=? AND state=?)" in plan


def test_a_search_goes_from_the_words_whatever_is_in_sight(sqlite_services: Services) -> None:
    add_people_and_many(sqlite_services)
    for sight in (EVERY_DESK, Sight(frozenset({"it"})), Sight(frozenset({"it", "hr"}))):
        plan = plan_of(sqlite_services, Filters(agent_id=1, sight=sight, words="one", states=tuple(State)))
        assert "ix_tickets_queue" not in plan
        assert "USING INTEGER PRIMARY KEY (rowid=?)" in plan


def plan_of(services: Services, filters: Filters) -> str:
    with reading(services.sessions) as session:
        page = queue.page_ids(queue.conditions(session, filters), filters, 25)
        sql = str(page.compile(session.get_bind(), compile_kwargs={"literal_binds": True}))
        return str(session.execute(text(f"EXPLAIN QUERY PLAN {sql}")).all())


def add_people_and_many(services: Services) -> None:
    with writing(services.sessions) as session:
        rows.add_people(session)
    add_many(services, 50)


def test_a_held_mails_words_find_nothing(filled: Services) -> None:
    with writing(filled.sessions) as session:
        ticket = rows.add_ticket(session, "Held")
        rows.add_held(filled, session, ticket)
    assert subjects(filled, words="KANARIENVOGEL") == []


def test_reassigning_shows_at_once(filled: Services) -> None:
    with writing(filled.sessions) as session:
        session.execute(update(Ticket).values(owner_id=agent_id(filled)))
    assert subjects(filled, owner=Owner.MINE) == OPEN
